import type { Caller, Role } from '../../../src/domain/access.js';
import type { Change } from '../../../src/domain/change.js';
import type { Lead } from '../../../src/domain/lead.js';
import type { Need } from '../../../src/domain/need.js';
import type { Park } from '../../../src/domain/park.js';
import type { ReferenceData } from '../../../src/domain/reference.js';
import { MemoryHoldExpiry } from '../../../src/memory/hold-expiry.js';
import { MemoryLeadStore } from '../../../src/memory/lead-store.js';
import { MemoryNeedStore } from '../../../src/memory/need-store.js';
import { MemoryParkStore } from '../../../src/memory/park-store.js';
import { MemoryReferenceStore } from '../../../src/memory/reference-store.js';
import { MemorySchemeStore } from '../../../src/memory/scheme-store.js';
import type { Clock } from '../../../src/ports/clock.js';
import { createSnapshotSource } from '../../../src/usecases/current-snapshot.js';
import { createHoldUseCases } from '../../../src/usecases/holds/create-hold-use-cases.js';
import { createHoldEffects } from '../../../src/usecases/holds/hold-effects.js';
import type { PromoteDeps } from '../../../src/usecases/holds/promote.js';
import type { HoldOutcome, HoldRequest } from '../../../src/usecases/lead-use-cases.js';
import { createReferenceCache } from '../../../src/usecases/reference-cache.js';
import { DAY, HOST, known, ORIGIN, OTHER_HOST, tinyNeed, tinyPark, tinyReference } from '../../matching/tiny.js';
import { idOf, makeLead, makeScheme } from '../../support/conformance/lead-records.js';
import { makeStoredNeed, needIdOf } from '../../support/conformance/records.js';
import { recordingLog } from '../../support/recording-log.js';
import { countingIds, plainSearch, plainText } from '../bench.js';
import { ManualClock } from '../manual-clock.js';

export const SOURCE = ORIGIN;
export { HOST, OTHER_HOST };

const caller = (role: Role, countyAdcode: string | null, scopes: Caller['actor']['scopes'] = []): Caller => ({
  actor: {
    kind: role === 'integration' ? 'token' : 'user',
    id: `user_${role}_${countyAdcode ?? 'province'}`,
    role,
    countyAdcode,
    scopes,
  },
  requestId: 'request-1',
});

export const host = caller('hostStaff', HOST);
export const otherHost = caller('hostStaff', OTHER_HOST);
export const source = caller('sourceStaff', SOURCE);
export const coordinator = caller('coordinator', null);
export const auditor = caller('auditor', HOST);
export const program = (adcode: string, ...scopes: Caller['actor']['scopes']): Caller =>
  caller('integration', adcode, scopes);

const parcel = (id: string, areaMu: number) => ({ id, areaMu, availableFrom: DAY });

/** p1: 60 + 40 mu, 10 t COD, no known NOx; p2 in the other county. */
export const PARKS: readonly Park[] = [
  tinyPark('p1', {
    parcels: [parcel('a', 60), parcel('b', 40)],
    factors: { codT: known(10), noxT: known(null), energyTce: known(1_000) },
  }),
  tinyPark('p2', { parcels: [parcel('a', 60)] }, OTHER_HOST),
];

/** Holds on stores in memory, over parks and leads that are simply there. Time passes when told; pauses take none. */
export async function makeHoldWorld(reference: Partial<ReferenceData> = {}) {
  const manual = new ManualClock();
  const ids = countingIds();
  const { log, lines } = recordingLog();
  const [parkStore, needStore, referenceStore] = [
    new MemoryParkStore(),
    new MemoryNeedStore(),
    new MemoryReferenceStore(),
  ] as const;
  await parkStore.seed(PARKS);
  await referenceStore.publish('edition-1', tinyReference(reference));
  const texts = { makeText: (data: ReferenceData) => plainText(data), makeSearch: plainSearch };
  const references = createReferenceCache({ referenceStore, clock: manual, maxAgeMs: 0, ...texts });
  const snapshots = createSnapshotSource({ parkStore, references, clock: manual, ids });
  const clock: Pick<Clock, 'now' | 'sleep'> = {
    now: () => manual.now(),
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  };
  const leadStore = new MemoryLeadStore();
  const schemeStore = new MemorySchemeStore();
  const holdExpiry = new MemoryHoldExpiry();
  const signalled: string[] = [];
  await schemeStore.insert(makeScheme(), []);
  const deps: PromoteDeps = {
    ...{ parkStore, leadStore, needStore, schemeStore, holdExpiry, snapshots, clock, ids, log },
    changes: { changed: (kind, id) => signalled.push(`${kind} ${id}`) },
  };
  let leads = 0;

  return {
    deps,
    ...{ clock: manual, parkStore, needStore, references, snapshots, leadStore, holdExpiry, signalled, lines },
    as: (who: Caller) => createHoldUseCases(deps, who),
    effects: createHoldEffects(deps),
    /** A lead of a need that asks for so many mu, at a stage; gives its id. */
    async lead(need: Partial<Need> = { land: { minMu: 30 } }, overrides: Partial<Lead> = {}): Promise<string> {
      leads += 1;
      const needId = needIdOf(leads);
      await needStore.insert(makeStoredNeed(leads, { need: tinyNeed(need) }), []);
      const lead = makeLead(leads, {
        ...{ id: idOf('lead', leads), needId, hostAdcode: HOST, parkId: 'p1', stage: 'accepted' },
        ...overrides,
      });
      await leadStore.insert(lead, []);
      return lead.id;
    },
    async edit(id: string, change: Partial<Lead>): Promise<void> {
      const lead = await this.read(id);
      await leadStore.replace({ ...lead, ...change, version: lead.version + 1 }, lead.version, []);
    },
    async read(id: string): Promise<Lead> {
      const lead = await leadStore.get(id);
      if (lead === null) throw new Error('no such lead');
      return lead;
    },
    async park(id = 'p1'): Promise<Park> {
      const park = await parkStore.get(id);
      if (park === null) throw new Error('no such park');
      return park;
    },
    place(leadId: string, request: Partial<HoldRequest> = {}, who: Caller = host): Promise<HoldOutcome> {
      return createHoldUseCases(deps, who).placeHold(leadId, { kind: 'soft', wait: false, ...request });
    },
    /** Changes of the parks, or of the leads, in their order. */
    async changes(of: 'park' | 'lead' = 'park'): Promise<readonly Change[]> {
      const { outbox } = of === 'park' ? parkStore : leadStore;
      return outbox.of(await outbox.waiting(1_000));
    },
    days: (count: number) => manual.advance(count * 86_400_000),
  };
}

export type HoldWorld = Awaited<ReturnType<typeof makeHoldWorld>>;

export const mu = (amount: number, parcelId = 'a') => ({ parcels: [{ parcelId, mu: amount }], factors: {} });
