import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import type { StoredNeed } from '../domain/need.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { NeedStore } from '../ports/need-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { fromStoredNeed, type NeedDocument, needModel, toStoredNeed } from './need-schema.js';
import { outboxOf, outboxPush } from './outbox.js';

type Outcome = Parameters<NeedStore['settle']>[2];

/** Needs in MongoDB. Each change is one conditional update of one document. */
export class MongoNeedStore implements NeedStore {
  readonly #model: Model<NeedDocument>;

  constructor(connection: Connection) {
    this.#model = needModel(connection);
  }

  async insert(need: StoredNeed, changes: readonly Change[]): ReturnType<NeedStore['insert']> {
    return guarded(async () => {
      try {
        await this.#model.create({ ...fromStoredNeed(need), ...outboxOf(changes) });
        return { inserted: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const existing = await this.#read(need.id);
      // Needs are never removed, so one that blocked the insert can only be missing on a lagging member.
      if (existing === null) throw new AppError('storeUnavailable');
      return { inserted: false, existing };
    });
  }

  async get(id: string): Promise<StoredNeed | null> {
    return guarded(() => this.#read(id));
  }

  async replace(
    need: StoredNeed,
    expectedVersion: number,
    changes: readonly Change[],
    from?: Parameters<NeedStore['replace']>[3],
  ): ReturnType<NeedStore['replace']> {
    const standing: QueryFilter<NeedDocument> =
      from === undefined
        ? {}
        : {
            'matching.resultId': from.resultId,
            'matching.sequence': from.sequence === 0 ? { $in: [0, null] } : from.sequence,
          };
    return guarded(async () => {
      const { _id, ...fields } = fromStoredNeed(need);
      const changed = await this.#model.updateOne(
        { _id, version: expectedVersion, ...standing },
        { $set: fields, ...outboxPush(changes) },
      );
      if (changed.matchedCount === 1) return { outcome: 'replaced' };
      const current = await this.#model.findById(_id, { version: 1 }).lean();
      return current === null ? { outcome: 'missing' } : { outcome: 'stale', currentVersion: current.version };
    });
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): ReturnType<NeedStore['list']> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const filter: QueryFilter<NeedDocument> = {
      ...(countyAdcode === null ? {} : { 'need.firm.countyAdcode': countyAdcode }),
      ...(after !== null && {
        $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }],
      }),
    };
    return guarded(async () => {
      const documents = await this.#model
        .find(filter)
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean();
      const items = documents.slice(0, limit).map(toStoredNeed);
      const last = items.at(-1);
      return { items, nextCursor: documents.length > limit && last !== undefined ? encodeCursor(last) : null };
    });
  }

  async settle(id: string, version: number, outcome: Outcome): Promise<boolean> {
    return guarded(async () => {
      if (outcome.status === 'failed') return this.#fail(id, version, outcome);
      const { at, resultId, from, announced, sequence, changes } = outcome;
      const moved = await this.#model.updateOne(
        {
          _id: id,
          version,
          $and: [
            { 'matching.resultId': { $ne: resultId } },
            ...(from === undefined ? [] : [{ 'matching.resultId': from }]),
          ],
        },
        {
          $set: {
            'matching.status': 'ready',
            'matching.resultId': resultId,
            'matching.failure': null,
            'matching.announced': announced,
            'matching.sequence': sequence,
            ...(typeof from === 'string' && { 'matching.previousResultId': from }),
            touchedAt: at,
          },
          ...outboxPush(changes),
        },
      );
      if (moved.matchedCount === 1) return true;
      const there = await this.#model.findById(id, { version: 1, 'matching.resultId': 1 }).lean();
      return there !== null && there.version === version && there.matching?.resultId === resultId;
    });
  }

  async #fail(id: string, version: number, { at, failure }: Outcome & { readonly status: 'failed' }): Promise<boolean> {
    const changed = await this.#model.updateOne(
      // A job that failed late must not hide the result of one that went well.
      { _id: id, version, 'matching.status': { $ne: 'ready' } },
      {
        $set: {
          'matching.status': 'failed',
          'matching.resultId': null,
          'matching.failure': failure,
          touchedAt: at,
        },
      },
    );
    return changed.matchedCount === 1;
  }

  async settled(countyAdcode: Adcode | null, afterId: string | null, limit: number): Promise<readonly StoredNeed[]> {
    const filter: QueryFilter<NeedDocument> = {
      'matching.status': 'ready',
      ...(afterId !== null && { _id: { $gt: afterId } }),
      ...(countyAdcode !== null && { 'need.firm.countyAdcode': countyAdcode }),
    };
    return guarded(async () => {
      const documents = await this.#model.find(filter, { outbox: 0 }).sort({ _id: 1 }).limit(limit).lean();
      return documents.map(toStoredNeed);
    });
  }

  async changedSince(since: string, limit: number): ReturnType<NeedStore['changedSince']> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ touchedAt: { $gte: since } }, { outbox: 0 })
        .sort({ touchedAt: 1, _id: 1 })
        .limit(limit)
        .lean();
      return documents.map((document) => ({
        ...toStoredNeed(document),
        touchedAt: document.touchedAt ?? document.updatedAt,
      }));
    });
  }

  async pending(before: string, limit: number): ReturnType<NeedStore['pending']> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ 'matching.status': 'pending', updatedAt: { $lt: before } }, { version: 1 })
        .sort({ updatedAt: 1, _id: 1 })
        .limit(limit)
        .lean();
      return documents.map(({ _id, version }) => ({ needId: _id, version }));
    });
  }

  async #read(id: string): Promise<StoredNeed | null> {
    const document = await this.#model.findById(id).lean();
    return document === null ? null : toStoredNeed(document);
  }
}
