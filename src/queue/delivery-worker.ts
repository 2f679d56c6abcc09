import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE } from './catalogue.js';
import { type RunningWorker, startWorker } from './worker-runtime.js';

/** What jobs of delivering make happen; each must be idempotent. */
export interface DeliveryHandlers {
  /** One turn of an endpoint; it begins no new message once `draining` aborts, and is called off by `signal`. */
  deliver(endpointId: string, signal: AbortSignal, draining?: AbortSignal): Promise<unknown>;
  /** Asks for a turn of the endpoint now. */
  wake(endpointId: string): Promise<void>;
}

export interface DeliveryWorkerSettings {
  /** Made by `openWorkerConnection`. */
  readonly connection: Redis;
  readonly prefix: string;
  /** Endpoints served side by side: each is mostly waiting for its receiver. */
  readonly concurrency: number;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
}

/** The work itself stands in the store: a job that fails for good is made good by the sweep. */
const nothing = async (): Promise<void> => undefined;

/** Starts the workers for the two kinds of jobs, as one. */
export function startDeliveryWorker(settings: DeliveryWorkerSettings, handlers: DeliveryHandlers): RunningWorker {
  const workers = [
    startWorker({
      ...settings,
      kind: CATALOGUE.deliver,
      onFailed: nothing,
      handler: ({ endpointId }, { signal }) => handlers.deliver(endpointId, signal),
    }),
    startWorker({
      ...settings,
      kind: CATALOGUE.deliverLater,
      onFailed: nothing,
      handler: async ({ endpointId }) => {
        await handlers.wake(endpointId);
        return 'done';
      },
    }),
  ];
  return {
    running: () => workers.every((worker) => worker.running()),
    async close(graceMs) {
      const closed = await Promise.all(workers.map((worker) => worker.close(graceMs)));
      return closed.every(Boolean);
    },
  };
}
