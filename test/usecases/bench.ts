import { createHash } from 'node:crypto';
import { createWorkCalendar } from '../../src/calendar/chinese-calendar.js';
import { createCronCheck } from '../../src/calendar/cron-check.js';
import { type Caller, SYSTEM_CALLER } from '../../src/domain/access.js';
import type { Need } from '../../src/domain/need.js';
import type { Park } from '../../src/domain/park.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { MemoryAccountStore } from '../../src/memory/account-store.js';
import { MemoryAuditStore } from '../../src/memory/audit-store.js';
import { MemoryDeliveryStore } from '../../src/memory/delivery-store.js';
import { MemoryEndpointStore } from '../../src/memory/endpoint-store.js';
import { MemoryHealthProbe } from '../../src/memory/health-probe.js';
import { MemoryHistoryStore } from '../../src/memory/history-store.js';
import { MemoryHoldExpiry } from '../../src/memory/hold-expiry.js';
import { MemoryLeadStore } from '../../src/memory/lead-store.js';
import { MemoryMatchQueue } from '../../src/memory/match-queue.js';
import { MemoryNeedStore } from '../../src/memory/need-store.js';
import { MemoryParkStore } from '../../src/memory/park-store.js';
import { MemoryPasswordHasher } from '../../src/memory/passwords.js';
import { MemoryReferenceStore } from '../../src/memory/reference-store.js';
import { MemoryRematchQueue } from '../../src/memory/rematch-queue.js';
import { MemoryRematchRunStore } from '../../src/memory/rematch-run-store.js';
import { MemoryReportStore } from '../../src/memory/report-store.js';
import { MemoryResultSignal } from '../../src/memory/result-signal.js';
import { MemoryResultStore } from '../../src/memory/result-store.js';
import { MemorySchemeStore } from '../../src/memory/scheme-store.js';
import { MemoryThrottle } from '../../src/memory/throttle.js';
import { MemoryWebhookSender } from '../../src/memory/webhook-sender.js';
import type { Ids } from '../../src/ports/ids.js';
import type { IndustrySearch } from '../../src/ports/industry-search.js';
import type { MatchQueue } from '../../src/ports/match-queue.js';
import type { ChangeSignal } from '../../src/ports/outbox.js';
import { SIGN_IN_LIMITS } from '../../src/ports/passwords.js';
import type { TextAnalysis } from '../../src/ports/text-analysis.js';
import { ACCOUNT_SETTINGS } from '../../src/usecases/accounts/settings.js';
import { createSignedInCache } from '../../src/usecases/accounts/signed-in-cache.js';
import { createPublicUseCases, createUseCases, type UseCaseDeps } from '../../src/usecases/create-use-cases.js';
import { createSnapshotSource } from '../../src/usecases/current-snapshot.js';
import { createHoldEffects } from '../../src/usecases/holds/hold-effects.js';
import { createMatcher } from '../../src/usecases/match-need.js';
import { createOwnHolds } from '../../src/usecases/own-holds.js';
import { createReferenceCache } from '../../src/usecases/reference-cache.js';
import { createSecretBox } from '../../src/webhooks/aes-secret-box.js';
import { StandardSigner } from '../../src/webhooks/standard-signer.js';
import { tinyNeed, tinyPark, tinyReference } from '../matching/tiny.js';
import { recordingLog } from '../support/recording-log.js';
import { ManualClock } from './manual-clock.js';

/** Ids in order for new needs, digests for the rest. */
export function countingIds(): Ids {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  let made = 0;
  return {
    newNeedId: () => {
      made += 1;
      return `need_${String(made).padStart(24, '0')}`;
    },
    needIdFor: (key) => `need_${digest(key).slice(0, 24)}`,
    newId: (prefix) => {
      made += 1;
      return `${prefix}_${String(made).padStart(24, '0')}`;
    },
    idFor: (prefix, key) => `${prefix}_${digest(`${prefix}:${key}`).slice(0, 24)}`,
    newSecret: () => {
      made += 1;
      return digest(`secret-${made}`);
    },
    digest,
  };
}

/** Likeness of 0.5 to the first county for any words; remembers what it was asked. */
export function plainText(reference: ReferenceData, asked: string[] = []): TextAnalysis {
  return {
    likeness: (text) => {
      asked.push(text);
      return { links: new Map(), counties: new Map([[reference.counties[0]?.adcode ?? '', 0.5]]) };
    },
    words: (text) => [text],
  };
}

