import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Config } from './config.js';
import { MemoryParkStore } from './memory/park-store.js';
import { MemoryReferenceStore } from './memory/reference-store.js';
import { MongoConnection, MongoHealthProbe } from './mongo/connection.js';
import { MongoNeedStore } from './mongo/need-store.js';
import { MongoParkStore } from './mongo/park-store.js';
import { MongoReferenceStore } from './mongo/reference-store.js';
import { MongoResultStore } from './mongo/result-store.js';
import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';
import type { Log } from './ports/log.js';
import type { ParkStore } from './ports/park-store.js';
import type { ReferenceStore } from './ports/reference-store.js';
import { CATALOGUE } from './queue/catalogue.js';
import {
  closeRedis,
  openProducer,
  openSubscriber,
  openWorkerConnection,
  RedisHealthProbe,
} from './queue/connection.js';
import { WorkersHealthProbe } from './queue/heartbeat.js';
import { BullJobBoard } from './queue/job-board.js';
import { BullMatchQueue, openQueue } from './queue/match-queue.js';
import { startMatchWorker } from './queue/match-worker.js';
import { RedisResultSignal } from './queue/result-signal.js';
import type { WorkerParts } from './queue/worker-parts.js';
import { systemClock, systemIds } from './system.js';
import { createIndustrySearch } from './text/industry-search.js';
import { createTextAnalysis } from './text/text-analysis.js';
import { RobustnessPool } from './threads/robustness-pool.js';
import { createUseCases } from './usecases/create-use-cases.js';
import { createSnapshotSource, type SnapshotSource } from './usecases/current-snapshot.js';
import { createPlacementEvaluation, type PlacementEvaluation } from './usecases/evaluate-placements.js';
import { createMatcher, sweepPending } from './usecases/match-need.js';
import { createPreview, type Preview } from './usecases/preview-need.js';
import { createReferenceCache, type ReferenceCache } from './usecases/reference-cache.js';
import type { UseCases } from './usecases/use-cases.js';

/** The API may answer from an edition of the reference data this old; workers look every time. */
const REFERENCE_AGE_MS = 1_000;
/** How long a process waits for its first connection before it goes on and answers 503. */
const FIRST_CONNECTION_MS = 5_000;

function referenceCache(
  referenceStore: ReferenceStore,
  clock: Pick<Clock, 'monotonicMs'>,
  maxAgeMs: number,
): ReferenceCache {
  return createReferenceCache({
    referenceStore,
    makeText: createTextAnalysis,
    makeSearch: createIndustrySearch,
    clock,
    maxAgeMs,
  });
}

/** Connections and stores a process of the service shares. */
interface Shared {
  readonly mongo: MongoConnection;
  readonly producer: Redis;
  readonly queue: Queue;
  readonly needStore: MongoNeedStore;
  readonly parkStore: MongoParkStore;
  readonly referenceStore: MongoReferenceStore;
  readonly resultStore: MongoResultStore;
  readonly matchQueue: BullMatchQueue;
  close(): Promise<void>;
}

/** Waits for the first connection and declares the indexes. A server that is away is no reason not to start. */
async function prepareStore(mongo: MongoConnection, log: Log): Promise<void> {
  try {
    if (await mongo.ready(FIRST_CONNECTION_MS)) await mongo.ensureIndexes();
  } catch (error) {
    log.warn({ error }, 'indexes not declared, store away');
  }
}

async function openShared(config: Config, log: Log): Promise<Shared> {
  const mongo = new MongoConnection({ uri: config.MONGODB_URI, log, clock: systemClock });
  const producer = openProducer(config.REDIS_URL, log);
  const queue = openQueue(CATALOGUE.match, producer, config.QUEUE_PREFIX, log);
  const shared: Shared = {
    mongo,
    producer,
    queue,
    needStore: new MongoNeedStore(mongo.connection),
    parkStore: new MongoParkStore(mongo.connection),
    referenceStore: new MongoReferenceStore(mongo.connection),
    resultStore: new MongoResultStore(mongo.connection),
    matchQueue: new BullMatchQueue(queue, producer, systemClock, log),
    async close() {
      await queue.close().catch(() => undefined);
      closeRedis(producer);
      await mongo.close();
    },
  };
  await prepareStore(mongo, log);
  return shared;
}

/**
 * Compiles the snapshot and the text indexes before anybody waits for them: they take half a second, which would hold
 * up requests or jobs. Without a store or seeds they are built when first asked for.
 */
async function warmUp(snapshots: SnapshotSource, log: Log): Promise<void> {
  try {
    const { edition } = await snapshots.current();
    edition.text();
    edition.search();
  } catch (error) {
    log.warn({ error }, 'nothing to compile yet, store away or without seeds');
  }
}

