import { beforeEach, describe, expect, it } from 'vitest';
import { loadSeedData } from '../../../seeds/load.js';
import type { Caller } from '../../../src/domain/access.js';
import type { Hold, WaitEntry } from '../../../src/domain/hold.js';
import type { Lead } from '../../../src/domain/lead.js';
import type { Need } from '../../../src/domain/need.js';
import { MemoryAccountStore } from '../../../src/memory/account-store.js';
import { MemoryEndpointStore } from '../../../src/memory/endpoint-store.js';
import { MemoryLeadStore } from '../../../src/memory/lead-store.js';
import { MemoryNeedStore } from '../../../src/memory/need-store.js';
import { MemoryParkStore } from '../../../src/memory/park-store.js';
import { MemoryReportStore } from '../../../src/memory/report-store.js';
import { MemoryResultStore } from '../../../src/memory/result-store.js';
import { MemorySchemeStore } from '../../../src/memory/scheme-store.js';
import { createLeadReading, type LeadReadingDeps } from '../../../src/usecases/leads/lead-reading.js';
import type { Edition } from '../../../src/usecases/reference-cache.js';
import { known, matchTiny, tinyNeed, tinyPark } from '../../matching/tiny.js';
import { makeMatching } from '../../support/conformance/records.js';
import { ManualClock } from '../manual-clock.js';
import {
  callerOf,
  dayAfter,
  LIANDU,
  makeLead,
  makeReport,
  makeScheme,
  makeUser,
  START,
  step,
  TIANTAI,
  TONGXIANG,
  YIWU,
} from './reading-world.js';

const { reference } = loadSeedData();
const PARK = '331102-01';
const SOURCE = callerOf('sourceStaff', YIWU);
const HOST = callerOf('hostStaff', LIANDU);
const COORDINATOR = callerOf('coordinator', null);

/** Asks for more power than anybody knows to be there, and leaves out a county. */
const NEED: Need = tinyNeed({
  land: { minMu: 40 },
  powerKva: 100,
  investWan: 8_000,
  outputWan: 10_000,
  taxWan: 500,
  weights: { wageCost: 3 },
  exclude: { counties: ['331101'] },
});

const HOLD: Hold = {
  id: 'hold_1',
  leadId: makeLead(1).id,
  kind: 'soft',
  amounts: { parcels: [{ parcelId: 'a', mu: 40 }], factors: {} },
  placedAt: START,
  until: dayAfter(30),
  expiringToldAt: null,
  extensions: [],
};
const WAIT: WaitEntry = { holdId: 'hold_2', leadId: HOLD.leadId, amounts: HOLD.amounts, askedAt: START };

/** Parks of 莲都 whose power is unknown, 0 (out) or plenty; and one of another county. */
const PARKS = [
  tinyPark(PARK, { factors: { powerKva: known(null) } }, LIANDU),
  tinyPark('331102-02', {}, LIANDU),
  tinyPark('331102-03', { factors: { powerKva: known(500) } }, LIANDU),
  tinyPark('331101-01', { factors: { powerKva: known(500) } }, '331101'),
];

async function makeWorld() {
  const clock = new ManualClock(START);
  const stores = {
    leadStore: new MemoryLeadStore(),
    reportStore: new MemoryReportStore(),
    schemeStore: new MemorySchemeStore(),
    needStore: new MemoryNeedStore(),
    resultStore: new MemoryResultStore(),
    parkStore: new MemoryParkStore(),
    accountStore: new MemoryAccountStore(),
    endpointStore: new MemoryEndpointStore(),
  };
  const deps: LeadReadingDeps = {
    ...stores,
    clock,
    references: { current: async () => ({ name: 'seed', data: reference }) as Edition },
    holds: {
      holdOf: async () => ({ kind: HOLD.kind, until: HOLD.until }),
      release: async () => undefined,
      use: async () => undefined,
    },
  };
  await stores.schemeStore.insert(makeScheme(), []);
  await stores.parkStore.seed(PARKS);
  await stores.reportStore.append(makeReport(1, { standing: 'first' }), []);
  return {
    ...stores,
    clock,
    /** Stores the need with its result, and the lead. */
    async keep(lead: Lead, need: Need = NEED) {
      const result = { ...matchTiny(PARKS, need), needId: lead.needId };
      const { id: resultId } = await stores.resultStore.put(result);
      const matching = makeMatching({ status: 'ready', resultId });
      const first = { version: 1, need, at: START };
      const times = { createdAt: START, updatedAt: START };
      const base = { id: lead.needId, version: 1, need, history: [first], firstBodyDigest: null };
      await stores.needStore.insert({ ...base, ...times, matching }, []);
      await stores.leadStore.insert(lead, []);
    },
    plan: (caller: Caller, id: string) => createLeadReading(deps, caller).readPlan(id),
    inbox: (caller: Caller) => createLeadReading(deps, caller).readInbox(null, 20),
    funnel: (caller: Caller) =>
      createLeadReading(deps, caller).readFunnel({ by: 'county', from: '2026-03-01', to: '2026-03-31' }),
  };
}

