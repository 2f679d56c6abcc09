import { describe, expect, it } from 'vitest';
import { type Caller, SYSTEM_CALLER } from '../../src/domain/access.js';
import type { Need } from '../../src/domain/need.js';
import { changedFields } from '../../src/usecases/need-changes.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import {
  HOST,
  ORIGIN,
  OTHER_HOST,
  tinyChain,
  tinyIndustry,
  tinyLink,
  tinyNeed,
  tinyReference,
} from '../matching/tiny.js';
import { makeBench } from './bench.js';
import { settled } from './manual-clock.js';

const reference = tinyReference({
  chains: [tinyChain('semi', [tinyLink('chip', ['3973'])])],
  industries: ['3985', '3973'].map(tinyIndustry),
});
const staffOf = (countyAdcode: string): Caller => ({
  actor: { kind: 'user', id: `user_${countyAdcode}`, role: 'sourceStaff', countyAdcode, scopes: [] },
  requestId: `request-${countyAdcode}`,
});
const auditor: Caller = {
  actor: { kind: 'user', id: 'user_auditor', role: 'auditor', countyAdcode: null, scopes: [] },
  requestId: null,
};
const needIn = (countyAdcode: string, change: Partial<Need> = {}): Need =>
  tinyNeed({ gbt: '3973', firm: { name: '不可外传有限公司', countyAdcode }, ...change });

/** A need of a firm in ORIGIN, matched, and another county beside it. */
async function two() {
  const bench = await makeBench({ reference });
  const own = bench.as(staffOf(ORIGIN));
  const foreign = bench.as(staffOf(OTHER_HOST));
  const { stored } = await own.submitNeed(needIn(ORIGIN), null);
  await bench.matcher.matchNeed(stored.id, 1);
  return { bench, own, foreign, id: stored.id };
}

const READS: readonly [
  string,
  (
    useCases: Pick<UseCases, 'getNeed' | 'readMatches' | 'readMatchesJson' | 'whatIf' | 'reviseNeed'>,
    id: string,
  ) => Promise<unknown>,
][] = [
  ['getNeed', (useCases, id) => useCases.getNeed(id)],
  ['readMatches', (useCases, id) => useCases.readMatches(id, 0)],
  ['readMatches with waiting', (useCases, id) => useCases.readMatches(id, 10_000)],
  ['readMatchesJson', (useCases, id) => useCases.readMatchesJson(id, 0)],
  ['readMatchesJson with waiting', (useCases, id) => useCases.readMatchesJson(id, 10_000)],
  ['whatIf', (useCases, id) => useCases.whatIf(id, { weights: { time: 1 } })],
  ['reviseNeed', (useCases, id) => useCases.reviseNeed(id, 1, needIn(OTHER_HOST))],
  ['reviseNeed with a stale version', (useCases, id) => useCases.reviseNeed(id, 7, needIn(OTHER_HOST))],
];

describe('a need of another county', () => {
  it.each(READS)('is as if it were not there: %s', async (_name, read) => {
    const { bench, foreign, id } = await two();
    const before = await bench.needStore.get(id);
    let looks = 0;
    const get = bench.needStore.get.bind(bench.needStore);
    bench.needStore.get = async (asked) => {
      looks += 1;
      return get(asked);
    };
    const told = async (asked: string) => {
      looks = 0;
      const error: unknown = await read(foreign, asked).catch((thrown: unknown) => thrown);
      return { error: JSON.stringify(error), message: String(error), looks };
    };
    const missing = await told('need_x');
    expect(missing).toMatchObject({ error: expect.stringContaining('"code":"notFound"'), looks: 1 });
    expect(await told(id)).toEqual(missing);
    await settled();
    expect(bench.clock.sleeping).toBe(0);
    expect(await get(id)).toEqual(before);
  });

  it('stays hidden when it is settled while somebody waits', async () => {
    const { bench, own, foreign } = await two();
    const { stored } = await own.submitNeed(needIn(ORIGIN), null);
    await expect(foreign.readMatches(stored.id, 10_000)).rejects.toMatchObject({ code: 'notFound' });
    const waiting = own.readMatches(stored.id, 10_000);
    await settled();
    await bench.matcher.matchNeed(stored.id, 1);
    expect((await waiting).status).toBe('ready');
  });

  it('is in no list, while the province lists all', async () => {
    const { bench, own, foreign, id } = await two();
    const other = (await foreign.submitNeed(needIn(OTHER_HOST), null)).stored.id;
    const ids = async (useCases: Pick<UseCases, 'listNeeds'>) =>
      (await useCases.listNeeds(null, 10)).items.map((stored) => stored.id);
    expect(await ids(own)).toEqual([id]);
    expect(await ids(foreign)).toEqual([other]);
    expect((await ids(bench.as(auditor))).sort()).toEqual([id, other].sort());
    expect((await ids(bench.as(SYSTEM_CALLER))).sort()).toEqual([id, other].sort());
  });

  it.each(['submitNeed', 'reviseNeed'] as const)('can’t be written: %s', async (what) => {
    const { bench, foreign, id } = await two();
    const need = needIn(ORIGIN);
    const writing = what === 'submitNeed' ? foreign.submitNeed(need, 'k') : foreign.reviseNeed(id, 1, need);
    const error: unknown = await writing.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'firm.countyAdcode', code: 'notYourCounty' }],
    });
    expect(JSON.stringify(error)).not.toContain(ORIGIN);
    expect((await bench.useCases.listNeeds(null, 10)).items).toHaveLength(1);
  });

  it('can’t be made of an own one', async () => {
    const { own, id } = await two();
    await expect(own.reviseNeed(id, 1, needIn(OTHER_HOST))).rejects.toMatchObject({ code: 'invalidInput' });
  });
});