/** Finds every code, in the reference's order. */
export function plainSearch(reference: ReferenceData): IndustrySearch {
  const codes = reference.industries.map(({ code }) => code);
  return {
    search: (query, limit) => [...codes, query].slice(0, limit).map((code) => ({ code, score: 1 })),
    nearestCodes: (_code, limit) => codes.slice(0, limit),
  };
}

/** All use cases on stores in memory, with a clock that moves only when told. */
export async function makeBench(options: { readonly reference?: ReferenceData | null; readonly parks?: Park[] } = {}) {
  const clock = new ManualClock();
  const ids = countingIds();
  const { log, lines } = recordingLog();
  const needStore = new MemoryNeedStore();
  const parkStore = new MemoryParkStore();
  const resultStore = new MemoryResultStore();
  const historyStore = new MemoryHistoryStore();
  const leadStore = new MemoryLeadStore();
  const schemeStore = new MemorySchemeStore();
  const holdExpiry = new MemoryHoldExpiry();
  const referenceStore = new MemoryReferenceStore();
  const resultSignal = new MemoryResultSignal(clock);
  const jobs = new MemoryMatchQueue();
  const probes = (['mongo', 'redis', 'workers'] as const).map((name) => new MemoryHealthProbe(name));
  const enqueued: { needId: string; version: number; attempt: string | undefined }[] = [];
  const matchQueue: MatchQueue = {
    async enqueue(job, attempt) {
      const queued = await jobs.enqueue(job, attempt);
      if (queued) enqueued.push({ ...job, attempt });
      return queued;
    },
  };
  const textAsked: string[] = [];
  const { reference = tinyReference(), parks = [tinyPark('p1'), tinyPark('p2')] } = options;
  if (reference !== null) await referenceStore.publish('edition-1', reference);
  await parkStore.seed(parks);
  const references = createReferenceCache({
    referenceStore,
    makeText: (data) => plainText(data, textAsked),
    makeSearch: plainSearch,
    clock,
    maxAgeMs: 5_000,
  });
  const snapshots = createSnapshotSource({ parkStore, references, clock, ids });
  const signalled: { readonly outbox: string; readonly objectId: string }[] = [];
  const changes: ChangeSignal = { changed: (outbox, objectId) => void signalled.push({ outbox, objectId }) };
  const deps = {
    ...{ needStore, parkStore, resultStore, resultSignal, references, snapshots, matchQueue, clock, ids, log },
    changes,
    historyStore,
    ownHolds: createOwnHolds(leadStore),
  };
  const matcher = createMatcher(deps);
  const all: UseCaseDeps = {
    ...deps,
    jobBoard: jobs,
    ...{ leadStore, schemeStore, holdExpiry },
    ...{ runStore: new MemoryRematchRunStore(), rematchQueue: new MemoryRematchQueue() },
    ...{ cronCheck: createCronCheck(), defaultCron: '0 18 * * *' },
    ...{ endpointStore: new MemoryEndpointStore(), deliveryStore: new MemoryDeliveryStore() },
    deliverySignal: { wake: async () => undefined },
    ...{ signer: new StandardSigner(), secretBox: createSecretBox(undefined) },
    sender: new MemoryWebhookSender(() => clock.now()),
    reportStore: new MemoryReportStore(),
    auditStore: new MemoryAuditStore(ids),
    makeTextCompare: () => ({ names: () => 0, texts: () => 0 }),
    calendar: createWorkCalendar(),
    holds: createHoldEffects({ ...deps, leadStore, schemeStore, holdExpiry }),
    schemeId: 'zj-pairing',
    accounts: new MemoryAccountStore(),
    hasher: new MemoryPasswordHasher(ids),
    throttle: new MemoryThrottle(clock, SIGN_IN_LIMITS),
    signedIn: createSignedInCache(clock),
    demoMode: false,
    settings: ACCOUNT_SETTINGS,
    adcodes: async () => (await references.current()).adcodes,
  };
  const as = (caller: Caller) => createUseCases(all, caller);
  const useCases = { ...as(SYSTEM_CALLER), ...createPublicUseCases({ probes }) };

  return {
    ...deps,
    ...{ jobs, enqueued, lines, probes, referenceStore, textAsked, matcher, useCases, signalled },
    /** The use cases of somebody else than the service itself. */
    as,
    /** Submits a need without a key and gives its id. */
    async submit(need: Need = tinyNeed()): Promise<string> {
      return (await useCases.submitNeed(need, null)).stored.id;
    },
  };
}

export type Bench = Awaited<ReturnType<typeof makeBench>>;
