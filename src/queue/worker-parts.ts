import type { MatchPayload } from './catalogue.js';
import type { JobContext, RunningWorker } from './worker-runtime.js';

/** What came of matching one version: `superseded` where the need has a newer one, `missing` where there is no such need. */
export type MatchOutcome = 'done' | 'superseded' | 'missing';

/** Handles one `match` job; idempotent. */
export type MatchHandler = (payload: MatchPayload, context: JobContext) => Promise<MatchOutcome>;

/** Settles a version whose matching failed for good; `code` says why. */
export type MatchFailed = (payload: MatchPayload, code: string) => Promise<unknown>;

/** What the wiring hands to the matching worker's process. */
export interface WorkerParts {
  matchNeed(needId: string, version: number, signal?: AbortSignal): Promise<MatchOutcome>;
  /** Points the need at the failure, unless it has a newer version or a result. */
  failNeed(needId: string, version: number, code: string): Promise<unknown>;
  /** Leaves a job for each need that has been pending too long; gives how many. */
  sweepPending(): Promise<number>;
  /** Starts the worker and its heartbeat. */
  startMatchWorker(handler: MatchHandler, onFailed: MatchFailed): RunningWorker;
  /** Closes the connections; after the worker. */
  close(): Promise<void>;
}