describe('an idempotency key', () => {
  it('is its county’s own: another county’s says nothing', async () => {
    const { bench, own, foreign } = await two();
    const first = await own.submitNeed(needIn(ORIGIN), 'key-1');
    const second = await foreign.submitNeed(needIn(OTHER_HOST), 'key-1');
    const third = await bench.useCases.submitNeed(needIn(ORIGIN), 'key-1');
    expect([first, second, third].map(({ replayed }) => replayed)).toEqual([false, false, false]);
    expect(new Set([first, second, third].map(({ stored }) => stored.id)).size).toBe(3);
    expect(await own.submitNeed(needIn(ORIGIN), 'key-1')).toEqual({ ...first, replayed: true });
  });
});

describe('coverage', () => {
  it('counts the needs of every county and names those the caller sees', async () => {
    const { bench, own, foreign, id } = await two();
    const other = (await foreign.submitNeed(needIn(OTHER_HOST), null)).stored.id;
    await bench.matcher.matchNeed(other, 1);
    const named = async (useCases: Pick<UseCases, 'readCoverage'>) => {
      const [link] = (await useCases.readCoverage('semi', HOST, null, 100)).missing;
      return { total: link?.needsTotal, ids: link?.needs.map((need) => need.id) };
    };
    expect(await named(own)).toEqual({ total: 2, ids: [id] });
    expect(await named(foreign)).toEqual({ total: 2, ids: [other] });
    expect(await named(bench.as(staffOf(HOST)))).toEqual({ total: 2, ids: [] });
    expect((await named(bench.as(auditor))).ids?.toSorted()).toEqual([id, other].sort());
    const text = JSON.stringify(await bench.as(staffOf(HOST)).readCoverage('semi', HOST, null, 1));
    expect(text).not.toContain('need_');
  });
});

describe('changes of needs', () => {
  it('stand in the outbox with who, when and which fields, and nothing of the firm', async () => {
    const { bench, own, id } = await two();
    await bench.clock.advance(1_000);
    const next = needIn(ORIGIN, { title: '新标题', land: { minMu: 11 }, workers: 7 });
    const { need: before } = await own.getNeed(id);
    await own.reviseNeed(id, 1, next);
    const { id: actorId, scopes, ...actor } = staffOf(ORIGIN).actor;
    const change = {
      actor: { id: actorId, ...actor },
      requestId: `request-${ORIGIN}`,
      chains: [ORIGIN],
      scheme: null,
    };
    expect(scopes).toEqual([]);
    const told = await bench.needStore.outbox.of([id]);
    // What matching tells stands there too.
    expect(told.filter(({ type }) => type.startsWith('need.'))).toEqual([
      {
        ...change,
        id: `${id}.1`,
        at: '2026-03-01T00:00:00.000Z',
        type: 'need.submitted',
        object: { kind: 'need', id, version: 1 },
        before: null,
        after: { version: 1, changedFields: [] },
      },
      {
        ...change,
        id: `${id}.2`,
        at: '2026-03-01T00:00:01.000Z',
        type: 'need.revised',
        object: { kind: 'need', id, version: 2 },
        before: { version: 1 },
        after: { version: 2, changedFields: changedFields(before, next) },
      },
    ]);
    expect(changedFields(before, next)).toEqual(expect.arrayContaining(['title', 'workers']));
    expect(JSON.stringify(await bench.needStore.outbox.of([id]))).not.toMatch(/不可外传|新标题/);
    expect(bench.signalled).toEqual(told.map(() => ({ outbox: 'need', objectId: id })));
  });

  it('are told of only after the need is stored, once, not for a replay', async () => {
    const bench = await makeBench({ reference });
    const own = bench.as(staffOf(ORIGIN));
    const { stored } = await own.submitNeed(needIn(ORIGIN), 'k');
    await own.submitNeed(needIn(ORIGIN), 'k');
    await expect(own.reviseNeed(stored.id, 9, needIn(ORIGIN))).rejects.toMatchObject({ code: 'versionConflict' });
    expect(bench.signalled).toHaveLength(1);
    expect(await bench.needStore.outbox.of([stored.id])).toHaveLength(1);
  });

  it('of a need that the province moves are in the trail of both counties', async () => {
    const { bench, own, foreign, id } = await two();
    await bench.useCases.reviseNeed(id, 1, needIn(OTHER_HOST));
    expect((await bench.needStore.outbox.of([id])).at(-1)?.chains).toEqual([OTHER_HOST, ORIGIN]);
    await expect(own.getNeed(id)).rejects.toMatchObject({ code: 'notFound' });
    expect((await foreign.getNeed(id)).version).toBe(2);
  });

  it('name fields as paths: changed, added, taken away, in lists as a whole', () => {
    const before = {
      title: 'a',
      firm: { name: 'x', countyAdcode: '1' },
      land: { minMu: 1, phases: [{ mu: 1 }] },
      workers: 1,
    };
    const after = {
      title: 'a',
      firm: { name: 'y', countyAdcode: '1' },
      land: { minMu: 1, phases: [{ mu: 2 }] },
      taxWan: 1,
    };
    expect(changedFields(before, after)).toEqual(['firm.name', 'land.phases', 'taxWan', 'workers']);
    expect(changedFields(before, structuredClone(before))).toEqual([]);
    expect(changedFields({ emissions: { codT: 1 } }, {})).toEqual(['emissions']);
  });
});
