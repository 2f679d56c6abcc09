import type { Redis } from 'ioredis';
import type { Adcode } from '../domain/county.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE } from './catalogue.js';
import { type RunningWorker, startWorker } from './worker-runtime.js';

/** What jobs of rematching make happen; each must be idempotent. */
export interface RematchHandlers {
  /** Looks at the facts soon. */
  factsChanged(): void;
  /** Looks for waiting runs soon. */
  runWaiting(): void;
  /**
   * The time of a schedule has come; `occasion` names it: the same time of the same schedule has the same name.
   * Resolves when the run is stored.
   */
  nightly(countyAdcode: Adcode | null, occasion: string): Promise<'done' | 'duplicate'>;
}

export interface RematchWorkerSettings {
  /** Made by `openWorkerConnection`. */
  readonly connection: Redis;
  readonly prefix: string;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
}

/** The work itself stands in documents: a job that fails for good needs nothing to be settled. */
const nothing = async (): Promise<void> => undefined;

/** Starts the workers for the three kinds of jobs, as one. */
export function startRematchWorker(settings: RematchWorkerSettings, handlers: RematchHandlers): RunningWorker {
  const common = { ...settings, onFailed: nothing, concurrency: 1 };
  const workers = [
    startWorker({
      ...common,
      kind: CATALOGUE.rematchFacts,
      handler: async () => {
        handlers.factsChanged();
        return 'done';
      },
    }),
    startWorker({
      ...common,
      kind: CATALOGUE.rematchRun,
      handler: async () => {
        handlers.runWaiting();
        return 'done';
      },
    }),
    startWorker({
      ...common,
      kind: CATALOGUE.rematchNightly,
      // The scheduler's job ids end in the time they were due at.
      handler: ({ countyAdcode }, { jobId }) => handlers.nightly(countyAdcode, jobId),
    }),
  ];
  return {
    running: () => workers.every((worker) => worker.running()),
    async close(graceMs) {
      return (await Promise.all(workers.map((worker) => worker.close(graceMs)))).every(Boolean);
    },
  };
}
