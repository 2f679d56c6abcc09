import { describe, expect, it } from 'vitest';
import type { MatchView } from '../../src/usecases/use-cases.js';
import { tinyNeed } from '../matching/tiny.js';
import { readyWith } from '../support/conformance/records.js';
import { makeBench } from './bench.js';
import { settled } from './manual-clock.js';

/** Watches a reader without waiting for it. */
function watch(reading: Promise<MatchView>) {
  const seen: { view?: MatchView; error?: unknown } = {};
  reading.then(
    (view) => {
      seen.view = view;
    },
    (error: unknown) => {
      seen.error = error;
    },
  );
  return seen;
}

describe('readMatches without waiting', () => {
  it('says where the need stands', async () => {
    const { useCases, matcher, ...bench } = await makeBench();
    const id = await bench.submit();
    expect(await useCases.readMatches(id, 0)).toEqual({ needId: id, version: 1, status: 'pending' });
    await matcher.failNeed(id, 1, 'timeout');
    expect(await useCases.readMatches(id, 0)).toEqual({
      needId: id,
      version: 1,
      status: 'failed',
      failure: 'timeout',
    });
    await matcher.matchNeed(id, 1);
    const result = await bench.resultStore.get((await bench.needStore.get(id))?.matching.resultId ?? '');
    expect(result).not.toBeNull();
    expect(await useCases.readMatches(id, 0)).toEqual({ status: 'ready', ...result });
    const text = new TextDecoder().decode(await useCases.readMatchesJson(id, 0));
    expect(text).toBe(JSON.stringify(await useCases.readMatches(id, 0)));
    await useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
    expect(await useCases.readMatches(id, 0)).toEqual({ needId: id, version: 2, status: 'pending' });
    expect(JSON.parse(new TextDecoder().decode(await useCases.readMatchesJson(id, 0)))).toEqual({
      needId: id,
      version: 2,
      status: 'pending',
    });
  });

  it('knows no need that was not submitted, also while waiting', async () => {
    const { useCases, clock } = await makeBench();
    for (const waitMs of [0, 10_000]) {
      await expect(useCases.readMatches('need_x', waitMs)).rejects.toMatchObject({
        code: 'notFound',
        params: { what: 'need' },
      });
    }
    await settled();
    expect(clock.sleeping).toBe(0);
  });

  it('raises a fault where the result a need points at is gone', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.needStore.settle(id, 1, readyWith('nowhere'));
    await expect(bench.useCases.readMatches(id, 0)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('readMatches with waiting', () => {
  it.each(['ready', 'failed'] as const)('answers at once when the need is %s already', async (status) => {
    const bench = await makeBench();
    const id = await bench.submit();
    if (status === 'ready') await bench.matcher.matchNeed(id, 1);
    else await bench.matcher.failNeed(id, 1, 'timeout');
    expect((await bench.useCases.readMatches(id, 10_000)).status).toBe(status);
    await settled();
    expect(bench.clock.sleeping).toBe(0);
  });

  it.each(['ready', 'failed'] as const)('is told by the signal when the need becomes %s', async (status) => {
    const bench = await makeBench();
    const id = await bench.submit();
    const seen = watch(bench.useCases.readMatches(id, 10_000));
    await bench.clock.advance(9_000);
    expect(seen).toEqual({});
    if (status === 'ready') await bench.matcher.matchNeed(id, 1);
    else await bench.matcher.failNeed(id, 1, 'timeout');
    await settled();
    expect(seen.view?.status).toBe(status);
    expect(bench.clock.sleeping).toBe(0);
  });

  it('misses nothing that is announced while it looks', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const get = bench.needStore.get.bind(bench.needStore);
    let looks = 0;
    bench.needStore.get = async (key) => {
      looks += 1;
      const stored = await get(key);
      // The worker finishes after this look was taken and before the reader has it.
      if (looks === 1) await bench.matcher.matchNeed(id, 1);
      return stored;
    };
    const seen = watch(bench.useCases.readMatches(id, 10_000));
    await settled();
    await settled();
    expect(seen.view?.status).toBe('ready');
  });

  it('goes on waiting when it was told of nothing new', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const seen = watch(bench.useCases.readMatches(id, 10_000));
    await bench.resultSignal.announce(id, 1);
    await bench.clock.advance(5_000);
    expect(seen).toEqual({});
    await bench.clock.advance(5_000);
    expect(seen.view).toEqual({ needId: id, version: 1, status: 'pending' });
  });

  it('answers pending when the time is over, and not before', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const seen = watch(bench.useCases.readMatches(id, 10_000));
    await bench.clock.advance(9_999);
    expect(seen).toEqual({});
    await bench.clock.advance(1);
    expect(seen.view?.status).toBe('pending');
    expect(bench.clock.sleeping).toBe(0);
  });

  it('looks again by itself when the time is over, where nobody told it', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    bench.resultSignal.announce = async () => undefined;
    const seen = watch(bench.useCases.readMatches(id, 10_000));
    await bench.matcher.matchNeed(id, 1);
    await bench.clock.advance(10_000);
    expect(seen.view?.status).toBe('ready');
  });

  it('gives up when the caller does, before or while it waits', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const gone = new AbortController();
    const seen = watch(bench.useCases.readMatches(id, 10_000, gone.signal));
    await bench.clock.advance(1_000);
    expect(seen).toEqual({});
    gone.abort();
    await settled();
    expect(seen.view?.status).toBe('pending');
    expect((await bench.useCases.readMatches(id, 10_000, gone.signal)).status).toBe('pending');
    await settled();
    expect(bench.clock.sleeping).toBe(0);
  });

  it('keeps readers of different needs apart', async () => {
    const bench = await makeBench();
    const [first, second] = [await bench.submit(), await bench.submit()];
    const seen = [first, second, first].map((id) => watch(bench.useCases.readMatches(id, 10_000)));
    await settled();
    await bench.matcher.matchNeed(first, 1);
    await settled();
    expect(seen.map(({ view }) => view?.status)).toEqual(['ready', undefined, 'ready']);
    await bench.clock.advance(10_000);
    expect(seen[1]?.view?.status).toBe('pending');
  });
});
