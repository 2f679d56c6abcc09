import type { Config } from '../config.js';
import type { Log } from '../ports/log.js';
import { closeRedis, openWorkerConnection } from '../queue/connection.js';
import { type DeliveryHandlers, startDeliveryWorker } from '../queue/delivery-worker.js';
import type { RunningWorker } from '../queue/worker-runtime.js';
import { systemClock } from '../system.js';
import { createDeliverer } from '../usecases/webhooks/deliverer.js';
import { openShared } from './shared.js';
import { deliverySettings, openWebhooks } from './webhooks.js';

/** Endpoints served side by side: each mostly waits for its receiver. */
const ENDPOINTS_AT_ONCE = 200;
/** Endpoints one sweep wakes at most. */
const SWEEP_LIMIT = 1_000;
/** Ended deliveries and their attempts are kept for so long. */
const KEPT_MS = 30 * 86_400_000;
/** Old deliveries are looked for this often, ms. */
const PURGE_EVERY_MS = 3_600_000;

/** What the delivering process is made of. */
export interface DeliveringWiring {
  startDeliveryWorker(handlers: DeliveryHandlers): RunningWorker;
  readonly handlers: DeliveryHandlers;
  readonly sweeps: Readonly<Record<string, () => Promise<number>>>;
  close(): Promise<void>;
}

/** Builds the delivering process. */
export async function wireDelivering(config: Config, log: Log): Promise<DeliveringWiring> {
  const shared = await openShared(config, log);
  const { endpointStore, deliveryStore, deliverySignal, relay } = shared;
  const connection = openWorkerConnection(config.REDIS_URL, log);
  const webhooks = openWebhooks(config);
  const deliverer = createDeliverer({
    ...webhooks,
    endpointStore,
    deliveryStore,
    deliverySignal,
    changes: relay,
    clock: systemClock,
    random: Math.random,
    log,
    settings: deliverySettings(config),
  });
  let purgedMs = Number.NEGATIVE_INFINITY;
  return {
    startDeliveryWorker: (handlers) =>
      startDeliveryWorker(
        { connection, prefix: config.QUEUE_PREFIX, concurrency: ENDPOINTS_AT_ONCE, log, clock: systemClock },
        handlers,
      ),
    handlers: {
      deliver: (endpointId, signal, draining) => deliverer.deliverEndpoint(endpointId, signal, draining),
      wake: (endpointId) => deliverySignal.wake(endpointId),
    },
    sweeps: {
      due: async () => {
        const endpoints = await deliveryStore.endpointsDue(systemClock.now(), SWEEP_LIMIT);
        for (const endpointId of endpoints) await deliverySignal.wake(endpointId);
        return endpoints.length;
      },
      purge: async () => {
        if (systemClock.monotonicMs() - purgedMs < PURGE_EVERY_MS) return 0;
        purgedMs = systemClock.monotonicMs();
        const before = new Date(Date.parse(systemClock.now()) - KEPT_MS).toISOString();
        return (await deliveryStore.purge(before)) + (await deliveryStore.tidy(before));
      },
    },
    async close() {
      closeRedis(connection);
      await webhooks.sender.close();
      await shared.close();
    },
  };
}
