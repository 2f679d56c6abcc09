import type { Change } from '../domain/change.js';
import { NEVER } from '../domain/hold.js';
import { type Lead, SIGNED_STAGES } from '../domain/lead.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import { type LeadFilter, type LeadStore, leadVisibleTo } from '../ports/lead-store.js';
import type { Page } from '../ports/need-store.js';
import { MemoryOutbox } from './outbox.js';

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
const dueOrder = (lead: Lead): string => lead.waitsFor?.dueAt ?? NEVER;

/** Keeps leads in this process. Hands out copies, so that nobody can change what is kept. */
export class MemoryLeadStore implements LeadStore {
  readonly outbox = new MemoryOutbox();
  readonly #leads = new Map<string, Lead>();

  async insert(lead: Lead, changes: readonly Change[]): ReturnType<LeadStore['insert']> {
    const existing = this.#leads.get(lead.id);
    if (existing !== undefined) return { inserted: false, existing: structuredClone(existing) };
    this.#put(lead, changes);
    return { inserted: true };
  }

  async get(id: string): Promise<Lead | null> {
    const lead = this.#leads.get(id);
    return lead === undefined ? null : structuredClone(lead);
  }

  async replace(lead: Lead, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    if (this.#leads.get(lead.id)?.version !== expectedVersion) return false;
    this.#put(lead, changes);
    return true;
  }

  async list(filter: LeadFilter, cursor: string | null, limit: number): Promise<Page<Lead>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const newestFirst = this.#matching(filter)
      .filter(
        (lead) =>
          after === null ||
          lead.createdAt < after.createdAt ||
          (lead.createdAt === after.createdAt && lead.id < after.id),
      )
      .sort((left, right) => byText(right.createdAt, left.createdAt) || byText(right.id, left.id));
    return pageOf(newestFirst, limit, (lead) => lead.createdAt);
  }

  async inbox(filter: LeadFilter, cursor: string | null, limit: number): Promise<Page<Lead>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const soonestFirst = this.#matching(filter)
      .filter(
        (lead) =>
          lead.waitsFor !== null &&
          (after === null ||
            dueOrder(lead) > after.createdAt ||
            (dueOrder(lead) === after.createdAt && lead.id > after.id)),
      )
      .sort((left, right) => byText(dueOrder(left), dueOrder(right)) || byText(left.id, right.id));
    return pageOf(soonestFirst, limit, dueOrder);
  }

  async count(filter: LeadFilter, atMost: number): Promise<number> {
    return Math.min(Math.max(0, atMost), this.#matching(filter).length);
  }

  async ofNeed(needId: string): Promise<readonly Lead[]> {
    return structuredClone(
      this.#matching({ visibleTo: null, needId }).sort(
        (left, right) => byText(left.createdAt, right.createdAt) || byText(left.id, right.id),
      ),
    );
  }

  async clocksDue(now: string, limit: number): Promise<readonly string[]> {
    return [...this.#leads.values()]
      .flatMap(({ id, nextClockAt }) => (nextClockAt === null || nextClockAt > now ? [] : [{ id, at: nextClockAt }]))
      .sort((left, right) => byText(left.at, right.at) || byText(left.id, right.id))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async signedNeeds(): Promise<readonly string[]> {
    const signed = [...this.#leads.values()].filter(({ stage }) => SIGNED_STAGES.includes(stage));
    return [...new Set(signed.map(({ needId }) => needId))].sort();
  }

  async unsettledClaims(before: string, limit: number): Promise<readonly string[]> {
    return [...this.#leads.values()]
      .flatMap(({ id, claim }) => (claim?.state === 'placing' && claim.at < before ? [{ id, at: claim.at }] : []))
      .sort((left, right) => byText(left.at, right.at) || byText(left.id, right.id))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  #put(lead: Lead, changes: readonly Change[]): void {
    this.#leads.set(lead.id, structuredClone(lead));
    this.outbox.push(lead.id, changes);
  }

  #matching(filter: LeadFilter): Lead[] {
    const { visibleTo, county, waitsFor, from, to, stage, needId, sourceAdcode, hostAdcode, parkId } = filter;
    return [...this.#leads.values()].filter(
      (lead) =>
        (visibleTo === null || leadVisibleTo(lead, visibleTo)) &&
        (stage === undefined || lead.stage === stage) &&
        (needId === undefined || lead.needId === needId) &&
        (sourceAdcode === undefined || lead.sourceAdcode === sourceAdcode) &&
        (hostAdcode === undefined || lead.hostAdcode === hostAdcode) &&
        (county === undefined || lead.sourceAdcode === county || lead.hostAdcode === county) &&
        (parkId === undefined || lead.parkId === parkId) &&
        (waitsFor === undefined ||
          (lead.waitsFor !== null &&
            waitsFor.parties.includes(lead.waitsFor.party) &&
            (waitsFor.adcode === null || lead.waitsFor.adcode === waitsFor.adcode))) &&
        (from === undefined || lead.createdAt >= from) &&
        (to === undefined || lead.createdAt <= to),
    );
  }
}

function pageOf(leads: readonly Lead[], limit: number, orderOf: (lead: Lead) => string): Page<Lead> {
  const items = structuredClone(leads.slice(0, limit));
  const last = items.at(-1);
  const more = leads.length > limit && last !== undefined;
  return { items, nextCursor: more ? encodeCursor({ createdAt: orderOf(last), id: last.id }) : null };
}