let world: Awaited<ReturnType<typeof makeWorld>>;
beforeEach(async () => {
  world = await makeWorld();
});

/** Pushed today; the host is to answer within a day. */
const pushed = makeLead(1, {
  clocks: [{ kind: 'response', startedAt: START, dueAt: dayAfter(1), dueToldAt: null, overdueToldAt: null }],
  waitsFor: { party: 'host', adcode: LIANDU, dueAt: dayAfter(1) },
});

describe('whose plan it is', () => {
  it('is both counties’ and the province’s, and there is none for anybody else', async () => {
    await world.keep(pushed);
    for (const caller of [SOURCE, HOST, COORDINATOR, callerOf('auditor', null), callerOf('auditor', LIANDU)]) {
      expect((await world.plan(caller, pushed.id)).view.lead.id).toBe(pushed.id);
    }
    const none = await world.plan(SOURCE, 'lead_none').catch((error: unknown) => error);
    expect(none).toMatchObject({ code: 'notFound' });
    for (const caller of [callerOf('hostStaff', TIANTAI), callerOf('sourceStaff', TONGXIANG)]) {
      await expect(world.plan(caller, pushed.id)).rejects.toEqual(none);
    }
  });

  it('is not the host’s before the lead is pushed', async () => {
    const registered = makeLead(1, { history: [] });
    await world.keep(registered);
    await expect(world.plan(HOST, registered.id)).rejects.toMatchObject({ code: 'notFound' });
    expect((await world.plan(SOURCE, registered.id)).view.lead.stage).toBe('registered');
  });

  it('carries nothing of the firm while the host is blind', async () => {
    await world.keep(pushed);
    const blind = await world.plan(HOST, pushed.id);
    expect(blind.view.blind).toBe(true);
    const text = JSON.stringify(blind);
    for (const secret of ['不可外传', '91330782MA2EXAMPLE', 'weights', 'exclude']) expect(text).not.toContain(secret);
    expect((await world.plan(SOURCE, pushed.id)).view.firm?.name).toBe('不可外传有限公司');
    await world.leadStore.replace({ ...pushed, disclosedAt: START, version: 2 }, 1, []);
    expect((await world.plan(HOST, pushed.id)).view.title).toBe('不可外传的标题');
  });

  it('does not tell a blind host that the firm left its county out', async () => {
    const there = makeLead(1, {
      hostAdcode: '331101',
      parkId: '331101-01',
      history: [step('push', 'pushed', 0, { hostAdcode: '331101', parkId: '331101-01' })],
    });
    await world.keep(there);
    const gatesFor = async (caller: Caller) => (await world.plan(caller, there.id)).openGates.map(({ gate }) => gate);
    expect(await gatesFor(SOURCE)).toEqual(['excludedCounty']);
    expect(await gatesFor(callerOf('hostStaff', '331101'))).toEqual([]);
  });
});

