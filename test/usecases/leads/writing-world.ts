import type { Caller, Role } from '../../../src/domain/access.js';
import type { Change } from '../../../src/domain/change.js';
import type { HoldKind } from '../../../src/domain/hold.js';
import type { Lead, MoveRequest } from '../../../src/domain/lead.js';
import type { Need } from '../../../src/domain/need.js';
import type { ReferenceData } from '../../../src/domain/reference.js';
import type { Scheme } from '../../../src/domain/scheme.js';
import { dayNumber } from '../../../src/domain/units.js';
import { MemoryLeadStore } from '../../../src/memory/lead-store.js';
import { MemoryNeedStore } from '../../../src/memory/need-store.js';
import { MemoryReferenceStore } from '../../../src/memory/reference-store.js';
import { MemoryReportStore } from '../../../src/memory/report-store.js';
import { MemorySchemeStore } from '../../../src/memory/scheme-store.js';
import type { LeadStore } from '../../../src/ports/lead-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import type { ReportStore } from '../../../src/ports/report-store.js';
import type { SchemeStore } from '../../../src/ports/scheme-store.js';
import { textCompareOf } from '../../../src/text/text-compare.js';
import type { HoldPort } from '../../../src/usecases/leads/hold-effects.js';
import { createLeadWriting, type LeadWritingDeps } from '../../../src/usecases/leads/lead-writing.js';
import { raiseDueClocks } from '../../../src/usecases/leads/raise-clocks.js';
import { createReferenceCache } from '../../../src/usecases/reference-cache.js';
import { tinyCounty, tinyNeed, tinyPark, tinyReference } from '../../matching/tiny.js';
import { makeScheme } from '../../support/conformance/lead-records.js';
import { makeStoredNeed, needIdOf, revise } from '../../support/conformance/records.js';
import { recordingLog } from '../../support/recording-log.js';
import { countingIds, plainSearch, plainText } from '../bench.js';
import { ManualClock } from '../manual-clock.js';

export const SOURCE = '330782';
export const OTHER_SOURCE = '330483';
export const HOSTS = ['331102', '331123', '331121', '331122', '331124', '331125', '331126', '331127'] as const;
export const HOST = HOSTS[0];
export const OTHER_HOST = HOSTS[1];
/** What must never be in a change, a log line or an answer to who may not know it. */
export const SECRETS = ['不可外传', '91330782MA2EXAMPLE', '只说给你们听'] as const;
export const NOTE = '只说给你们听';

/** The id of the park of a county; its second one where `number` is 2. */
export const parkOf = (adcode: string, number = 1): string => `${adcode}-0${number}`;

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

export const sourceStaff = (adcode: string = SOURCE): Caller => caller('sourceStaff', adcode);
export const hostStaff = (adcode: string = HOST): Caller => caller('hostStaff', adcode);
export const coordinator = caller('coordinator', null);
export const auditor = (adcode: string | null): Caller => caller('auditor', adcode);
export const program = (adcode: string | null, scopes: Caller['actor']['scopes']): Caller =>
  caller('integration', adcode, scopes);

interface Stores {
  readonly leadStore: LeadStore;
  readonly reportStore: ReportStore;
  readonly schemeStore: SchemeStore;
  /** By the kind of signal. */
  readonly outboxes: Readonly<Record<'lead' | 'report' | 'scheme', Outbox>>;
}

export function memoryStores(): Stores {
  const [leadStore, reportStore, schemeStore] = [
    new MemoryLeadStore(),
    new MemoryReportStore(),
    new MemorySchemeStore(),
  ] as const;
  return {
    ...{ leadStore, reportStore, schemeStore },
    outboxes: { lead: leadStore.outbox, report: reportStore.outbox, scheme: schemeStore.outbox },
  };
}

/** Made once: its dictionary takes half a second. */
const compare = textCompareOf(tinyReference());

/** Weekdays are worked. */
const calendar = {
  isWorkingDay: (day: string) => ![0, 6].includes(new Date(dayNumber(day) * 86_400_000).getUTCDay()),
  knownUntil: '2026-12-31',
};

function fakeHolds() {
  const held = new Map<string, { readonly kind: HoldKind; readonly until: string }>();
  const done: string[] = [];
  const away = { now: false };
  const record = (line: string): void => {
    if (away.now) throw new Error('park away');
    done.push(line);
  };
  const holds: HoldPort = {
    holdOf: async (lead) => held.get(lead.claim?.holdId ?? '') ?? null,
    release: async (lead, holdId, parkId, reason) => record(`release ${lead.id} ${holdId} ${parkId} ${reason}`),
    use: async (lead, holdId, parkId) => record(`use ${lead.id} ${holdId} ${parkId}`),
  };
  return { holds, held, done, away };
}

