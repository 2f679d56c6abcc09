import { describe, expect, it } from 'vitest';
import type { StoredNeed } from '../../src/domain/need.js';
import { resultIdOf } from '../../src/ports/result-store.js';
import { createMatcher, sweepPending } from '../../src/usecases/match-need.js';
import { known, ORIGIN, tinyNeed, tinyPark } from '../matching/tiny.js';
import { makeMatching } from '../support/conformance/records.js';
import { type Bench, makeBench } from './bench.js';

const matchingOf = async (bench: Bench, id: string) => (await bench.needStore.get(id))?.matching;

async function resultOf(bench: Bench, id: string) {
  const resultId = (await matchingOf(bench, id))?.resultId ?? '';
  return { resultId, result: await bench.resultStore.get(resultId) };
}

describe('matchNeed', () => {
  it('stores the result under its key, points the need at it and tells waiting readers', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const told: string[] = [];
    void bench.resultSignal.wait(id, 60_000).then(() => told.push(id));
    expect(await bench.matcher.matchNeed(id, 1)).toBe('done');
    const { resultId, result } = await resultOf(bench, id);
    expect(result).toMatchObject({ needId: id, version: 1, rankedTotal: 2, generatedAt: '2026-03-01T00:00:00.000Z' });
    expect(result === null ? '' : resultIdOf(result)).toBe(resultId);
    expect(await matchingOf(bench, id)).toMatchObject({ status: 'ready', resultId, failure: null });
    expect(told).toEqual([id]);
  });

  it('reads the need’s own words and hands the engine their likeness', async () => {
    const bench = await makeBench({ parks: [tinyPark('p1', {}, ORIGIN)] });
    const id = await bench.submit(tinyNeed({ title: '标题', description: '说明' }));
    await bench.matcher.matchNeed(id, 1);
    expect(bench.textAsked).toEqual(['标题\n说明']);
    const { result } = await resultOf(bench, id);
    const text = result?.ranked[0]?.contributions.find(({ criterion }) => criterion === 'textSimilarity');
    expect(text?.utility).toBe(0.5);
  });

  it('changes nothing when it is done twice', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.matcher.matchNeed(id, 1);
    const before = { ...(await resultOf(bench, id)), need: await bench.needStore.get(id) };
    await bench.clock.advance(60_000);
    expect(await bench.matcher.matchNeed(id, 1)).toBe('done');
    expect({ ...(await resultOf(bench, id)), need: await bench.needStore.get(id) }).toEqual(before);
  });

  it('begins the need’s history and tells of its first result', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.matcher.matchNeed(id, 1);
    const { resultId, result } = await resultOf(bench, id);
    expect((await bench.historyStore.list(id, null, 5)).items).toMatchObject([
      { position: 1, needVersion: 1, changes: [], toResultId: resultId, difference: null, announced: 'match.created' },
    ]);
    const [, told] = await bench.needStore.outbox.of([id]);
    expect(told).toMatchObject({ id: `${id}.m1`, after: { firstParkId: result?.ranked[0]?.park.id, sequence: 1 } });
    await bench.useCases.reviseNeed(id, 1, tinyNeed({ powerKva: 1_000_000 }));
    await bench.matcher.matchNeed(id, 2);
    expect(await bench.historyStore.last(id)).toMatchObject({
      ...{ position: 2, needVersion: 2, fromResultId: resultId, announced: 'match.lost' },
      changes: [{ kind: 'need', from: 1, to: 2 }],
      difference: { first: { from: 'p1', to: null } },
    });
  });

  it('answers for needs that are not there and versions that are not current', async () => {
    const bench = await makeBench();
    expect(await bench.matcher.matchNeed('need_x', 1)).toBe('missing');
    const id = await bench.submit();
    await bench.useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
    expect(await bench.matcher.matchNeed(id, 1)).toBe('superseded');
    expect(await matchingOf(bench, id)).toEqual(makeMatching());
  });

  it('leaves a version that came while it matched to that version’s job', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const put = bench.resultStore.put.bind(bench.resultStore);
    bench.resultStore.put = async (result) => {
      if (result.version === 1) await bench.useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
      return put(result);
    };
    expect(await bench.matcher.matchNeed(id, 1)).toBe('superseded');
    expect(await matchingOf(bench, id)).toEqual(makeMatching());
    expect(await bench.matcher.matchNeed(id, 2)).toBe('done');
    expect((await resultOf(bench, id)).result?.version).toBe(2);
  });

  it('stops at an abort before it has stored anything', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const stop = new AbortController();
    stop.abort(new Error('time is over'));
    await expect(bench.matcher.matchNeed(id, 1, stop.signal)).rejects.toThrow('time is over');
    expect(await matchingOf(bench, id)).toMatchObject({ status: 'pending', resultId: null });
  });

  it('matches against what the parks hold now, with one scratch for provinces of any size', async () => {
    const bench = await makeBench({ parks: [tinyPark('p1')] });
    const need = tinyNeed({ powerKva: 10 });
    const ids = [await bench.submit(need), await bench.submit(need), await bench.submit(need)];
    const totals: (readonly [number | undefined, number | undefined])[] = [];
    const change = [
      async () => {},
      async () => {
        const park = await bench.useCases.getPark('p1');
        const factors = { ...park.inventory.factors, powerKva: known(10) };
        await bench.useCases.updateInventory('p1', 1, { ...park.inventory, factors });
      },
      async () => {
        await bench.parkStore.seed([tinyPark('p2'), tinyPark('p3')]);
      },
    ];
    for (const [index, step] of change.entries()) {
      await step();
      await bench.matcher.matchNeed(ids[index] ?? '', 1);
      const { result } = await resultOf(bench, ids[index] ?? '');
      totals.push([result?.rankedTotal, result?.excludedTotal]);
    }
    expect(totals).toEqual([
      [0, 1],
      [1, 0],
      [1, 2],
    ]);
  });

  it('lets a fault of a store through, so that the job is tried again', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const { resultStore, ...rest } = bench;
    const broken = createMatcher({
      ...rest,
      resultStore: Object.assign(Object.create(resultStore) as typeof resultStore, {
        put: () => Promise.reject(new Error('away')),
      }),
    });
    await expect(broken.matchNeed(id, 1)).rejects.toThrow('away');
    expect((await matchingOf(bench, id))?.status).toBe('pending');
    expect(await bench.matcher.matchNeed(id, 1)).toBe('done');
  });
});

