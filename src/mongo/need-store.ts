import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import type { StoredNeed } from '../domain/need.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { NeedStore, ReadyNeed } from '../ports/need-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { fromStoredNeed, type NeedDocument, needModel, toStoredNeed } from './need-schema.js';
import { outboxOf, outboxPush } from './outbox.js';

type Outcome = Parameters<NeedStore['settle']>[2];

/** The conditional update that points a need at its result. */
function settling(id: string, version: number, ready: ReadyNeed) {
  const { at, resultId, from, announced, sequence, steps, changes } = ready;
  return {
    filter: {
      _id: id,
      version,
      $and: [
        { 'matching.resultId': { $ne: resultId } },
        ...(from === undefined ? [] : [{ 'matching.resultId': from }]),
      ],
    },
    update: {
      $set: {
        'matching.status': 'ready' as const,
        'matching.resultId': resultId,
        'matching.failure': null,
        'matching.announced': announced,
        'matching.sequence': sequence,
        ...(typeof from === 'string' && { 'matching.previousResultId': from }),
        ...(steps !== undefined && { 'matching.steps': steps }),
        touchedAt: at,
      },
      ...outboxPush(changes),
    },
  };
}

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
      ...(countyAdcode === null ? {} : { countyAdcode }),
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
      const { filter, update } = settling(id, version, outcome);
      const moved = await this.#model.updateOne(filter, update);
      return moved.matchedCount === 1 || (await this.#pointing([{ id, version, outcome }]))[0] === true;
    });
  }

  async settleMany(needs: Parameters<NeedStore['settleMany']>[0]): Promise<readonly boolean[]> {
    if (needs.length === 0) return [];
    return guarded(async () => {
      const operations = needs.map(({ id, version, outcome }) => ({ updateOne: settling(id, version, outcome) }));
      // As the driver sends it: the update is made here, and casting many of them again would cost as much as writing.
      const moved = await this.#model.collection.bulkWrite(operations as never, { ordered: false });
      return moved.matchedCount === needs.length ? needs.map(() => true) : this.#pointing(needs);
    });
  }

  /** Which of them have the version and point at the result by now. */
  async #pointing(needs: Parameters<NeedStore['settleMany']>[0]): Promise<readonly boolean[]> {
    const documents = await this.#model
      .find({ _id: { $in: needs.map(({ id }) => id) } })
      .select({ version: 1, 'matching.resultId': 1 })
      .lean<NeedDocument[]>();
    const there = new Map(documents.map((document) => [document._id, document]));
    return needs.map(({ id, version, outcome }) => {
      const document = there.get(id);
      return document?.version === version && document.matching?.resultId === outcome.resultId;
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
      ...(countyAdcode !== null && { countyAdcode }),
    };
    return guarded(async () => {
      const documents = await this.#model.find(filter, { outbox: 0 }).sort({ _id: 1 }).limit(limit).lean();
      return documents.map(toStoredNeed);
    });
  }

  async changedSince(since: string, limit: number): ReturnType<NeedStore['changedSince']> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ touchedAt: { $gte: since } })
        .select({ version: 1, updatedAt: 1, touchedAt: 1, 'matching.status': 1, 'matching.resultId': 1 })
        .sort({ touchedAt: 1, _id: 1 })
        .limit(limit)
        .lean<NeedDocument[]>();
      return documents.map(({ _id, version, matching, touchedAt, updatedAt }) => ({
        id: _id,
        version,
        matching: { status: matching.status, resultId: matching.resultId ?? null },
        touchedAt: touchedAt ?? updatedAt,
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
