import type { Adcode } from '../domain/county.js';
import type { Factor } from '../domain/factors.js';
import type { Hold, HoldAmounts, WaitEntry } from '../domain/hold.js';
import type { Lead, LeadMove, LeadStage, MoveRefusal, MoveRequest } from '../domain/lead.js';
import type { BlindProfile, FunnelBy, FunnelRow, ShareSimulation } from '../domain/lead-reports.js';
import type { GateReport, RankedPark } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import type { DuplicateCandidate } from '../domain/report.js';
import type { Scheme } from '../domain/scheme.js';
import type { Page } from '../ports/need-store.js';
import type { EndpointView } from './webhook-use-cases.js';

/** A lead as the caller may see it. */
export interface LeadView {
  readonly lead: Lead;
  /** True while the caller must not know the firm: `firm`, `title` and `description` are null then. */
  readonly blind: boolean;
  readonly profile: BlindProfile;
  readonly firm: Need['firm'] | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly overdue: boolean;
  /** Moves of the lead's stage that are the caller's to make, and what still stands against each. */
  readonly moves: readonly { readonly move: LeadMove; readonly refusals: readonly MoveRefusal[] }[];
}

/** A report as its county and the coordinator see it. Of other counties' reports it shows no firm. */
export interface ReportView {
  readonly id: string;
  readonly needId: string;
  readonly sourceAdcode: Adcode;
  readonly standing: 'first' | 'candidate' | 'displaced';
  readonly reportedAt: string;
  readonly protectedUntil: string;
  readonly candidates: readonly DuplicateCandidate[];
  readonly decision: { readonly at: string; readonly outcome: 'stands' | 'duplicate'; readonly reason: string } | null;
  readonly version: number;
}

/** One thing that waits for the caller. */
export type InboxItem =
  | { readonly kind: 'lead'; readonly dueAt: string | null; readonly overdue: boolean; readonly view: LeadView }
  | { readonly kind: 'report'; readonly dueAt: null; readonly overdue: false; readonly report: ReportView }
  /** The service has stopped sending to one of the caller's endpoints. */
  | { readonly kind: 'endpoint'; readonly dueAt: null; readonly overdue: false; readonly endpoint: EndpointView };

/** 一项目一方案: everything about one lead on one page. */
export interface PlanView {
  readonly view: LeadView;
  readonly scheme: Pick<Scheme, 'id' | 'version' | 'title'>;
  /** Null where the need has no result, or the park is not in it. */
  readonly match: Pick<RankedPark, 'rank' | 'score' | 'status' | 'contributions' | 'chainFit'> | null;
  /** Gates that failed or are unknown, with their ways out. */
  readonly openGates: readonly GateReport[];
  readonly policies: readonly {
    readonly id: string;
    readonly title: string;
    readonly instrument: string;
    /** As the source states it; null is shown as 以当地文件为准. */
    readonly amountText: string | null;
    /** Most a firm gets in a year, 万元; null where no source says. */
    readonly maxWanPerYear: number | null;
    readonly conditions: string | null;
    readonly source: string;
    readonly basis: string;
  }[];
  readonly hold: Hold | null;
  readonly waiting: WaitEntry | null;
  readonly people: readonly {
    readonly party: 'source' | 'host' | 'coordinator';
    readonly displayNames: readonly string[];
  }[];
  readonly share: ShareSimulation;
  /** The first allowed move of whoever's turn it is, and by when. */
  readonly nextStep: {
    readonly party: 'source' | 'host' | 'coordinator';
    readonly adcode: Adcode | null;
    readonly moves: readonly LeadMove[];
    readonly dueAt: string | null;
  } | null;
}

export interface FunnelView {
  readonly by: FunnelBy;
  readonly from: string;
  readonly to: string;
  readonly rows: readonly FunnelRow[];
  readonly total: FunnelRow;
  /** The documented figures to compare with: 50 pushed, 4 landed. */
  readonly baseline: {
    readonly pushed: number;
    readonly landed: number;
    readonly landedRate: number;
    readonly source: string;
  };
  /** Leads counted, and whether more lay beyond the limit. */
  readonly counted: number;
  readonly truncated: boolean;
}