/** Builds the API process. The servers may be away: it answers 503 until they are there. */
export async function wireApi(
  config: Config,
  log: Log,
): Promise<{ readonly useCases: UseCases; readonly clock: Clock; readonly ids: Ids; close(): Promise<void> }> {
  const shared = await openShared(config, log);
  const { mongo, producer, queue, needStore, parkStore, resultStore, matchQueue } = shared;
  const subscriber = openSubscriber(config.REDIS_URL, log);
  const prefix = config.QUEUE_PREFIX;
  const references = referenceCache(shared.referenceStore, systemClock, REFERENCE_AGE_MS);
  const snapshots = createSnapshotSource({ parkStore, references, clock: systemClock, ids: systemIds });
  const robustnessRunner = new RobustnessPool(config.ROBUSTNESS_THREADS, log);
  await warmUp(snapshots, log);
  return {
    useCases: createUseCases({
      needStore,
      parkStore,
      resultStore,
      matchQueue,
      references,
      snapshots,
      robustnessRunner,
      staleAfterDays: config.STALE_AFTER_DAYS,
      resultSignal: new RedisResultSignal(producer, subscriber, prefix, systemClock, log),
      jobBoard: new BullJobBoard([queue], producer, systemClock),
      probes: [
        new MongoHealthProbe(mongo, systemClock),
        new RedisHealthProbe(producer, systemClock),
        new WorkersHealthProbe(producer, prefix, CATALOGUE.match.queue, systemClock),
      ],
      clock: systemClock,
      ids: systemIds,
      log,
    }),
    clock: systemClock,
    ids: systemIds,
    async close() {
      closeRedis(subscriber);
      await robustnessRunner.close();
      await shared.close();
    },
  };
}

/** Builds the matching worker's process. */
export async function wireWorker(config: Config, log: Log): Promise<WorkerParts> {
  const shared = await openShared(config, log);
  const { producer, needStore, parkStore, resultStore, matchQueue } = shared;
  const connection = openWorkerConnection(config.REDIS_URL, log);
  const prefix = config.QUEUE_PREFIX;
  const snapshots = createSnapshotSource({
    parkStore,
    references: referenceCache(shared.referenceStore, systemClock, 0),
    clock: systemClock,
    ids: systemIds,
  });
  const robustnessRunner = new RobustnessPool(config.ROBUSTNESS_THREADS, log);
  const matcher = createMatcher({
    needStore,
    resultStore,
    resultSignal: new RedisResultSignal(producer, null, prefix, systemClock, log),
    snapshots,
    clock: systemClock,
    robustnessRunner,
    staleAfterDays: config.STALE_AFTER_DAYS,
  });
  await warmUp(snapshots, log);
  return {
    matchNeed: (needId, version, signal) => matcher.matchNeed(needId, version, signal),
    failNeed: (needId, version, code) => matcher.failNeed(needId, version, code),
    sweepPending: () => sweepPending({ needStore, matchQueue, clock: systemClock }, config.SWEEP_AGE_MS),
    startMatchWorker: (handler, onFailed) =>
      startMatchWorker(
        {
          connection,
          producer,
          prefix,
          concurrency: config.WORKER_CONCURRENCY,
          log,
          clock: systemClock,
        },
        handler,
        onFailed,
      ),
    async close() {
      closeRedis(connection);
      await robustnessRunner.close();
      await shared.close();
    },
  };
}

/** Builds what loading the seeds needs. */
export async function wireSeeding(
  config: Config,
  log: Log,
): Promise<{
  readonly referenceStore: ReferenceStore;
  readonly parkStore: ParkStore;
  readonly clock: Clock;
  close(): Promise<void>;
}> {
  const mongo = new MongoConnection({ uri: config.MONGODB_URI, log, clock: systemClock });
  const stores = {
    referenceStore: new MongoReferenceStore(mongo.connection),
    parkStore: new MongoParkStore(mongo.connection),
  };
  await prepareStore(mongo, log);
  return { ...stores, clock: systemClock, close: () => mongo.close() };
}

/** Builds matching in this process alone, over stores in memory that the caller fills: no server is asked. */
export function wireLocal(): {
  readonly referenceStore: ReferenceStore;
  readonly parkStore: ParkStore;
  readonly preview: Preview;
  readonly evaluation: PlacementEvaluation;
  readonly clock: Clock;
} {
  const referenceStore = new MemoryReferenceStore();
  const parkStore = new MemoryParkStore();
  const references = referenceCache(referenceStore, systemClock, 0);
  const snapshots = createSnapshotSource({ parkStore, references, clock: systemClock, ids: systemIds });
  return {
    referenceStore,
    parkStore,
    preview: createPreview({ references, snapshots, clock: systemClock, ids: systemIds }),
    evaluation: createPlacementEvaluation({ snapshots }),
    clock: systemClock,
  };
}
