import type { Config } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import { MongoHistoryStore } from '../../src/mongo/history-store.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { MongoRematchRunStore } from '../../src/mongo/rematch-run-store.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Outbox } from '../../src/ports/outbox.js';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { closeRedis, openProducer, openWorkerConnection } from '../../src/queue/connection.js';
import { standForLeader } from '../../src/queue/leader.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { BullRematchQueue } from '../../src/queue/rematch-queue.js';
import { startRematchWorker } from '../../src/queue/rematch-worker.js';
import { RedisResultSignal } from '../../src/queue/result-signal.js';
import { systemClock, systemIds } from '../../src/system.js';
import { createIndustrySearch } from '../../src/text/industry-search.js';
import { createTextAnalysis } from '../../src/text/text-analysis.js';
import { MatchPool } from '../../src/threads/match-pool.js';
import { createSnapshotSource } from '../../src/usecases/current-snapshot.js';
import { createOwnHolds } from '../../src/usecases/own-holds.js';
import { createReferenceCache } from '../../src/usecases/reference-cache.js';
import { createRelay } from '../../src/usecases/relay-outbox.js';
import { insertNightly } from '../../src/usecases/rematch/full-run.js';
import { rematchSink } from '../../src/usecases/rematch/rematch-sink.js';
import { createRematcher, type Rematcher } from '../../src/usecases/rematch/rematcher.js';
import { settleTogether } from '../../src/usecases/rematch/settle-result.js';
import { openStores } from '../../src/wiring/stores.js';
import { startRematching } from '../../workers/rematching-process.js';
import { TODAY } from './synthetic.js';

const EMPTY: Outbox = {
  of: async () => [],
  waiting: async () => [],
  remove: async () => undefined,
};

/** The clock of the machine on the bench's day. */
export const benchClock: Clock = { ...systemClock, today: () => TODAY };

/**
 * Rematching as its process is made, in this process: stores, relay, queue, leader, threads. Only the events that
 * subscribers would get are not carried on.
 */
export async function openRematching(uris: Pick<Config, 'MONGODB_URI' | 'REDIS_URL'>, threads: number) {
  const log = createLog({ level: process.env['LOG_LEVEL'] ?? 'warn', process: 'bench' });
  const prefix = `bench-${process.pid}`;
  const stores = await openStores(uris, log);
  const { connection } = stores.mongo;
  const historyStore = new MongoHistoryStore(connection);
  const runStore = new MongoRematchRunStore(connection);
  await stores.mongo.ensureIndexes();
  const producer = openProducer(uris.REDIS_URL, log);
  const worker = openWorkerConnection(uris.REDIS_URL, log);
  const queues = {
    facts: openQueue(CATALOGUE.rematchFacts, producer, prefix, log),
    runs: openQueue(CATALOGUE.rematchRun, producer, prefix, log),
    nightly: openQueue(CATALOGUE.rematchNightly, producer, prefix, log),
  };
  const queue = new BullRematchQueue(queues, producer, benchClock, log);
  const relay = createRelay({
    outboxes: {
      need: new MongoOutbox(connection, 'needs'),
      park: new MongoOutbox(connection, 'parks'),
      ...{ lead: EMPTY, report: EMPTY, account: EMPTY, scheme: EMPTY, endpoint: EMPTY, rematch: EMPTY },
    },
    auditStore: stores.auditStore,
    clock: benchClock,
    log,
    sinks: [rematchSink(queue), async (_changes) => undefined],
  });
  const texts = { makeText: createTextAnalysis, makeSearch: createIndustrySearch };
  const referencesOf = (maxAgeMs: number) =>
    createReferenceCache({ referenceStore: stores.referenceStore, ...texts, clock: benchClock, maxAgeMs });
  const { needStore, leadStore, resultStore, factsStore, parkStore } = stores;
  const pool = new MatchPool(threads, log);
  const resultSignal = new RedisResultSignal(producer, null, prefix, benchClock, log);
  let rematcher: Rematcher | null = null;

  const make = (confirm: () => Promise<boolean>): Rematcher => {
    rematcher = createRematcher({
      ...{ needStore, leadStore, resultStore, historyStore, runStore, confirm, log, clock: benchClock, ids: systemIds },
      snapshots: createSnapshotSource({ parkStore, references: referencesOf(0), clock: benchClock, ids: systemIds }),
      ownHolds: createOwnHolds(leadStore),
      shards: pool,
      settle: (inputs) =>
        settleTogether(
          { needStore, resultStore, historyStore, resultSignal, changes: relay, clock: benchClock },
          inputs,
        ),
      factsStore,
      complete: async () => {
        throw new Error('all facts are of one edition here');
      },
    });
    return rematcher;
  };

  return {
    ...{ stores, historyStore, runStore, relay, queue, connection },
    status: () => rematcher?.status() ?? { needs: 0, snapshotId: null, touched: 0, waiting: 0, outlines: 0 },
    start: () =>
      startRematching(
        {
          standForLeader: () => standForLeader(producer, `${prefix}:leader`, systemIds.newSecret(), benchClock, log),
          createRematcher: make,
          startRematchWorker: (handlers) =>
            startRematchWorker({ connection: worker, prefix, log, clock: benchClock }, handlers),
          syncSchedules: async () => queue.syncSchedules(await runStore.schedules(), '0 18 * * *'),
          insertNightly: (county, occasion) =>
            insertNightly({ runStore, ids: systemIds, clock: benchClock }, county, occasion),
          async close() {
            await pool.close();
            closeRedis(worker);
          },
        },
        { lookEveryMs: 1_000, syncEveryMs: 60_000, shutdownGraceMs: 5_000 },
        log,
      ),
    async close(): Promise<void> {
      await relay.close();
      await Promise.all(Object.values(queues).map((one) => one.close()));
      closeRedis(producer);
      await stores.close();
    },
  };
}
