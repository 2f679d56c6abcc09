import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Report } from '../domain/report.js';
import type { Page } from './need-store.js';

/** Keeps first reports as one numbered row. Raises `storeUnavailable` when the store is away. */
export interface ReportStore {
  /** The last position written; 0 where there is none. */
  lastPosition(): Promise<number>;
  /** Writes at `report.position` if that is free and the need has no report yet. */
  append(
    report: Report,
    changes: readonly Change[],
  ): Promise<
    { readonly outcome: 'appended' | 'positionTaken' } | { readonly outcome: 'reported'; readonly existing: Report }
  >;
  get(id: string): Promise<Report | null>;
  ofNeed(needId: string): Promise<Report | null>;
  /** Reports protected at `now` up to a position, that stand or may repeat another; oldest first. */
  protectedAt(now: string, upToPosition: number): Promise<readonly Report[]>;
  /** Replaces the report if it still has `expectedVersion`. */
  replace(report: Report, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
  /** Undecided candidates, oldest first; of one source county where one is given. */
  undecided(sourceAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<Report>>;
}
