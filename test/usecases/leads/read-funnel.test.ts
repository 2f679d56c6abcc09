import { describe, expect, it } from 'vitest';
import { loadSeedData } from '../../../seeds/load.js';
import type { Caller } from '../../../src/domain/access.js';
import type { Lead } from '../../../src/domain/lead.js';
import type { FunnelBy } from '../../../src/domain/lead-reports.js';
import { MemoryLeadStore } from '../../../src/memory/lead-store.js';
import { MemorySchemeStore } from '../../../src/memory/scheme-store.js';
import type { LeadStore } from '../../../src/ports/lead-store.js';
import { FUNNEL_LEADS_MAX, type FunnelDeps, readFunnel } from '../../../src/usecases/leads/read-funnel.js';
import type { Edition } from '../../../src/usecases/reference-cache.js';
import { callerOf, LIANDU, makeLead, makeScheme, START, step, TIANTAI, TONGXIANG, YIWU } from './reading-world.js';

const { reference } = loadSeedData();
const COORDINATOR = callerOf('coordinator', null);

function depsOf(leadStore: Pick<LeadStore, 'list'>, slept: number[] = [], tickMs = 5): FunnelDeps {
  const schemeStore = new MemorySchemeStore();
  void schemeStore.insert(makeScheme(), []);
  let ms = 0;
  return {
    leadStore,
    schemeStore,
    references: { current: async () => ({ name: 'seed', data: reference }) as Edition },
    clock: {
      monotonicMs: () => {
        ms += tickMs;
        return ms;
      },
      sleep: async (forMs) => {
        slept.push(forMs);
      },
    },
  };
}

async function storeOf(leads: readonly Lead[]): Promise<MemoryLeadStore> {
  const leadStore = new MemoryLeadStore();
  for (const lead of leads) await leadStore.insert(lead, []);
  return leadStore;
}

async function funnel(leads: readonly Lead[], by: FunnelBy, caller: Caller = COORDINATOR, from = '2026-03-01') {
  return await readFunnel(depsOf(await storeOf(leads)), caller, { by, from, to: '2026-12-31' });
}

const toTiantai = { hostAdcode: TIANTAI, parkId: '331023-01' };
const from = (chainId: string | null) => ({ chainId });

/** Seven leads whose ways can be followed by hand; days are after START. */
const LEADS: readonly Lead[] = [
  // Landed: accepted after 1 day, signed after 40, land after 100.
  makeLead(1, {
    ...from('auto-parts'),
    history: [
      step('push', 'pushed', 0),
      step('accept', 'accepted', 1, { from: 'pushed' }),
      step('assess', 'assessed', 3, { from: 'accepted' }),
      step('beginTalk', 'firstTalk', 20, { from: 'assessed' }),
      step('sign', 'signed', 40, { from: 'firstTalk' }),
      step('supplyLand', 'landSupplied', 100, { from: 'signed' }),
      step('startConstruction', 'construction', 130, { from: 'landSupplied' }),
    ],
  }),
  // Accepted after 3 days, signed after 60, then ended: it still was accepted and signed.
  makeLead(2, {
    ...from('auto-parts'),
    history: [
      step('push', 'pushed', 0),
      step('accept', 'accepted', 3, { from: 'pushed' }),
      step('sign', 'signed', 60, { from: 'firstTalk' }),
      step('end', 'ended', 70, { from: 'signed', reason: 'firmWithdrew' }),
    ],
  }),
  // Declined by 莲都, transferred to 天台, accepted there 12 days after the first push.
  makeLead(3, {
    ...toTiantai,
    history: [
      step('push', 'pushed', 0),
      step('accept', 'accepted', 2, { from: 'pushed' }),
      step('decline', 'declined', 5, { from: 'accepted' }),
      step('transfer', 'pushed', 10, { from: 'declined', ...toTiantai }),
      step('accept', 'accepted', 12, { from: 'pushed', ...toTiantai }),
    ],
  }),
  // Pushed from 桐乡 to 天台, and nothing since.
  makeLead(4, { sourceAdcode: TONGXIANG, ...toTiantai, history: [step('push', 'pushed', 4, toTiantai)] }),
  // Only registered; and one that ended before it was pushed.
  makeLead(5, { history: [] }),
  makeLead(6, { history: [step('end', 'ended', 1)] }),
  // Declined at once.
  makeLead(7, {
    history: [step('push', 'pushed', 1), step('decline', 'declined', 2, { from: 'pushed', reason: 'landShort' })],
  }),
];