/** A park's capacity as the caller may see it: amounts for everybody, leads only of those it may see. */
export interface CapacityView {
  readonly parkId: string;
  readonly version: number;
  readonly capacityVersion: number;
  readonly parcels: readonly {
    readonly parcelId: string;
    readonly areaMu: number;
    readonly heldMu: number;
    readonly freeMu: number;
  }[];
  readonly factors: readonly {
    readonly factor: Factor;
    readonly stock: number | null;
    readonly held: number;
    readonly free: number | null;
    readonly unit: string;
  }[];
  readonly holds: readonly (Omit<Hold, 'leadId'> & { readonly leadId: string | null })[];
  readonly waiting: readonly (Omit<WaitEntry, 'leadId'> & { readonly leadId: string | null })[];
}

/** What came of asking for a hold. */
export type HoldOutcome =
  | { readonly status: 'held'; readonly hold: Hold; readonly parkId: string; readonly lead: Lead }
  | {
      readonly status: 'waiting';
      readonly entry: WaitEntry;
      readonly position: number;
      readonly parkId: string;
      readonly lead: Lead;
    };

export interface HoldRequest {
  readonly kind: 'soft' | 'firm';
  /** Absent: what the pushed version of the need asks for, the land on the smallest parcels that hold it. */
  readonly amounts?: HoldAmounts;
  /** Whether to join the waitlist where not all is free. */
  readonly wait: boolean;
}

/** Leads, holds and what is read from them, as the caller may see them; what is not the caller's is `notFound`. */
export interface LeadUseCases {
  /**
   * Reports the need (once), registers a lead for each park's county and pushes those that may be pushed. Asking again
   * for the same need and county gives the open lead there is.
   * @throws `invalidInput` (parkIds), `notFound` (need).
   */
  registerLeads(input: {
    readonly needId: string;
    readonly parkIds: readonly string[];
    readonly note: string | null;
  }): Promise<{
    readonly report: ReportView;
    readonly leads: readonly LeadView[];
  }>;
  listLeads(
    filter: {
      readonly stage?: LeadStage;
      readonly needId?: string;
      readonly county?: Adcode;
      readonly from?: string;
      readonly to?: string;
    },
    cursor: string | null,
    limit: number,
  ): Promise<Page<LeadView>>;
  getLead(id: string): Promise<LeadView>;
  /** @throws `versionConflict`, `moveRefused` (issues: field `move`, the refusals' codes), `invalidInput`. */
  moveLead(id: string, expectedVersion: number, request: MoveRequest): Promise<LeadView>;
  readPlan(id: string): Promise<PlanView>;
  readInbox(cursor: string | null, limit: number): Promise<Page<InboxItem>>;
  readFunnel(input: { readonly by: FunnelBy; readonly from: string; readonly to: string }): Promise<FunnelView>;
  getReport(id: string): Promise<ReportView>;
  /** A coordinator overrules (`stands`) or confirms (`duplicate`) a candidate, with a reason. */
  decideReport(
    id: string,
    expectedVersion: number,
    decision: { readonly outcome: 'stands' | 'duplicate'; readonly reason: string },
  ): Promise<ReportView>;
  listSchemes(): Promise<readonly Scheme[]>;
  /** Publishes the next version of a scheme; leads under way keep theirs. */
  publishScheme(id: string, expectedVersion: number, next: Pick<Scheme, 'title' | 'from' | 'rules'>): Promise<Scheme>;

  /**
   * Places a hold for the lead in its park, makes a soft one firm, or joins the waitlist: all or nothing.
   * @throws `capacityShort`, `holdRefused` (stage, another hold), `moveRefused` is not raised here.
   */
  placeHold(leadId: string, request: HoldRequest): Promise<HoldOutcome>;
  /** @throws `holdRefused` (extended twice, run out), `notFound`. */
  extendHold(holdId: string, reason: string): Promise<Hold>;
  releaseHold(holdId: string): Promise<void>;
  readCapacity(parkId: string): Promise<CapacityView>;
}
