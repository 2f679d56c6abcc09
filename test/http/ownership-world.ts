import { createCronCheck } from '../../src/calendar/cron-check.js';
import type { Actor, Caller, Role } from '../../src/domain/access.js';
import { TOKEN_SCOPES } from '../../src/domain/access.js';
import { MemoryAccountStore } from '../../src/memory/account-store.js';
import { MemoryAuditStore } from '../../src/memory/audit-store.js';
import { MemoryDeliveryStore } from '../../src/memory/delivery-store.js';
import { MemoryEndpointStore } from '../../src/memory/endpoint-store.js';
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
import { SIGN_IN_LIMITS } from '../../src/ports/passwords.js';
import { textCompareOf } from '../../src/text/text-compare.js';
import type { SignedIn } from '../../src/usecases/account-use-cases.js';
import { ACCOUNT_SETTINGS } from '../../src/usecases/accounts/settings.js';
import { createSignedInCache } from '../../src/usecases/accounts/signed-in-cache.js';
import { createUseCases } from '../../src/usecases/create-use-cases.js';
import { createSnapshotSource } from '../../src/usecases/current-snapshot.js';
import { createHoldEffects } from '../../src/usecases/holds/hold-effects.js';
import { createMatcher } from '../../src/usecases/match-need.js';
import { createOwnHolds } from '../../src/usecases/own-holds.js';
import { createReferenceCache } from '../../src/usecases/reference-cache.js';
import { createRelay } from '../../src/usecases/relay-outbox.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { AesSecretBox } from '../../src/webhooks/aes-secret-box.js';
import { StandardSigner } from '../../src/webhooks/standard-signer.js';
import { tinyChain, tinyCounty, tinyLink, tinyPark, tinyReference, trusted } from '../matching/tiny.js';
import { makeScheme } from '../support/conformance/lead-records.js';
import { makeRun, runIdOf } from '../support/conformance/rematch-run-store.js';
import { realClock } from '../support/real-clock.js';
import { recordingLog } from '../support/recording-log.js';
import { countingIds, plainSearch, plainText } from '../usecases/bench.js';
import { fakeAuthenticator } from './fake-accounts.js';
import { type Reply, type Sending, type Served, serve } from './served.js';

/** Two source counties and two host counties; A runs from the first to the first, B from the second to the second. */
export const SOURCES = { A: '330782', B: '330483' } as const;
export const HOSTS = { A: '331102', B: '331023' } as const;
export type Side = 'A' | 'B';
export const SIDES: readonly Side[] = ['A', 'B'];

const person = (role: Role, countyAdcode: string | null) => ({ role, countyAdcode });
export const PEOPLE = {
  province: person('coordinator', null),
  auditor: person('auditor', null),
  sourceA: person('sourceStaff', SOURCES.A),
  sourceB: person('sourceStaff', SOURCES.B),
  hostA: person('hostStaff', HOSTS.A),
  hostB: person('hostStaff', HOSTS.B),
  auditorOfSourceA: person('auditor', SOURCES.A),
  auditorOfHostB: person('auditor', HOSTS.B),
  programOfSourceA: person('integration', SOURCES.A),
  programOfHostA: person('integration', HOSTS.A),
} as const;
export type Person = keyof typeof PEOPLE;
export const EVERYBODY = Object.keys(PEOPLE) as readonly Person[];

export function actorOf(who: Person): Actor {
  const { role, countyAdcode } = PEOPLE[who];
  const program = role === 'integration';
  const id = `${program ? 'token' : 'user'}_${who.toLowerCase().padEnd(24, '0')}`;
  return { kind: program ? 'token' : 'user', id, role, countyAdcode, scopes: program ? TOKEN_SCOPES : [] };
}

/** What of a firm must not be learnt by who may not know it; the two are alike, so that a report of one meets the other. */
export const FIRM = {
  A: { name: '甲子精密机械有限公司', title: '甲子扩产', description: '甲子要扩建一条精密机械生产线' },
  B: { name: '乙丑新型材料有限公司', title: '乙丑迁建', description: '乙丑的新型材料项目整体搬迁' },
} as const;

