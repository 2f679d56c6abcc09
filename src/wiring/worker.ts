import type { Config } from '../config.js';
import type { Log } from '../ports/log.js';
import { closeRedis, openWorkerConnection } from '../queue/connection.js';
import { startMatchWorker } from '../queue/match-worker.js';
import { RedisResultSignal } from '../queue/result-signal.js';
import { startUpkeepWorker, type UpkeepParts } from '../queue/upkeep-worker.js';
import type { WorkerParts } from '../queue/worker-parts.js';
import { systemClock, systemIds } from '../system.js';
import { RobustnessPool } from '../threads/robustness-pool.js';
import { removeEndedSessions } from '../usecases/accounts/authenticator.js';
import { createSnapshotSource } from '../usecases/current-snapshot.js';
import { expireHolds, expirePark } from '../usecases/holds/expire-holds.js';
import { reconcileHolds } from '../usecases/holds/reconcile-holds.js';
import { settleClaims } from '../usecases/holds/settle-claims.js';
import { raiseDueClocks } from '../usecases/leads/raise-clocks.js';
import { createMatcher, sweepPending } from '../usecases/match-need.js';
import { createOwnHolds } from '../usecases/own-holds.js';
import { raiseStaleInventories } from '../usecases/rematch/stale-inventories.js';
import { referenceCache, warmUp } from './reference.js';
import { completingResults } from './results.js';
import { openShared } from './shared.js';

/** Leads whose clocks one sweep looks at, and documents whose outboxes it empties, at most. */
const SWEEP_LIMIT = 500;

/** Sweeps that look through whole collections for what hardly ever is there run this seldom, ms. */
const SELDOM_MS = 30_000;

/** Runs at once when first asked, and then no more often than every `SELDOM_MS`; gives 0 in between. */
function seldom(run: () => Promise<number>): () => Promise<number> {
  let lastMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (systemClock.monotonicMs() - lastMs < SELDOM_MS) return 0;
    lastMs = systemClock.monotonicMs();
    return run();
  };
}

/** What the worker process is made of. */
export interface WorkerProcessParts extends WorkerParts {
  readonly upkeep: UpkeepParts;
}

/** Builds the worker's process: matching, and the upkeep of holds, clocks, sessions and outboxes. */
export async function wireWorker(config: Config, log: Log): Promise<WorkerProcessParts> {
  const shared = await openShared(config, log);
  const { producer, needStore, parkStore, matchQueue, leadStore, relay } = shared;
  const connection = openWorkerConnection(config.REDIS_URL, log);
  const upkeepConnection = openWorkerConnection(config.REDIS_URL, log);
  const prefix = config.QUEUE_PREFIX;
  const references = referenceCache(shared.referenceStore, systemClock, 0);
  const snapshots = createSnapshotSource({ parkStore, references, clock: systemClock, ids: systemIds });
  const robustnessRunner = new RobustnessPool(config.ROBUSTNESS_THREADS, log);
  const matcher = createMatcher({
    needStore,
    resultStore: completingResults(shared, references, robustnessRunner, config, log),
    resultSignal: new RedisResultSignal(producer, null, prefix, systemClock, log),
    snapshots,
    ownHolds: createOwnHolds(leadStore),
    historyStore: shared.historyStore,
    changes: relay,
    clock: systemClock,
    robustnessRunner,
    staleAfterDays: config.STALE_AFTER_DAYS,
  });
  const promotion = { ...shared.holdDeps, snapshots };
  await warmUp(snapshots, log);
  return {
    matchNeed: (needId, version, signal) => matcher.matchNeed(needId, version, signal),
    failNeed: (needId, version, code) => matcher.failNeed(needId, version, code),
    sweepPending: () => sweepPending({ needStore, matchQueue, clock: systemClock }, config.SWEEP_AGE_MS),
    startMatchWorker: (handler, onFailed) =>
      startMatchWorker(
        { connection, producer, prefix, concurrency: config.WORKER_CONCURRENCY, log, clock: systemClock },
        handler,
        onFailed,
      ),
    upkeep: {
      expirePark: (parkId) => expirePark(promotion, parkId),
      startExpiryWorker: (handler) =>
        startUpkeepWorker({ connection: upkeepConnection, prefix, log, clock: systemClock }, handler),
      sweeps: {
        claims: () => settleClaims(shared.holdDeps),
        holds: () => reconcileHolds(shared.holdDeps),
        expiries: () => expireHolds(promotion),
        clocks: () => raiseDueClocks({ leadStore, clock: systemClock, changes: relay }, SWEEP_LIMIT),
        staleInventories: seldom(() =>
          raiseStaleInventories(
            { parkStore, changes: relay, clock: systemClock },
            config.STALE_AFTER_DAYS,
            systemClock.today(),
          ),
        ),
        sessions: seldom(() => removeEndedSessions({ accounts: shared.accounts, clock: systemClock })),
        outboxes: seldom(() => relay.sweep(SWEEP_LIMIT)),
      },
    },
    async close() {
      closeRedis(connection);
      closeRedis(upkeepConnection);
      await robustnessRunner.close();
      await shared.close();
    },
  };
}
