import type { Config } from '../config.js';
import type { Log } from '../ports/log.js';
import { closeRedis, openWorkerConnection } from '../queue/connection.js';
import { standForLeader } from '../queue/leader.js';
import { type RematchHandlers, startRematchWorker } from '../queue/rematch-worker.js';
import { RedisResultSignal } from '../queue/result-signal.js';
import { systemClock, systemIds } from '../system.js';
import { MatchPool } from '../threads/match-pool.js';
import { createSnapshotSource } from '../usecases/current-snapshot.js';
import { createOwnHolds } from '../usecases/own-holds.js';
import { insertNightly } from '../usecases/rematch/full-run.js';
import { createRematcher, type Rematcher } from '../usecases/rematch/rematcher.js';
import { type SettleInput, settleTogether } from '../usecases/rematch/settle-result.js';
import { referenceCache } from './reference.js';
import { completingResults } from './results.js';
import { openShared } from './shared.js';

/** What the rematching process is made of. */
export interface RematchingWiring {
  standForLeader(): ReturnType<typeof standForLeader>;
  createRematcher(confirm: () => Promise<boolean>): Rematcher;
  startRematchWorker(handlers: RematchHandlers): ReturnType<typeof startRematchWorker>;
  syncSchedules(): Promise<boolean>;
  insertNightly: RematchHandlers['nightly'];
  close(): Promise<void>;
}

/** Builds the rematching process. */
export async function wireRematching(config: Config, log: Log): Promise<RematchingWiring> {
  const shared = await openShared(config, log);
  const { producer, needStore, leadStore, resultStore, factsStore, parkStore, historyStore, runStore, relay } = shared;
  const connection = openWorkerConnection(config.REDIS_URL, log);
  const prefix = config.QUEUE_PREFIX;
  const pool = new MatchPool(config.REMATCH_THREADS, log);
  const resultSignal = new RedisResultSignal(producer, null, prefix, systemClock, log);
  const references = referenceCache(shared.referenceStore, systemClock, 0);
  const settling = { needStore, resultStore, historyStore, resultSignal, changes: relay, clock: systemClock };
  const completing = completingResults(shared, references, null, config, log);
  const common = { clock: systemClock, ids: systemIds, log };
  return {
    standForLeader: () =>
      standForLeader(producer, `${prefix}:rematching:leader`, systemIds.newSecret(), systemClock, log),
    createRematcher: (confirm) =>
      createRematcher({
        ...common,
        needStore,
        leadStore,
        resultStore,
        historyStore,
        runStore,
        confirm,
        snapshots: createSnapshotSource({ parkStore, references, clock: systemClock, ids: systemIds }),
        ownHolds: createOwnHolds(leadStore),
        shards: pool,
        settle: (inputs: readonly SettleInput[]) => settleTogether(settling, inputs),
        factsStore,
        complete: async (resultId) => void (await completing.get(resultId)),
        staleAfterDays: config.STALE_AFTER_DAYS,
      }),
    startRematchWorker: (handlers) => startRematchWorker({ connection, prefix, log, clock: systemClock }, handlers),
    syncSchedules: async () => shared.rematchQueue.syncSchedules(await runStore.schedules(), config.REMATCH_CRON),
    insertNightly: (county, occasion) => insertNightly({ ...common, runStore }, county, occasion),
    async close() {
      await pool.close();
      closeRedis(connection);
      await shared.close();
    },
  };
}
