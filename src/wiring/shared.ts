import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { createWorkCalendar } from '../calendar/chinese-calendar.js';
import type { Config } from '../config.js';
import type { WorkCalendar } from '../domain/work-calendar.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE, type JobKind } from '../queue/catalogue.js';
import { closeRedis, openProducer } from '../queue/connection.js';
import { BullDeliverySignal } from '../queue/delivery-signal.js';
import { BullHoldExpiry } from '../queue/hold-expiry.js';
import { BullMatchQueue, openQueue } from '../queue/match-queue.js';
import { BullRematchQueue } from '../queue/rematch-queue.js';
import { systemClock, systemIds } from '../system.js';
import type { HoldDeps } from '../usecases/holds/deps.js';
import { rematchSink } from '../usecases/rematch/rematch-sink.js';
import { createWebhookSink } from '../usecases/webhooks/webhook-sink.js';
import { openStores, type Stores } from './stores.js';

/** Connections and stores a process of the service shares. */
export interface Shared extends Stores {
  readonly producer: Redis;
  /** Every queue there is: what the job board looks at. */
  readonly queues: readonly Queue[];
  readonly matchQueue: BullMatchQueue;
  readonly holdExpiry: BullHoldExpiry;
  readonly rematchQueue: BullRematchQueue;
  readonly deliverySignal: BullDeliverySignal;
  readonly holdDeps: HoldDeps;
  readonly calendar: WorkCalendar;
}

export async function openShared(config: Config, log: Log): Promise<Shared> {
  const producer = openProducer(config.REDIS_URL, log);
  const open = (kind: JobKind<unknown>): Queue => openQueue(kind, producer, config.QUEUE_PREFIX, log);
  const matches = open(CATALOGUE.match);
  const expiries = open(CATALOGUE.expireHold);
  const rematching = {
    facts: open(CATALOGUE.rematchFacts),
    runs: open(CATALOGUE.rematchRun),
    nightly: open(CATALOGUE.rematchNightly),
  };
  const delivering = { now: open(CATALOGUE.deliver), later: open(CATALOGUE.deliverLater) };
  const queues = [matches, expiries, ...Object.values(rematching), ...Object.values(delivering)];
  const deliverySignal = new BullDeliverySignal(delivering, producer, systemClock, log);
  const rematchQueue = new BullRematchQueue(rematching, producer, systemClock, log);
  const stores = await openStores(config, log, (webhookStores) => [
    rematchSink(rematchQueue),
    createWebhookSink({
      ...webhookStores,
      deliverySignal,
      ids: systemIds,
      publicUrl: (config.PUBLIC_URL ?? '').replace(/\/+$/, ''),
    }),
  ]);
  const holdExpiry = new BullHoldExpiry(expiries, producer, systemClock, log);
  return {
    ...stores,
    producer,
    queues,
    matchQueue: new BullMatchQueue(matches, producer, systemClock, log),
    holdExpiry,
    rematchQueue,
    deliverySignal,
    holdDeps: { ...stores, holdExpiry, changes: stores.relay, clock: systemClock, ids: systemIds, log },
    calendar: createWorkCalendar(),
    async close() {
      await Promise.all(queues.map((queue) => queue.close().catch(() => undefined)));
      closeRedis(producer);
      await stores.close();
    },
  };
}