describe('the funnel', () => {
  it('counts leads by pair of counties, with rates and medians', async () => {
    const view = await funnel(LEADS, 'pair');
    expect(view.rows.map(({ key, label, pushed }) => [key, label, pushed])).toEqual([
      ['330782-331102', '义乌市—莲都区', 3],
      ['330483-331023', '桐乡市—天台县', 1],
      ['330782-331023', '义乌市—天台县', 1],
    ]);
    expect(view.rows[0]).toMatchObject({ accepted: 2, signed: 2, landed: 1, ended: 1, signedRate: 2 / 3 });
    expect(view.rows[0]).toMatchObject({ medianDaysToAccept: 2, medianDaysToSign: 50, medianDaysToLand: 100 });
    expect(view.rows[1]).toMatchObject({ accepted: 0, acceptedRate: 0, medianDaysToAccept: null });
    expect(view.rows[2]).toMatchObject({ accepted: 1, medianDaysToAccept: 12 });
    expect(view.total).toMatchObject({ label: '合计', pushed: 5, accepted: 3, signed: 2, landed: 1, ended: 1 });
    expect(view.total).toMatchObject({ acceptedRate: 0.6, landedRate: 0.2, medianDaysToAccept: 3 });
    expect(view).toMatchObject({ by: 'pair', from: '2026-03-01', to: '2026-12-31', counted: 5, truncated: false });
    expect(view.baseline).toMatchObject({ pushed: 50, landed: 4, landedRate: 0.08 });
  });

  it('names counties, schemes and chains', async () => {
    const labels = async (by: FunnelBy) => (await funnel(LEADS, by)).rows.map(({ label }) => label);
    expect(await labels('county')).toEqual(['莲都区', '天台县']);
    expect(await labels('scheme')).toEqual(['结对招商规则（第1版）']);
    const autoParts = reference.chains.find(({ id }) => id === 'auto-parts')?.name;
    expect(await labels('chain')).toEqual(['未归入产业链', autoParts]);
  });

  it('counts only what the caller may see', async () => {
    const pushed = async (caller: Caller) => (await funnel(LEADS, 'pair', caller)).total.pushed;
    expect(await pushed(callerOf('sourceStaff', YIWU))).toBe(4);
    expect(await pushed(callerOf('sourceStaff', TONGXIANG))).toBe(1);
    expect(await pushed(callerOf('hostStaff', LIANDU))).toBe(3);
    expect(await pushed(callerOf('hostStaff', TIANTAI))).toBe(2);
    expect(await pushed(callerOf('auditor', '331024'))).toBe(0);
  });

  it('counts a lead in the days it was pushed, though it was registered before', async () => {
    const late = makeLead(8, { createdAt: '2026-02-01T00:00:00.000Z', history: [step('push', 'pushed', 4)] });
    expect((await funnel([late], 'pair', COORDINATOR, '2026-03-06')).total.pushed).toBe(1);
    expect((await funnel([late], 'pair', COORDINATOR, '2026-03-07')).total.pushed).toBe(0);
  });

  it('takes days, and moments for the day they are in in China', async () => {
    const deps = depsOf(await storeOf(LEADS));
    const read = (start: string, end: string) => readFunnel(deps, COORDINATOR, { by: 'pair', from: start, to: end });
    const moments = await read('2026-03-01T16:00:00.000Z', '2026-03-02T15:59:59.999Z');
    expect(moments).toMatchObject({ from: '2026-03-02', to: '2026-03-02', counted: 3 });
    expect(moments).toEqual(await read('2026-03-02', '2026-03-02'));
    expect((await read('0001-01-01', '9999-12-31')).counted).toBe(5);
    for (const [start, end, field] of [
      ['soon', '2026-03-02', 'from'],
      ['2026-03-02', '2026-02-30', 'to'],
      ['2026-03-02', '2026-03-01', 'to'],
    ] as const) {
      await expect(read(start, end)).rejects.toMatchObject({ code: 'invalidInput', issues: [{ field }] });
    }
  });

  const endless: Pick<LeadStore, 'list'> = {
    async list(_filter, cursor, limit) {
      const first = cursor === null ? 0 : Number(cursor);
      const items = Array.from({ length: limit }, (_, index) => makeLead(first + index, { createdAt: START }));
      return { items, nextCursor: String(first + limit) };
    },
  };
  const year = { by: 'county', from: '2026-03-01', to: '2026-12-31' } as const;

  it('looks at so many leads and says that there are more; the event loop gets its turn', async () => {
    const slept: number[] = [];
    const view = await readFunnel(depsOf(endless, slept), COORDINATOR, year);
    expect(view).toMatchObject({ counted: FUNNEL_LEADS_MAX, truncated: true });
    expect(slept.length).toBeGreaterThan(5);
  });

  it('answers with what it has seen when that takes too long', async () => {
    const view = await readFunnel(depsOf(endless, [], 600), COORDINATOR, year);
    expect(view.truncated).toBe(true);
    expect(view.counted).toBeLessThan(FUNNEL_LEADS_MAX);
    expect(view.counted).toBeGreaterThan(0);
  });
});