describe('failNeed', () => {
  it('points the need at the failure and tells waiting readers', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const told = bench.resultSignal.wait(id, 60_000);
    await bench.matcher.failNeed(id, 1, 'timeout');
    await told;
    expect(await matchingOf(bench, id)).toEqual(makeMatching({ status: 'failed', failure: 'timeout' }));
  });

  it('neither hides a result that is ready nor touches a newer version', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.matcher.matchNeed(id, 1);
    const ready = await bench.needStore.get(id);
    await bench.matcher.failNeed(id, 1, 'timeout');
    expect(await bench.needStore.get(id)).toEqual(ready);
    await bench.useCases.reviseNeed(id, 1, tinyNeed());
    await bench.matcher.failNeed(id, 1, 'timeout');
    expect((await matchingOf(bench, id))?.status).toBe('pending');
  });

  it('is mended by a later match', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.matcher.failNeed(id, 1, 'timeout');
    expect(await bench.matcher.matchNeed(id, 1)).toBe('done');
    expect(await matchingOf(bench, id)).toMatchObject({ status: 'ready', failure: null });
  });
});

describe('sweepPending', () => {
  it('leaves a job for each need pending for the age, oldest first, with the second as its attempt', async () => {
    const bench = await makeBench();
    const old = await bench.submit();
    await bench.clock.advance(30_000);
    const matched = await bench.submit();
    await bench.matcher.matchNeed(matched, 1);
    const younger = await bench.submit();
    await bench.clock.advance(40_000);
    bench.enqueued.length = 0;
    expect(await sweepPending(bench, 60_000)).toBe(1);
    expect(bench.enqueued).toEqual([{ needId: old, version: 1, attempt: 's20260301000110' }]);
    await bench.clock.advance(60_000);
    expect(await sweepPending(bench, 60_000)).toBe(2);
    expect(bench.enqueued.slice(1)).toEqual([
      { needId: old, version: 1, attempt: 's20260301000210' },
      { needId: younger, version: 1, attempt: 's20260301000210' },
    ]);
  });

  it('asks for the current version', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
    await bench.clock.advance(60_001);
    await sweepPending(bench, 60_000);
    expect(bench.enqueued.at(-1)).toMatchObject({ needId: id, version: 2 });
  });

  it('stops while the queue is away and catches up when it is back', async () => {
    const bench = await makeBench();
    bench.jobs.setAway(true);
    for (let made = 0; made < 3; made += 1) await bench.submit();
    await bench.clock.advance(60_001);
    let asked = 0;
    const counting = {
      ...bench,
      matchQueue: {
        enqueue: (...args: Parameters<typeof bench.matchQueue.enqueue>) => {
          asked += 1;
          return bench.matchQueue.enqueue(...args);
        },
      },
    };
    expect([await sweepPending(counting, 60_000), asked]).toEqual([0, 1]);
    bench.jobs.setAway(false);
    expect([await sweepPending(counting, 60_000), asked]).toEqual([3, 4]);
  });

  it('leaves 500 jobs at most at a time', async () => {
    const bench = await makeBench();
    const first: StoredNeed = (await bench.useCases.submitNeed(tinyNeed(), null)).stored;
    for (let made = 0; made < 501; made += 1) await bench.needStore.insert({ ...first, id: `need_${made}` }, []);
    await bench.clock.advance(60_001);
    expect(await sweepPending(bench, 60_000)).toBe(500);
  });
});
