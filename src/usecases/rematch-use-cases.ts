import type { Adcode } from '../domain/county.js';
import type { HistoryEntry, RematchRun, RematchSchedule } from '../domain/rematch.js';
import type { Page } from '../ports/need-store.js';

/** A run with what people want to see of it. */
export interface RunView extends RematchRun {
  /** 0 to 100, one decimal; 100 only when done. */
  readonly percent: number;
  /** Needs a second over the time at work; null before the first. */
  readonly needsPerSecond: number | null;
}

/** Why answers changed, and runs of rematching, as the caller may see them. */
export interface RematchUseCases {
  /** @throws `notFound` for a need that is not the caller's. */
  readHistory(needId: string, cursor: string | null, limit: number): Promise<Page<HistoryEntry>>;
  /** Starts a full rematch of the caller's county, or of all from the province; the one under way where there is one. */
  startRematch(): Promise<RunView>;
  getRun(id: string): Promise<RunView>;
  listRuns(cursor: string | null, limit: number): Promise<Page<RunView>>;
  /** Of each county the caller sees, by its code; one without a schedule of its own has the default, and version 0. */
  listSchedules(): Promise<readonly RematchSchedule[]>;
  /** `expectedVersion` 0 is for a county's first. @throws `notFound` (no such county), `invalidInput` (cron that is none, or more often than hourly), `versionConflict`. */
  putSchedule(countyAdcode: Adcode, expectedVersion: number, cron: string): Promise<RematchSchedule>;
}
