import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import { AppError } from '../domain/errors.js';
import { type Lead, SIGNED_STAGES } from '../domain/lead.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { LeadFilter, LeadStore } from '../ports/lead-store.js';
import type { Page } from '../ports/need-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { fromLead, type LeadDocument, leadModel, toLead } from './lead-schema.js';
import { outboxOf, outboxPush } from './outbox.js';

/** Leads in MongoDB. Each change is one conditional update of one document. */
export class MongoLeadStore implements LeadStore {
  readonly #model: Model<LeadDocument>;

  constructor(connection: Connection) {
    this.#model = leadModel(connection);
  }

  async insert(lead: Lead, changes: readonly Change[]): ReturnType<LeadStore['insert']> {
    return guarded(async () => {
      try {
        await this.#model.create({ ...fromLead(lead), ...outboxOf(changes) });
        return { inserted: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const existing = await this.#model.findById(lead.id).lean();
      // Leads are never removed, so one that blocked the insert can only be missing on a lagging member.
      if (existing === null) throw new AppError('storeUnavailable');
      return { inserted: false, existing: toLead(existing) };
    });
  }

  async get(id: string): Promise<Lead | null> {
    return guarded(async () => {
      const document = await this.#model.findById(id).lean();
      return document === null ? null : toLead(document);
    });
  }

  async replace(lead: Lead, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      const { _id, ...fields } = fromLead(lead);
      const changed = await this.#model.updateOne(
        { _id, version: expectedVersion },
        { $set: fields, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }

  async list(filter: LeadFilter, cursor: string | null, limit: number): Promise<Page<Lead>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const conditions = conditionsOf(filter);
    if (after !== null) {
      conditions.push({
        $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }],
      });
    }
    return guarded(async () => {
      const documents = await this.#model
        .find(allOf(conditions))
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean();
      return pageOf(documents, limit, ({ _id, createdAt }) => ({ createdAt, id: _id }));
    });
  }

  async inbox(filter: LeadFilter, cursor: string | null, limit: number): Promise<Page<Lead>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const conditions = [...conditionsOf(filter), { waitsFor: { $ne: null } }];
    if (after !== null) {
      const { createdAt: dueOrder, id } = after;
      conditions.push({ $or: [{ dueOrder: { $gt: dueOrder } }, { dueOrder, _id: { $gt: id } }] });
    }
    return guarded(async () => {
      const documents = await this.#model
        .find(allOf(conditions))
        .sort({ dueOrder: 1, _id: 1 })
        .limit(limit + 1)
        .lean();
      return pageOf(documents, limit, ({ _id, dueOrder }) => ({ createdAt: dueOrder, id: _id }));
    });
  }

  async count(filter: LeadFilter, atMost: number): Promise<number> {
    // MongoDB takes a limit of 0 for none.
    if (atMost <= 0) return 0;
    return guarded(() => this.#model.countDocuments(allOf(conditionsOf(filter)), { limit: atMost }));
  }

  async ofNeed(needId: string): Promise<readonly Lead[]> {
    return guarded(async () => {
      const documents = await this.#model.find({ needId }).sort({ createdAt: 1, _id: 1 }).lean();
      return documents.map(toLead);
    });
  }

  async clocksDue(now: string, limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ nextClockAt: { $ne: null, $lte: now } }, { _id: 1 })
        .sort({ nextClockAt: 1, _id: 1 })
        .limit(limit)
        .lean();
      return documents.map(({ _id }) => _id);
    });
  }

  async signedNeeds(): Promise<readonly string[]> {
    return guarded(async () => {
      const documents = await this.#model.find({ stage: { $in: [...SIGNED_STAGES] } }, { needId: 1 }).lean();
      return [...new Set(documents.map(({ needId }) => needId))].sort();
    });
  }

  async unsettledClaims(before: string, limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ 'claim.state': 'placing', 'claim.at': { $lt: before } }, { _id: 1 })
        .sort({ 'claim.at': 1, _id: 1 })
        .limit(limit)
        .lean();
      return documents.map(({ _id }) => _id);
    });
  }
}

type Conditions = QueryFilter<LeadDocument>[];

function allOf(conditions: Conditions): QueryFilter<LeadDocument> {
  return conditions.length === 0 ? {} : { $and: conditions };
}

function conditionsOf(filter: LeadFilter): Conditions {
  const { visibleTo, county, waitsFor, from, to, ...equal } = filter;
  const conditions: Conditions = [];
  for (const [field, value] of Object.entries(equal)) if (value !== undefined) conditions.push({ [field]: value });
  if (visibleTo !== null)
    conditions.push({ $or: [{ sourceAdcode: visibleTo }, { hostAdcode: visibleTo, pushed: true }] });
  if (county !== undefined) conditions.push({ $or: [{ sourceAdcode: county }, { hostAdcode: county }] });
  if (waitsFor !== undefined) {
    conditions.push({ 'waitsFor.party': { $in: [...waitsFor.parties] } });
    if (waitsFor.adcode !== null) conditions.push({ 'waitsFor.adcode': waitsFor.adcode });
  }
  if (from !== undefined) conditions.push({ createdAt: { $gte: from } });
  if (to !== undefined) conditions.push({ createdAt: { $lte: to } });
  return conditions;
}

function pageOf(
  documents: readonly LeadDocument[],
  limit: number,
  positionOf: (document: LeadDocument) => { readonly createdAt: string; readonly id: string },
): Page<Lead> {
  const shown = documents.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toLead),
    nextCursor: documents.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null,
  };
}
