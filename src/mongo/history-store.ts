import type { Connection, Model } from 'mongoose';
import type { HistoryEntry, ResultOutline } from '../domain/rematch.js';
import {
  HISTORY_PAGE_MAX,
  type HistoryStep,
  type HistoryStore,
  historyCursor,
  positionOfHistoryCursor,
  type StepPlace,
} from '../ports/history-store.js';
import type { Page } from '../ports/need-store.js';
import { readOutlineText } from '../ports/outline-text.js';
import { needOfResult, resultIdOf } from '../ports/result-store.js';
import { guarded, insertedNew, isDuplicateKey, malformed } from './errors.js';
import {
  fromHistoryStep,
  type HistoryDocument,
  historyModel,
  historyOf,
  historyPlace,
  toHistoryEntry,
} from './history-schema.js';

/** The search for the end of a history begins with steps of 1, 2, 4 … up to this. */
const FARTHEST_STEP = 4_096;

type OutlineDocument = Pick<HistoryDocument, '_id' | 'outline'>;

/**
 * The outline a step to the result brought; null where it brought none.
 * @throws AppError `internal`, or an error of reading JSON, where it is none or that of another result.
 */
function readOutline({ _id, outline: text }: OutlineDocument, resultId: string): ResultOutline | null {
  if (text === undefined) return null;
  const outline = readOutlineText(text);
  if (outline === null || resultIdOf(outline) !== resultId) throw malformed('needHistory', _id);
  return outline;
}

/** The same; undefined where it cannot be read. */
function readableOutline(document: OutlineDocument, resultId: string): ResultOutline | null | undefined {
  try {
    return readOutline(document, resultId);
  } catch {
    return undefined;
  }
}

/**
 * The history of needs in MongoDB, one document an entry. Everything is looked up by `_id`, which the embedded server too
 * finds without looking at all other needs' entries; positions are without gaps, so the last one can be searched for.
 */
export class MongoHistoryStore implements HistoryStore {
  readonly #model: Model<HistoryDocument>;

  constructor(connection: Connection) {
    this.#model = historyModel(connection);
  }

  async append(step: HistoryStep): Promise<boolean> {
    return guarded(async () => {
      const document = fromHistoryStep(step);
      try {
        await this.#model.create(document);
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const there = await this.#model.findById(document._id, { toResultId: 1 }).lean();
      return there?.toResultId === step.toResultId;
    });
  }

  async appendMany(steps: readonly HistoryStep[]): Promise<readonly boolean[]> {
    if (steps.length === 0) return [];
    return guarded(async () => {
      // As the driver sends them: they are made here, and casting hundreds of them would cost more than storing.
      const documents = steps.map(fromHistoryStep);
      const inserted = () => this.#model.collection.insertMany(documents as never, { ordered: false });
      if (await insertedNew(inserted)) return steps.map(() => true);
      const ids = documents.map(({ _id }) => _id);
      const there = await this.#model.find({ _id: { $in: ids } }, { toResultId: 1 }).lean();
      const standing = new Map(there.map(({ _id, toResultId }) => [_id, toResultId]));
      return documents.map(({ _id, toResultId }) => standing.get(_id) === toResultId);
    });
  }

  async outline(resultId: string): Promise<ResultOutline | null> {
    return guarded(async () => {
      const step = await this.#model
        .findOne({ _id: historyOf(needOfResult(resultId)), toResultId: resultId }, { outline: 1 })
        .sort({ _id: -1 })
        .lean();
      return step === null ? null : readOutline(step, resultId);
    });
  }

  async outlines(places: readonly StepPlace[]): Promise<ReadonlyMap<string, ResultOutline | null>> {
    const found = new Map<string, ResultOutline | null>();
    if (places.length === 0) return found;
    return guarded(async () => {
      const asked = new Map(
        places.map(({ resultId, position }) => [historyPlace(needOfResult(resultId), position), resultId]),
      );
      const there = await this.#model.find({ _id: { $in: [...asked.keys()] } }, { toResultId: 1, outline: 1 }).lean();
      for (const document of there) {
        const { _id, toResultId } = document;
        const outline = asked.get(_id) === toResultId ? readableOutline(document, toResultId) : undefined;
        if (outline !== undefined) found.set(toResultId, outline);
      }
      return found;
    });
  }

  async last(needId: string): Promise<HistoryEntry | null> {
    return guarded(async () => {
      const position = await this.#lastPosition(needId);
      if (position === 0) return null;
      const document = await this.#model.findById(historyPlace(needId, position), { outline: 0 }).lean();
      return document === null ? null : toHistoryEntry(document);
    });
  }

  async list(needId: string, cursor: string | null, limit: number): Promise<Page<HistoryEntry>> {
    const before = cursor === null ? null : positionOfHistoryCursor(cursor);
    return guarded(async () => {
      const newest = (before ?? (await this.#lastPosition(needId)) + 1) - 1;
      const count = Math.max(0, Math.min(limit, HISTORY_PAGE_MAX, newest));
      if (count === 0) return { items: [], nextCursor: null };
      const places = Array.from({ length: count }, (_, index) => historyPlace(needId, newest - index));
      const documents = await this.#model.find({ _id: { $in: places } }, { outline: 0 }).lean();
      const items = documents.map(toHistoryEntry).sort((left, right) => right.position - left.position);
      const last = items.at(-1);
      return { items, nextCursor: last !== undefined && last.position > 1 ? historyCursor(last) : null };
    });
  }

  /** 0 where there is none. Steps that double find the power of two below the end, then the same again from there. */
  async #lastPosition(needId: string): Promise<number> {
    let end = 0;
    let farthest = FARTHEST_STEP;
    while (farthest > 0) {
      const steps: number[] = [];
      for (let step = 1; step <= farthest; step *= 2) steps.push(step);
      const places = steps.map((step) => historyPlace(needId, end + step));
      const there = await this.#model.find({ _id: { $in: places } }, { position: 1 }).lean();
      const reached = Math.max(end, ...there.map(({ position }) => position));
      const step = reached - end;
      if (step === 0) return end;
      end = reached;
      // The place twice as far is free, unless nobody has looked there.
      farthest = step === FARTHEST_STEP ? FARTHEST_STEP : Math.floor(step / 2);
    }
    return end;
  }
}