describe('match and gates', () => {
  it('are those of the lead’s own park', async () => {
    await world.keep(pushed);
    const { match, openGates } = await world.plan(HOST, pushed.id);
    expect(match).toMatchObject({ rank: 2, status: 'conditional' });
    expect(Object.keys(match ?? {}).sort()).toEqual(['chainFit', 'contributions', 'rank', 'score', 'status']);
    const points = match?.contributions.reduce((sum, one) => sum + one.points, 0);
    expect(points).toBe(match?.score);
    expect(openGates.map(({ gate, outcome }) => [gate, outcome])).toEqual([['powerKva', 'unknown']]);
    const text = JSON.stringify(await world.plan(COORDINATOR, pushed.id));
    expect(text).not.toContain('331102-03');
  });

  it('of an excluded park are the gates it fails', async () => {
    const lead = { ...pushed, parkId: '331102-02' };
    await world.keep(lead);
    const { match, openGates } = await world.plan(HOST, lead.id);
    expect(match).toBeNull();
    expect(openGates.map(({ gate, outcome }) => [gate, outcome])).toEqual([['powerKva', 'fail']]);
  });

  it('are of the version that was pushed, and none once another was matched', async () => {
    await world.keep(pushed);
    const stored = await world.needStore.get(pushed.needId);
    if (stored === null) throw new Error('no need');
    const need = { ...NEED, taxWan: 9_999 };
    const { id: resultId } = await world.resultStore.put({
      ...matchTiny(PARKS, need),
      needId: pushed.needId,
      version: 2,
    });
    const history = [...stored.history, { version: 2, need, at: dayAfter(1) }];
    const matching = makeMatching({ status: 'ready', resultId });
    await world.needStore.replace({ ...stored, version: 2, need, history, matching }, 1, []);
    const plan = await world.plan(HOST, pushed.id);
    expect(plan).toMatchObject({ match: null, openGates: [] });
    expect(plan.share.taxWan?.total).toBe(500);
  });

  it('are none while there is no result, or the park is not in it', async () => {
    const elsewhere = { ...pushed, parkId: '331102-99' };
    await world.keep(elsewhere);
    expect(await world.plan(HOST, elsewhere.id)).toMatchObject({ match: null, openGates: [], hold: null });
    const stored = await world.needStore.get(pushed.needId);
    if (stored === null) throw new Error('no need');
    const matching = makeMatching();
    await world.needStore.replace({ ...stored, version: 2, matching }, 1, []);
    expect((await world.plan(HOST, pushed.id)).match).toBeNull();
  });
});

describe('policies', () => {
  const amounts = async (lead: Lead) => {
    await world.keep(lead);
    return (await world.plan(COORDINATOR, lead.id)).policies.map(({ maxWanPerYear }) => maxWanPerYear);
  };

  it('show 500 万元 a year from 义乌 to 莲都', async () => {
    expect(await amounts(pushed)).toContain(500);
  });

  it('show no such sum from 桐乡 to 天台', async () => {
    const other = { ...pushed, sourceAdcode: TONGXIANG, hostAdcode: TIANTAI };
    const found = await amounts(other);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((amount) => amount === null)).toBe(true);
  });

  it('are those of the lead’s chain and of the links the need states', async () => {
    const link = reference.chains.find(({ id }) => id === 'stationery-pen-commodity')?.links[0]?.id ?? '';
    const lead = { ...pushed, chainId: 'intelligent-equipment' };
    await world.keep(lead);
    const idsOf = async () => (await world.plan(HOST, lead.id)).policies.map(({ id }) => id);
    expect(await idsOf()).toContain('ywld-digital');
    expect(await idsOf()).not.toContain('ywld-express');
    const stating = makeLead(2, { reportId: lead.reportId });
    await world.needStore.insert(
      {
        ...(await world.needStore.get(lead.needId).then((need) => need ?? Promise.reject(new Error('no need')))),
        id: stating.needId,
        history: [{ version: 1, need: { ...NEED, chain: { links: [link] } }, at: START }],
      },
      [],
    );
    await world.leadStore.insert(stating, []);
    const ids = (await world.plan(HOST, stating.id)).policies.map(({ id }) => id);
    expect(ids).toContain('ywld-express');
    expect(ids).not.toContain('ywld-digital');
  });
});

describe('what is set aside', () => {
  const capacity = { version: 1, holds: [HOLD], waitlist: [WAIT], fenced: [] };
  beforeEach(async () => {
    await world.keep(pushed);
    await world.parkStore.updateCapacity(PARK, { version: 1, capacityVersion: 0 }, capacity, []);
  });

  it('is what the park’s document says of this lead', async () => {
    expect(await world.plan(HOST, pushed.id)).toMatchObject({ hold: HOLD, waiting: WAIT });
    const other = makeLead(2, { needId: pushed.needId, reportId: pushed.reportId });
    await world.leadStore.insert(other, []);
    expect(await world.plan(HOST, other.id)).toMatchObject({ hold: null, waiting: null });
  });

  it('is nothing from the moment the time has run out', async () => {
    await world.clock.advance(30 * 24 * 3_600_000 - 1);
    expect((await world.plan(HOST, pushed.id)).hold?.id).toBe(HOLD.id);
    await world.clock.advance(1);
    expect((await world.plan(HOST, pushed.id)).hold).toBeNull();
  });
});