export const CHAIN_ID = 'c1';
export const parkId = (side: Side): string => `${HOSTS[side]}-01`;

async function makeUseCases(): Promise<(caller: Caller) => UseCases> {
  const clock = realClock;
  const ids = countingIds();
  const { log } = recordingLog();
  const [needStore, leadStore, reportStore, schemeStore] = [
    new MemoryNeedStore(),
    new MemoryLeadStore(),
    new MemoryReportStore(),
    new MemorySchemeStore(),
  ] as const;
  const [parkStore, resultStore, referenceStore, accounts] = [
    new MemoryParkStore(),
    new MemoryResultStore(),
    new MemoryReferenceStore(),
    new MemoryAccountStore(),
  ] as const;
  const endpointStore = new MemoryEndpointStore();
  const runStore = new MemoryRematchRunStore();
  const auditStore = new MemoryAuditStore(ids);
  const adcodes = [...Object.values(SOURCES), ...Object.values(HOSTS)];
  await referenceStore.publish(
    'edition-1',
    tinyReference({
      counties: adcodes.map((adcode) => ({ ...tinyCounty(adcode), economy: { gdpYi: 500, provenance: trusted() } })),
      chains: [tinyChain(CHAIN_ID, [tinyLink('l1', ['3985'], [], { endowments: [] })])],
    }),
  );
  await parkStore.seed(SIDES.map((side) => tinyPark(parkId(side), {}, HOSTS[side])));
  await schemeStore.insert(makeScheme(), []);
  const references = createReferenceCache({
    referenceStore,
    makeText: plainText,
    makeSearch: plainSearch,
    clock,
    maxAgeMs: 5_000,
  });
  const relay = createRelay({
    auditStore,
    clock,
    log,
    outboxes: {
      need: needStore.outbox,
      lead: leadStore.outbox,
      park: parkStore.outbox,
      report: reportStore.outbox,
      account: accounts.outbox,
      scheme: schemeStore.outbox,
      endpoint: endpointStore.outbox,
      rematch: runStore.outbox,
    },
  });
  const jobs = new MemoryMatchQueue();
  const shared = { needStore, parkStore, leadStore, schemeStore, references, clock, ids, log, changes: relay };
  const holdExpiry = new MemoryHoldExpiry();
  for (const [number, side] of SIDES.entries()) {
    await runStore.insert(makeRun(number, { reason: 'nightly', countyAdcode: SOURCES[side], state: 'done' }), []);
  }
  const rematching = {
    ...{ runStore, historyStore: new MemoryHistoryStore(), rematchQueue: new MemoryRematchQueue() },
    ...{ cronCheck: createCronCheck(), defaultCron: '0 18 * * *' },
  };
  const telling = {
    ...{ endpointStore, deliveryStore: new MemoryDeliveryStore(), deliverySignal: { wake: async () => undefined } },
    ...{ signer: new StandardSigner(), secretBox: new AesSecretBox(Buffer.alloc(32).toString('base64')) },
    sender: new MemoryWebhookSender(clock.now),
  };
  const deps = {
    ...rematching,
    ...telling,
    ...{ ...shared, holdExpiry, reportStore, resultStore, accounts, auditStore },
    ...{ matchQueue: jobs, jobBoard: jobs, resultSignal: new MemoryResultSignal(clock) },
    snapshots: createSnapshotSource({ parkStore, references, clock, ids }),
    ownHolds: createOwnHolds(leadStore),
    holds: createHoldEffects({ ...shared, holdExpiry }),
    makeTextCompare: textCompareOf,
    calendar: { isWorkingDay: () => true, knownUntil: '2100-12-31' },
    schemeId: 'zj-pairing',
    hasher: new MemoryPasswordHasher(ids),
    throttle: new MemoryThrottle(clock, SIGN_IN_LIMITS),
    signedIn: createSignedInCache(clock),
    demoMode: false,
    settings: ACCOUNT_SETTINGS,
    adcodes: async () => new Set<string>(adcodes),
  };
  const matcher = createMatcher(deps);
  return (caller) => {
    const useCases = createUseCases(deps, caller);
    return {
      ...useCases,
      // A worker would match it a moment later.
      async submitNeed(need, key) {
        const submitted = await useCases.submitNeed(need, key);
        await matcher.matchNeed(submitted.stored.id, 1);
        await relay.flush();
        return submitted;
      },
    };
  };
}

