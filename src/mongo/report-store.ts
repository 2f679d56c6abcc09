import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Report } from '../domain/report.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import type { Outbox } from '../ports/outbox.js';
import type { ReportStore } from '../ports/report-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { outboxOf, outboxPush } from './outbox.js';
import { fromReport, type ReportDocument, reportKey, reportModel, toReport } from './report-schema.js';

/** First reports in MongoDB: a row whose positions are keys. */
export class MongoReportStore implements ReportStore {
  readonly #model: Model<ReportDocument>;

  constructor(connection: Connection) {
    this.#model = reportModel(connection);
  }

  async lastPosition(): Promise<number> {
    return guarded(async () => {
      const last = await this.#model.findOne({}, { _id: 1 }).sort({ _id: -1 }).lean();
      return last === null ? 0 : Number(last._id);
    });
  }

  async append(report: Report, changes: readonly Change[]): ReturnType<ReportStore['append']> {
    return guarded(async () => {
      // The position after the last one read is free or taken: a report of this need stands before it, or at it.
      const before = await this.#ofNeed(report.needId);
      if (before !== null) return { outcome: 'reported', existing: before };
      try {
        await this.#model.create({ ...fromReport(report), ...outboxOf(changes) });
        return { outcome: 'appended' };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const existing = await this.#ofNeed(report.needId);
      return existing === null ? { outcome: 'positionTaken' } : { outcome: 'reported', existing };
    });
  }

  async get(id: string): Promise<Report | null> {
    return guarded(async () => {
      const document = await this.#model.findOne({ reportId: id }).lean();
      return document === null ? null : toReport(document);
    });
  }

  async ofNeed(needId: string): Promise<Report | null> {
    return guarded(() => this.#ofNeed(needId));
  }

  async protectedAt(now: string, upToPosition: number): Promise<readonly Report[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find({
          _id: { $lte: reportKey(upToPosition) },
          protectedUntil: { $gte: now },
          standing: { $in: ['first', 'candidate'] },
        })
        .sort({ _id: 1 })
        .lean();
      return documents.map(toReport);
    });
  }

  async replace(report: Report, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      const { _id, ...fields } = fromReport(report);
      const changed = await this.#model.updateOne(
        { _id, version: expectedVersion },
        { $set: fields, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }

  async undecided(sourceAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<Report>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const filter: QueryFilter<ReportDocument> = {
      standing: 'candidate',
      decision: null,
      ...(sourceAdcode === null ? {} : { sourceAdcode }),
      ...(after === null ? {} : { _id: { $gt: after.id } }),
    };
    return guarded(async () => {
      const documents = await this.#model
        .find(filter)
        .sort({ _id: 1 })
        .limit(limit + 1)
        .lean();
      const shown = documents.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(toReport),
        nextCursor:
          documents.length > limit && last !== undefined
            ? encodeCursor({ createdAt: last.reportedAt, id: last._id })
            : null,
      };
    });
  }

  async #ofNeed(needId: string): Promise<Report | null> {
    const document = await this.#model.findOne({ needId }).lean();
    return document === null ? null : toReport(document);
  }
}

/** The outboxes of reports, by their ids: a report's document has its position for a key. */
export class MongoReportOutbox implements Outbox {
  readonly #model: Model<ReportDocument>;

  constructor(connection: Connection) {
    this.#model = reportModel(connection);
  }

  async of(objectIds: readonly string[]): Promise<readonly Change[]> {
    if (objectIds.length === 0) return [];
    return guarded(async () => {
      const documents = await this.#model.find({ reportId: { $in: [...objectIds] } }, { outbox: 1 }).lean();
      return documents.flatMap(({ outbox }) => outbox ?? []);
    });
  }

  async waiting(limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find({ 'outbox.id': { $gt: '' } }, { reportId: 1 })
        .limit(limit)
        .lean();
      return documents.map(({ reportId }) => reportId);
    });
  }

  async remove(changes: readonly Change[]): Promise<void> {
    await guarded(async () => {
      for (const { id, object } of changes) {
        await this.#model.updateOne({ reportId: object.id }, { $pull: { outbox: { id } } });
      }
    });
  }
}
