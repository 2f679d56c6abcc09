import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { RematchRun, RematchSchedule } from '../domain/rematch.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import { HISTORY_PAGE_MAX, type RematchRunStore } from '../ports/history-store.js';
import type { Page } from '../ports/need-store.js';
import { joinOutboxes, type Outbox } from '../ports/outbox.js';
import { guarded, isDuplicateKey } from './errors.js';
import { MongoOutbox, outboxOf, outboxPush } from './outbox.js';
import {
  fromRematchRun,
  REMATCH_RUNS,
  REMATCH_SCHEDULES,
  type RematchRunDocument,
  type RematchScheduleDocument,
  rematchRunModels,
  toRematchRun,
} from './rematch-run-schema.js';

/** The outboxes of runs and schedules as one; a schedule goes by its county. */
export function mongoRematchOutbox(connection: Connection): Outbox {
  return joinOutboxes([new MongoOutbox(connection, REMATCH_RUNS), new MongoOutbox(connection, REMATCH_SCHEDULES)]);
}

/** Runs and schedules in MongoDB. */
export class MongoRematchRunStore implements RematchRunStore {
  readonly #runs: Model<RematchRunDocument>;
  readonly #schedules: Model<RematchScheduleDocument>;

  constructor(connection: Connection) {
    const { runs, schedules } = rematchRunModels(connection);
    this.#runs = runs;
    this.#schedules = schedules;
  }

  async insert(run: RematchRun, changes: readonly Change[]): Promise<boolean> {
    return guarded(() => inserted(() => this.#runs.create({ ...fromRematchRun(run), ...outboxOf(changes) })));
  }

  async get(id: string): Promise<RematchRun | null> {
    return guarded(async () => {
      const document = await this.#runs.findById(id).lean();
      return document === null ? null : toRematchRun(document);
    });
  }

  async progress(run: RematchRun): Promise<void> {
    const { _id, ...fields } = fromRematchRun(run);
    await guarded(() =>
      this.#runs.updateOne({ _id, state: { $in: ['waiting', 'running'] }, done: { $lte: run.done } }, { $set: fields }),
    );
  }

  async unfinished(): Promise<readonly RematchRun[]> {
    return guarded(async () => {
      const documents = await this.#runs
        .find({ state: { $in: ['waiting', 'running'] } })
        .sort({ startedAt: 1, _id: 1 })
        .lean();
      return documents.map(toRematchRun);
    });
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<RematchRun>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const size = Math.min(limit, HISTORY_PAGE_MAX);
    const filter: QueryFilter<RematchRunDocument> = {
      ...(countyAdcode === null ? {} : { countyAdcode: { $in: [null, countyAdcode] } }),
      ...(after !== null && {
        $or: [{ startedAt: { $lt: after.createdAt } }, { startedAt: after.createdAt, _id: { $lt: after.id } }],
      }),
    };
    return guarded(async () => {
      const documents = await this.#runs
        .find(filter)
        .sort({ startedAt: -1, _id: -1 })
        .limit(size + 1)
        .lean();
      const items = documents.slice(0, size).map(toRematchRun);
      const last = items.at(-1);
      const more = documents.length > size && last !== undefined;
      return { items, nextCursor: more ? encodeCursor({ createdAt: last.startedAt, id: last.id }) : null };
    });
  }

  async schedules(): Promise<readonly RematchSchedule[]> {
    return guarded(async () => {
      const documents = await this.#schedules.find({}).sort({ _id: 1 }).lean();
      return documents.map(({ _id, cron, version }) => ({ countyAdcode: _id, cron, version }));
    });
  }

  async putSchedule(
    { countyAdcode, cron, version }: RematchSchedule,
    expectedVersion: number,
    changes: readonly Change[],
  ): Promise<boolean> {
    return guarded(async () => {
      if (expectedVersion === 0) {
        return inserted(() => this.#schedules.create({ _id: countyAdcode, cron, version, ...outboxOf(changes) }));
      }
      const changed = await this.#schedules.updateOne(
        { _id: countyAdcode, version: expectedVersion },
        { $set: { cron, version }, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }
}

/** False where the id is taken. */
async function inserted(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
