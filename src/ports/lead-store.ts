import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Lead, LeadParty, LeadStage } from '../domain/lead.js';
import type { Page } from './need-store.js';

/**
 * True if the county may see the lead: it is its source, or its host and the lead was pushed. A county that hosted it
 * before no longer does.
 */
export function leadVisibleTo(lead: Pick<Lead, 'sourceAdcode' | 'hostAdcode' | 'history'>, adcode: Adcode): boolean {
  return lead.sourceAdcode === adcode || (lead.hostAdcode === adcode && wasPushed(lead));
}

/** True once a lead has been pushed: a lead that was only registered, or ended before, is no host county's to see. */
export function wasPushed(lead: Pick<Lead, 'history'>): boolean {
  return lead.history.some(({ to }) => to === 'pushed');
}

/** Which leads; every condition given must hold. Nothing of a firm can be asked for. */
export interface LeadFilter {
  /** Leads this county may see, as `leadVisibleTo` says. Null: all. */
  readonly visibleTo: Adcode | null;
  readonly stage?: LeadStage;
  readonly needId?: string;
  readonly sourceAdcode?: Adcode;
  readonly hostAdcode?: Adcode;
  /** Its source or its host. */
  readonly county?: Adcode;
  readonly parkId?: string;
  /** Whose turn it is; `adcode` null: whatever the county. */
  readonly waitsFor?: { readonly parties: readonly LeadParty[]; readonly adcode: Adcode | null };
  /** By `createdAt`, ISO times, both included. */
  readonly from?: string;
  readonly to?: string;
}

/** Keeps leads. Each method is one atomic change of one document. Raises `storeUnavailable` when the store is away. */
export interface LeadStore {
  /** Stores a lead whose id is free; hands back the one that is there if it is not. */
  insert(
    lead: Lead,
    changes: readonly Change[],
  ): Promise<{ readonly inserted: true } | { readonly inserted: false; readonly existing: Lead }>;
  get(id: string): Promise<Lead | null>;
  /** Replaces the lead if it still has `expectedVersion`. */
  replace(lead: Lead, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
  /** Newest first, ordered by (createdAt, id). */
  list(filter: LeadFilter, cursor: string | null, limit: number): Promise<Page<Lead>>;
  /** Leads that wait for somebody, ordered by (dueAt, id), those without a limit last. */
  inbox(filter: LeadFilter, cursor: string | null, limit: number): Promise<Page<Lead>>;
  /** How many match, counted up to `atMost`. */
  count(filter: LeadFilter, atMost: number): Promise<number>;
  /** Every lead of a need. */
  ofNeed(needId: string): Promise<readonly Lead[]>;
  /** Ids of leads whose next clock event is due by `now`, soonest first. */
  clocksDue(now: string, limit: number): Promise<readonly string[]>;
  /** Ids of needs with a lead at `signed` or later (ended ones not): rematching leaves them alone. */
  signedNeeds(): Promise<readonly string[]>;
  /** Ids of leads whose claim is `placing` since before `before`. */
  unsettledClaims(before: string, limit: number): Promise<readonly string[]>;
}