describe('people, shares and the next step', () => {
  it('names who works on it, by their display names, and nobody who can’t', async () => {
    await world.keep(pushed);
    const users = [
      makeUser(1, { displayName: '义乌甲' }),
      makeUser(2, { displayName: '义乌乙', disabled: true }),
      makeUser(3, { displayName: '莲都甲', role: 'hostStaff', countyAdcode: LIANDU }),
      makeUser(4, { displayName: '天台甲', role: 'hostStaff', countyAdcode: TIANTAI }),
      makeUser(5, { displayName: '莲都审计', role: 'auditor', countyAdcode: LIANDU }),
      makeUser(6, { displayName: '协调员', role: 'coordinator', countyAdcode: null }),
    ];
    for (const user of users) await world.accountStore.insertUser(user, []);
    for (let more = 10; more < 300; more += 1) {
      await world.accountStore.insertUser(makeUser(more, { loginName: `a-${more}`, countyAdcode: TONGXIANG }), []);
    }
    const plan = await world.plan(HOST, pushed.id);
    expect(plan.people).toEqual([
      { party: 'source', displayNames: ['义乌甲'] },
      { party: 'host', displayNames: ['莲都甲'] },
      { party: 'coordinator', displayNames: ['协调员'] },
    ]);
    expect(JSON.stringify(plan)).not.toMatch(/login-|digest/);
  });

  it('shares output, tax and land by the lead’s own version of the scheme', async () => {
    await world.keep(pushed);
    const rules = makeScheme().rules;
    const later = { ...rules, taxShare: { ...rules.taxShare, value: { source: 1, host: 0 } } };
    await world.schemeStore.insert(makeScheme({ version: 2, rules: later }), []);
    const { share, scheme } = await world.plan(SOURCE, pushed.id);
    expect(scheme).toEqual({ id: 'zj-pairing', version: 1, title: '结对招商规则' });
    expect(share.taxWan).toEqual({ total: 500, source: 200, host: 300 });
    expect(share.outputWan).toEqual({ total: 10_000, source: 5_000, host: 5_000 });
    expect(share.landIndicatorMu).toEqual({ total: 40, source: 0, host: 40 });
  });

  it('says whose turn it is, what may be done and by when, whoever asks', async () => {
    await world.keep(pushed);
    const expected = { party: 'host', adcode: LIANDU, dueAt: dayAfter(1) };
    for (const caller of [SOURCE, HOST, callerOf('auditor', YIWU)]) {
      const { nextStep } = await world.plan(caller, pushed.id);
      expect(nextStep).toMatchObject(expected);
      expect(nextStep?.moves).toEqual(['accept', 'decline', 'agreeTransfer', 'end']);
    }
  });

  it('leaves out what is still refused: no signing on a soft hold', async () => {
    const claim = { holdId: HOLD.id, parkId: PARK, state: 'placed', at: START } as const;
    const talking = makeLead(1, {
      disclosedAt: START,
      claim,
      history: [step('push', 'pushed', 0), step('beginTalk', 'firstTalk', 0, { from: 'assessed' })],
      waitsFor: { party: 'host', adcode: LIANDU, dueAt: null },
    });
    await world.keep(talking);
    expect((await world.plan(HOST, talking.id)).nextStep?.moves).toEqual(['agreeTransfer', 'end']);
  });

  it('is nobody’s once the lead is over', async () => {
    const over = makeLead(1, { history: [step('push', 'pushed', 0), step('end', 'ended', 1, { from: 'pushed' })] });
    await world.keep(over);
    expect((await world.plan(HOST, over.id)).nextStep).toBeNull();
  });
});

describe('inbox and funnel of the same caller', () => {
  beforeEach(() => world.keep(pushed));

  it('show the host what waits for it, blind, with its moves', async () => {
    const { items } = await world.inbox(HOST);
    expect(items).toMatchObject([{ kind: 'lead', dueAt: dayAfter(1), overdue: false, view: { blind: true } }]);
    expect(JSON.stringify(items)).not.toContain('不可外传');
    const [item] = items;
    expect(item?.kind === 'lead' && item.view.moves.map(({ move }) => move)).toContain('accept');
    expect((await world.inbox(SOURCE)).items).toEqual([]);
  });

  it('show an auditor what waits for the county, and no move', async () => {
    const { items } = await world.inbox(callerOf('auditor', LIANDU));
    expect(items).toMatchObject([{ kind: 'lead', view: { blind: true, moves: [] } }]);
  });

  it('count for those who see the lead only', async () => {
    expect((await world.funnel(HOST)).rows).toMatchObject([{ label: '莲都区', pushed: 1 }]);
    expect((await world.funnel(callerOf('hostStaff', TIANTAI))).rows).toEqual([]);
  });
});
