import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE, type ExpireHoldPayload } from './catalogue.js';
import { type JobContext, type RunningWorker, startWorker } from './worker-runtime.js';

/** Handles one `expireHold` job; idempotent. */
export type ExpireHoldHandler = (payload: ExpireHoldPayload, context: JobContext) => Promise<'done' | 'missing'>;

/** What the wiring hands to the upkeep of a process. */
export interface UpkeepParts {
  /** Expires what is over in a park and serves its waitlist. */
  expirePark(parkId: string): Promise<'done' | 'missing'>;
  /** Starts the worker for `expireHold` jobs. */
  startExpiryWorker(handler: ExpireHoldHandler): RunningWorker;
  /** What is done over and over, by name; each gives how many things it dealt with. */
  readonly sweeps: Readonly<Record<string, () => Promise<number>>>;
}

export interface UpkeepWorkerSettings {
  /** Made by `openWorkerConnection`. */
  readonly connection: Redis;
  readonly prefix: string;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
}

/** Jobs side by side: each is a few reads and one write. */
const CONCURRENCY = 4;

/** Starts a worker for `expireHold` jobs. A job that fails for good needs nothing: the sweep does its work. */
export function startUpkeepWorker(settings: UpkeepWorkerSettings, handler: ExpireHoldHandler): RunningWorker {
  const kind = CATALOGUE.expireHold;
  return startWorker({ ...settings, kind, handler, concurrency: CONCURRENCY, onFailed: async () => undefined });
}