/** Ids of what each side has. */
export interface Objects {
  readonly need: string;
  readonly report: string;
  readonly lead: string;
  readonly hold: string;
  readonly token: string;
  readonly run: string;
  readonly endpoint: string;
  readonly delivery: string;
}

export interface World {
  readonly objects: Readonly<Record<Side, Objects>>;
  send(as: Person, method: string, path: string, options?: Omit<Sending, 'as'>): Promise<Reply>;
  close(): Promise<void>;
}

/** A field of an answer, by its path; fails if it is no text. */
function textAt(reply: Reply, ...path: readonly (string | number)[]): string {
  const found = path.reduce<unknown>(
    (value, key) => (value as Readonly<Record<string | number, unknown>> | null)?.[key],
    reply.body,
  );
  if (typeof found !== 'string') throw new Error(`${path.join('.')}: ${reply.status} ${reply.text}`);
  return found;
}

async function makeSide(send: World['send'], side: Side): Promise<Objects> {
  const [source, host] = side === 'A' ? (['sourceA', 'hostA'] as const) : (['sourceB', 'hostB'] as const);
  const { name, title, description } = FIRM[side];
  const body = {
    ...{ firm: { name, countyAdcode: SOURCES[side] }, title, description, gbt: '3985', investWan: 20_000 },
    land: { minMu: 20 },
  };
  const need = textAt(await send(source, 'POST', '/api/v1/needs', { body }), 'id');
  const registered = await send(source, 'POST', '/api/v1/leads', { body: { needId: need, parkIds: [parkId(side)] } });
  const lead = textAt(registered, 'leads', 0, 'lead', 'id');
  const report = textAt(registered, 'report', 'id');
  const read = await send(host, 'GET', `/api/v1/leads/${lead}`);
  const headers = { 'if-match': read.headers.get('etag') ?? '' };
  const accepted = await send(host, 'POST', `/api/v1/leads/${lead}/moves`, { headers, body: { move: 'accept' } });
  if (accepted.status !== 200) throw new Error(`accept: ${accepted.text}`);
  const held = await send(host, 'POST', `/api/v1/leads/${lead}/holds`, { body: { kind: 'soft' } });
  const hold = textAt(held, 'hold', 'id');
  const scopes = { name: '对接', scopes: ['need.read'], expiresInDays: 30 };
  const token = textAt(await send(source, 'POST', '/api/v1/tokens', { body: scopes }), 'token', 'id');
  const made = await send(source, 'POST', '/api/v1/webhooks/endpoints', { body: { url: 'https://hooks.example.cn/' } });
  const endpoint = textAt(made, 'endpoint', 'id');
  const delivery = textAt(await send(source, 'POST', `/api/v1/webhooks/endpoints/${endpoint}/test`), 'id');
  return { need, report, lead, hold, token, run: runIdOf(SIDES.indexOf(side)), endpoint, delivery };
}

/** A real server over the real use cases and stores in memory, with one need, lead and hold on each side. */
export async function makeOwnershipWorld(): Promise<World> {
  const known = new Map<string, SignedIn>(
    EVERYBODY.map((who) => [`shm_${who}`, { actor: actorOf(who), session: null, mustChangePassword: false }]),
  );
  const { authenticator } = fakeAuthenticator({ byToken: async (secret) => known.get(secret) ?? null });
  const server: Served = await serve({}, { authenticator, clock: realClock, useCasesFor: await makeUseCases() });
  const send: World['send'] = (as, method, path, options = {}) =>
    server.call(method, path, { ...options, headers: { ...options.headers, authorization: `Bearer shm_${as}` } });
  const objects = { A: await makeSide(send, 'A'), B: await makeSide(send, 'B') };
  return { objects, send, close: () => server.close() };
}
