import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CountyStatus } from '../../src/domain/county.js';
import type { Page } from '../../src/ports/need-store.js';
import {
  HOST,
  known,
  ORIGIN,
  OTHER_HOST,
  tinyChain,
  tinyCounty,
  tinyIndustry,
  tinyPark,
  tinyReference,
  trusted,
} from '../matching/tiny.js';
import { makeBench } from './bench.js';

/** Every item of a list, page by page; fails if a page is too long, empty before the end, or the list never ends. */
async function walk<T>(list: (cursor: string | null, limit: number) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 100; pages += 1) {
    const page: Page<T> = await list(cursor, limit);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    all.push(...page.items);
    if (page.nextCursor === null) return all;
    expect(page.items.length).toBeGreaterThan(0);
    cursor = page.nextCursor;
  }
  throw new Error('the list does not end');
}

const status = (kind: CountyStatus['kind'], from: string, to: string | null): CountyStatus => ({
  scheme: 's',
  kind,
  from,
  to,
  provenance: trusted(),
});

describe('lists', () => {
  it('give every item exactly once in the order of its key, whatever the page size', async () => {
    const { useCases } = await makeBench({
      parks: Array.from({ length: 17 }, (_, index) => tinyPark(`p${(index * 7) % 17}`)),
      reference: tinyReference({ chains: ['z', 'a', 'm', 'b', 'y'].map((id) => tinyChain(id, [])) }),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (limit) => {
        const parks = await walk((cursor, size) => useCases.listParks({}, cursor, size), limit);
        const ids = parks.map(({ id }) => id);
        expect(ids).toEqual([...new Set(ids)].sort());
        expect(ids).toHaveLength(17);
        const chains = await walk((cursor, size) => useCases.listChains(cursor, size), limit);
        expect(chains.map(({ id }) => id)).toEqual(['a', 'b', 'm', 'y', 'z']);
        const counties = await walk((cursor, size) => useCases.listCounties({}, cursor, size), limit);
        expect(counties.map(({ adcode }) => adcode)).toEqual([ORIGIN, HOST, OTHER_HOST]);
      }),
      { numRuns: 20 },
    );
  });

  it('give needs newest first', async () => {
    const bench = await makeBench();
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) {
      ids.unshift(await bench.submit());
      await bench.clock.advance(made % 2);
    }
    const needs = await walk((cursor, size) => bench.useCases.listNeeds(cursor, size), 2);
    expect(needs.map(({ id }) => id)).toEqual(ids);
  });

  it('go on after what was there when an item is added between pages', async () => {
    const { useCases, parkStore } = await makeBench({ parks: [tinyPark('b'), tinyPark('d'), tinyPark('f')] });
    const first = await useCases.listParks({}, null, 2);
    await parkStore.seed([tinyPark('a'), tinyPark('e')]);
    const second = await useCases.listParks({}, first.nextCursor, 2);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['b', 'd', 'e', 'f']);
  });
});

describe('parks', () => {
  it('can be asked for by county', async () => {
    const { useCases } = await makeBench({ parks: [tinyPark('p1'), tinyPark('p2', {}, OTHER_HOST), tinyPark('p3')] });
    const ids = async (countyAdcode: string) =>
      (await useCases.listParks({ countyAdcode }, null, 10)).items.map(({ id }) => id);
    expect([await ids(HOST), await ids(OTHER_HOST), await ids('999999')]).toEqual([['p1', 'p3'], ['p2'], []]);
  });

  it('change their inventory under their version only', async () => {
    const { useCases } = await makeBench();
    const { inventory } = tinyPark('p1', { labourAvailable: known(7) });
    expect(await useCases.updateInventory('p1', 1, inventory)).toMatchObject({ id: 'p1', version: 2, inventory });
    expect((await useCases.getPark('p1')).inventory).toEqual(inventory);
    await expect(useCases.updateInventory('p1', 1, inventory)).rejects.toMatchObject({
      code: 'versionConflict',
      params: { currentVersion: 2 },
    });
    const missing = { code: 'notFound', params: { what: 'park' } };
    await expect(useCases.updateInventory('p9', 1, inventory)).rejects.toMatchObject(missing);
    await expect(useCases.getPark('p9')).rejects.toMatchObject(missing);
  });
});

describe('counties', () => {
  it('can be asked for by what they are today', async () => {
    const counties = [
      { ...tinyCounty('330001'), statuses: [status('mountain', '2021-01-01', null)] },
      { ...tinyCounty('330002'), statuses: [status('mountain', '2021-01-01', '2026-03-01')] },
      { ...tinyCounty('330003'), statuses: [status('mountain', '2021-01-01', '2026-02-28')] },
      { ...tinyCounty('330004'), statuses: [status('mountain', '2026-03-01', null)] },
      { ...tinyCounty('330005'), statuses: [status('mountain', '2026-03-02', null)] },
      {
        ...tinyCounty('330006'),
        statuses: [status('mountain', '2015-01-01', '2020-12-31'), status('industrial', '2021-01-01', null)],
      },
      tinyCounty('330007'),
    ];
    const { useCases, clock } = await makeBench({ reference: tinyReference({ counties }), parks: [] });
    const of = async (kind: 'mountain' | 'industrial' | 'sourceOther') =>
      (await useCases.listCounties({ kind }, null, 10)).items.map(({ adcode }) => adcode);
    expect(await of('mountain')).toEqual(['330001', '330002', '330004']);
    expect(await of('industrial')).toEqual(['330006']);
    expect(await of('sourceOther')).toEqual([]);
    await clock.advance(86_400_000);
    expect(await of('mountain')).toEqual(['330001', '330004', '330005']);
  });
});

describe('industries', () => {
  it('are those the search names, as far as the edition has them', async () => {
    const reference = tinyReference({ industries: [tinyIndustry('3985'), tinyIndustry('2912')] });
    const { useCases } = await makeBench({ reference });
    expect(await useCases.searchIndustries('0000', 5)).toEqual([
      { industry: tinyIndustry('3985'), score: 1 },
      { industry: tinyIndustry('2912'), score: 1 },
    ]);
    expect(await useCases.searchIndustries('0000', 1)).toHaveLength(1);
  });
});

describe('operators', () => {
  it('see failed jobs, newest first, and that the queue is away', async () => {
    const { useCases, jobs } = await makeBench();
    const job = (jobId: string) => ({
      ...{ queue: 'match', jobId, name: 'match', attempts: 3 },
      ...{ failedAt: '2026-03-01T00:00:00.000Z', reason: 'timeout' },
    });
    for (const id of ['1', '2', '3']) jobs.fail(job(id));
    expect(await useCases.listFailedJobs(1, 1)).toEqual({ total: 3, items: [job('2')] });
    jobs.setAway(true);
    await expect(useCases.listFailedJobs(0, 1)).rejects.toMatchObject({ code: 'queueUnavailable' });
  });

  it.each(['mongo', 'redis', 'workers'] as const)('see that %s is not ready', async (name) => {
    const { useCases, probes } = await makeBench();
    expect(await useCases.readiness()).toEqual({ ready: true, checks: { mongo: true, redis: true, workers: true } });
    for (const probe of probes) probe.healthy = probe.name !== name;
    const { ready, checks } = await useCases.readiness();
    expect([ready, checks[name], Object.values(checks).filter(Boolean).length]).toEqual([false, false, 2]);
  });
});
