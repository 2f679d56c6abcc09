import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { createWorkCalendar } from '../calendar/chinese-calendar.js';
import type { Config } from '../config.js';
import type { WorkCalendar } from '../domain/work-calendar.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE } from '../queue/catalogue.js';
import { closeRedis, openProducer } from '../queue/connection.js';
import { BullHoldExpiry } from '../queue/hold-expiry.js';
import { BullMatchQueue, openQueue } from '../queue/match-queue.js';
import { systemClock, systemIds } from '../system.js';
import type { HoldDeps } from '../usecases/holds/deps.js';
import { openStores, type Stores } from './stores.js';

/** Connections and stores a process of the service shares. */
export interface Shared extends Stores {
  readonly producer: Redis;
  /** Every queue there is: what the job board looks at. */
  readonly queues: readonly Queue[];
  readonly matchQueue: BullMatchQueue;
  readonly holdExpiry: BullHoldExpiry;
  readonly holdDeps: HoldDeps;
  readonly calendar: WorkCalendar;
}

export async function openShared(config: Config, log: Log): Promise<Shared> {
  const producer = openProducer(config.REDIS_URL, log);
  const matches = openQueue(CATALOGUE.match, producer, config.QUEUE_PREFIX, log);
  const expiries = openQueue(CATALOGUE.expireHold, producer, config.QUEUE_PREFIX, log);
  const queues = [matches, expiries];
  const stores = await openStores(config, log);
  const holdExpiry = new BullHoldExpiry(expiries, producer, systemClock, log);
  return {
    ...stores,
    producer,
    queues,
    matchQueue: new BullMatchQueue(matches, producer, systemClock, log),
    holdExpiry,
    holdDeps: { ...stores, holdExpiry, changes: stores.relay, clock: systemClock, ids: systemIds, log },
    calendar: createWorkCalendar(),
    async close() {
      await Promise.all(queues.map((queue) => queue.close().catch(() => undefined)));
      closeRedis(producer);
      await stores.close();
    },
  };
}
