import type { HistoryEntry, RematchRun, RematchSchedule } from '../domain/rematch.js';
import type { Page } from './need-store.js';

/** Keeps what rematching changed, run by run and need by need. Raises `storeUnavailable` when the store is away. */
export interface HistoryStore {
  /** Writes at (need, position) if that is free; the same `toResultId` again changes nothing. */
  append(entry: HistoryEntry): Promise<boolean>;
  lastPosition(needId: string): Promise<number>;
  /** Newest first. */
  list(needId: string, cursor: string | null, limit: number): Promise<Page<HistoryEntry>>;
}

export interface RematchRunStore {
  /** False where the id is taken. */
  insert(run: RematchRun): Promise<boolean>;
  get(id: string): Promise<RematchRun | null>;
  /** Moves a run on; only forward (`done` never falls). */
  progress(run: RematchRun): Promise<void>;
  /** Runs that are not finished. */
  unfinished(): Promise<readonly RematchRun[]>;
  /** Newest first. */
  list(cursor: string | null, limit: number): Promise<Page<RematchRun>>;
  schedules(): Promise<readonly RematchSchedule[]>;
  putSchedule(schedule: RematchSchedule, expectedVersion: number): Promise<boolean>;
}
