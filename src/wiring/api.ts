import { createCronCheck } from '../calendar/cron-check.js';
import type { Config } from '../config.js';
import type { Caller } from '../domain/access.js';
import { MongoHealthProbe } from '../mongo/connection.js';
import { Argon2Hasher } from '../passwords/argon2-hasher.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { SIGN_IN_LIMITS } from '../ports/passwords.js';
import { CATALOGUE } from '../queue/catalogue.js';
import { closeRedis, openSubscriber, RedisHealthProbe } from '../queue/connection.js';
import { WorkersHealthProbe } from '../queue/heartbeat.js';
import { BullJobBoard } from '../queue/job-board.js';
import { RedisResultSignal } from '../queue/result-signal.js';
import { systemClock, systemIds } from '../system.js';
import { textCompareOf } from '../text/text-compare.js';
import { RobustnessPool } from '../threads/robustness-pool.js';
import { RedisThrottle } from '../throttle/redis-throttle.js';
import type { Authenticator } from '../usecases/account-use-cases.js';
import { createAuthenticator } from '../usecases/accounts/authenticator.js';
import { ACCOUNT_SETTINGS } from '../usecases/accounts/settings.js';
import { createSignedInCache } from '../usecases/accounts/signed-in-cache.js';
import { createPublicUseCases, createUseCases, type UseCaseDeps } from '../usecases/create-use-cases.js';
import { createSnapshotSource } from '../usecases/current-snapshot.js';
import { createHoldEffects } from '../usecases/holds/hold-effects.js';
import { createOwnHolds } from '../usecases/own-holds.js';
import type { PublicUseCases, UseCases } from '../usecases/use-cases.js';
import { referenceCache, warmUp } from './reference.js';
import { completingResults } from './results.js';
import { openShared } from './shared.js';
import { openWebhooks } from './webhooks.js';

/** The API may answer from an edition of the reference data this old; workers look every time. */
const REFERENCE_AGE_MS = 1_000;
/** The scheme new leads come under. */
const SCHEME_ID = 'zj-pairing';

/** What the HTTP process is made of. */
export interface ApiParts {
  readonly authenticator: Authenticator;
  readonly useCasesFor: (caller: Caller) => UseCases;
  readonly publicUseCases: PublicUseCases;
  readonly clock: Clock;
  close(): Promise<void>;
}

/** Builds the API process. The servers may be away: it answers 503 until they are there. */
export async function wireApi(config: Config, log: Log): Promise<ApiParts> {
  const shared = await openShared(config, log);
  const { mongo, producer, parkStore } = shared;
  const prefix = config.QUEUE_PREFIX;
  const subscriber = openSubscriber(config.REDIS_URL, log);
  const references = referenceCache(shared.referenceStore, systemClock, REFERENCE_AGE_MS);
  const snapshots = createSnapshotSource({ parkStore, references, clock: systemClock, ids: systemIds });
  const robustnessRunner = new RobustnessPool(config.ROBUSTNESS_THREADS, log);
  const webhooks = openWebhooks(config);
  const deps: UseCaseDeps = {
    ...shared,
    resultStore: completingResults(shared, references, robustnessRunner, config, log),
    references,
    snapshots,
    ownHolds: createOwnHolds(shared.leadStore),
    robustnessRunner,
    staleAfterDays: config.STALE_AFTER_DAYS,
    resultSignal: new RedisResultSignal(producer, subscriber, prefix, systemClock, log),
    jobBoard: new BullJobBoard(shared.queues, producer, systemClock),
    makeTextCompare: textCompareOf,
    holds: createHoldEffects(shared.holdDeps),
    schemeId: SCHEME_ID,
    ...webhooks,
    cronCheck: createCronCheck(),
    defaultCron: config.REMATCH_CRON,
    hasher: new Argon2Hasher(),
    throttle: new RedisThrottle({ redis: producer, prefix, limits: SIGN_IN_LIMITS, ids: systemIds }),
    signedIn: createSignedInCache(systemClock),
    demoMode: config.DEMO_MODE,
    settings: ACCOUNT_SETTINGS,
    adcodes: async () => (await references.current()).adcodes,
    changes: shared.relay,
    clock: systemClock,
    ids: systemIds,
    log,
  };
  await warmUp(snapshots, log);
  return {
    authenticator: createAuthenticator(deps),
    useCasesFor: (caller) => createUseCases(deps, caller),
    publicUseCases: createPublicUseCases({
      probes: [
        new MongoHealthProbe(mongo, systemClock),
        new RedisHealthProbe(producer, systemClock),
        new WorkersHealthProbe(producer, prefix, CATALOGUE.match.queue, systemClock),
      ],
    }),
    clock: systemClock,
    async close() {
      closeRedis(subscriber);
      await webhooks.sender.close();
      await robustnessRunner.close();
      await shared.close();
    },
  };
}
