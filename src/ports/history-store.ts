import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import type { HistoryEntry, RematchRun, RematchSchedule, ResultOutline } from '../domain/rematch.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Page } from './need-store.js';

/** Entries, or runs, one page holds at most, whatever is asked for. */
export const HISTORY_PAGE_MAX = 100;

/** An entry on its way into the store: texts, as they were made where the need was matched. */
export interface HistoryStep extends Omit<HistoryEntry, 'difference'> {
  /** As JSON. */
  readonly difference: string | null;
  /** `outlineText` of the result it leads to; null where that is stored whole. */
  readonly outline: string | null;
}

/** An entry as a step, without an outline. */
export function stepOf({ difference, ...entry }: HistoryEntry): HistoryStep {
  return { ...entry, difference: difference === null ? null : JSON.stringify(difference), outline: null };
}

/** Where the step to a result stands in its need's history. */
export interface StepPlace {
  readonly resultId: string;
  readonly position: number;
}

/**
 * Keeps what rematching changed, need by need, and with it the outlines of results that were not whole at first: one
 * document for both. Raises `storeUnavailable` when the store is away.
 */
export interface HistoryStore {
  /**
   * Writes at (need, position) if that is free. True where the entry stands there: the same `toResultId` again changes
   * nothing. Positions are without gaps: write at 1, or after the last.
   */
  append(step: HistoryStep): Promise<boolean>;
  /** `append` of many entries, of a need each; what it gives for each, in their order. */
  appendMany(steps: readonly HistoryStep[]): Promise<readonly boolean[]>;
  /** The outline a step to this result brought, whether the result was made whole since or not; null where none did. */
  outline(resultId: string): Promise<ResultOutline | null>;
  /**
   * `outline` of many results, by result, where the steps to them are thought to stand; null where the step brought none.
   * Absent where another step or none stands there, or what stands there cannot be read: `outline` says what is true.
   */
  outlines(places: readonly StepPlace[]): Promise<ReadonlyMap<string, ResultOutline | null>>;
  /** The newest entry; null where there is none. */
  last(needId: string): Promise<HistoryEntry | null>;
  /** Newest first. */
  list(needId: string, cursor: string | null, limit: number): Promise<Page<HistoryEntry>>;
}

/** The cursor behind an entry. */
export function historyCursor({ at, position }: Pick<HistoryEntry, 'at' | 'position'>): string {
  return encodeCursor({ createdAt: at, id: String(position) });
}

/**
 * The position behind which the next page begins.
 * @throws AppError `invalidInput` with the issue `cursor: badCursor` for what `historyCursor` did not make.
 */
export function positionOfHistoryCursor(cursor: string): number {
  const { id } = decodeCursor(cursor);
  if (/^[1-9]\d{0,8}$/.test(id)) return Number(id);
  throw new AppError('invalidInput', { issues: [{ field: 'cursor', code: 'badCursor' }] });
}

/**
 * Keeps runs of rematching and when they are due. `changes` tell who asked for it; what the service does by itself
 * leaves none. Raises `storeUnavailable` when the store is away.
 */
export interface RematchRunStore {
  /** False where the id is taken. */
  insert(run: RematchRun, changes: readonly Change[]): Promise<boolean>;
  get(id: string): Promise<RematchRun | null>;
  /** Moves a run on; only forward: `done` never falls, and what has ended stays as it is. Its changes wait on. */
  progress(run: RematchRun): Promise<void>;
  /** Runs that are not finished, oldest first. */
  unfinished(): Promise<readonly RematchRun[]>;
  /** Newest first. With a county: its runs and those of all needs; null for every run. */
  list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<RematchRun>>;
  /** By county. */
  schedules(): Promise<readonly RematchSchedule[]>;
  /** Stores a schedule of a version one higher than `expectedVersion`, which is 0 for the first; false where it stands elsewhere. */
  putSchedule(schedule: RematchSchedule, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
}