export interface WorldOptions {
  readonly rules?: Partial<Scheme['rules']>;
  readonly stores?: Stores;
  readonly reference?: Partial<ReferenceData>;
}

/** Leads on stores in memory (or those given), with needs, parks in eight counties and holds that are only said. */
export async function makeWorld({ rules = {}, stores = memoryStores(), reference = {} }: WorldOptions = {}) {
  // A Monday, 09:00 in Asia/Shanghai.
  const clock = new ManualClock('2026-03-02T01:00:00.000Z');
  const needStore = new MemoryNeedStore();
  const referenceStore = new MemoryReferenceStore();
  const { log, lines } = recordingLog();
  const counties = [SOURCE, OTHER_SOURCE, ...HOSTS].map((adcode) => tinyCounty(adcode));
  await referenceStore.publish('edition-1', tinyReference({ counties, ...reference }));
  const parks = [SOURCE, ...HOSTS].flatMap((adcode) =>
    [1, 2].map((number) => tinyPark(parkOf(adcode, number), {}, adcode)),
  );
  const { holds, held, done, away } = fakeHolds();
  const signalled: string[] = [];
  const deps: LeadWritingDeps = {
    ...stores,
    ...{ needStore, clock, log, holds, calendar },
    parkStore: { get: async (id) => parks.find((park) => park.id === id) ?? null },
    references: createReferenceCache({
      ...{ referenceStore, clock, makeSearch: plainSearch, makeText: plainText },
      maxAgeMs: 5_000,
    }),
    makeTextCompare: () => compare,
    ids: countingIds(),
    changes: { changed: (kind, id) => signalled.push(`${kind} ${id}`) },
    schemeId: 'zj-pairing',
  };
  await stores.schemeStore.insert(makeScheme({ rules }), []);
  let needs = 0;

  return {
    ...stores,
    ...{ deps, clock, held, done, away, lines, signalled, needStore },
    as: (who: Caller) => createLeadWriting(deps, who),
    raise: (limit = 100) => raiseDueClocks(deps, limit),
    /** Stores a need and gives its id. */
    async need(change: Partial<Need> = {}): Promise<string> {
      needs += 1;
      const id = needIdOf(needs);
      await needStore.insert(makeStoredNeed(needs, { id, need: tinyNeed(change) }), []);
      return id;
    },
    async reviseNeed(id: string, change: Partial<Need>): Promise<void> {
      const stored = await needStore.get(id);
      if (stored === null) throw new Error('no such need');
      await needStore.replace(revise(stored, { ...stored.need, ...change }), stored.version, []);
    },
    /** Registers a need of the source county with the parks' counties. */
    async register(needId: string, parkIds: readonly string[] = [parkOf(HOST)], who: Caller = sourceStaff()) {
      return createLeadWriting(deps, who).registerLeads({ needId, parkIds, note: NOTE });
    },
    /** Makes moves one after another, each as whoever's turn it is said to be; gives the lead. */
    async walk(id: string, ...steps: readonly (readonly [Caller, MoveRequest])[]): Promise<Lead> {
      for (const [who, request] of steps) {
        const { version } = await this.lead(id);
        await createLeadWriting(deps, who).moveLead(id, version, request);
      }
      return this.lead(id);
    },
    async lead(id: string): Promise<Lead> {
      const lead = await stores.leadStore.get(id);
      if (lead === null) throw new Error('no such lead');
      return lead;
    },
    /** Says that the lead has a hold in its park. */
    async hold(id: string, kind: HoldKind): Promise<void> {
      const lead = await this.lead(id);
      const holdId = `hold_${id}`;
      const claim = { holdId, parkId: lead.parkId, state: 'placed', at: clock.now() } as const;
      await stores.leadStore.replace({ ...lead, claim, version: lead.version + 1 }, lead.version, []);
      held.set(holdId, { kind, until: '2027-01-01T00:00:00.000Z' });
    },
    /** Every change that waits to be carried on. */
    async changes(): Promise<readonly Change[]> {
      const all = await Promise.all(
        Object.values(stores.outboxes).map(async (outbox) => outbox.of(await outbox.waiting(10_000))),
      );
      return all.flat();
    },
  };
}

export type World = Awaited<ReturnType<typeof makeWorld>>;

/** The one lead of a list. */
export function only<T>(items: readonly T[]): T {
  const [first, ...rest] = items;
  if (first === undefined || rest.length > 0) throw new Error(`${items.length} instead of one`);
  return first;
}

/** What a refused promise was refused with. */
export async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('was not refused');
}
