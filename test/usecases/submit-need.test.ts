import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { MAX_VERSIONS } from '../../src/usecases/submit-need.js';
import { HOST, ORIGIN, OTHER_HOST, tinyChain, tinyLink, tinyNeed, tinyReference } from '../matching/tiny.js';
import { makeMatching, readyWith } from '../support/conformance/records.js';
import { makeBench } from './bench.js';

const AT = '2026-03-01T00:00:00.000Z';

describe('submitNeed', () => {
  it('stores version 1, pending, then queues it by id', async () => {
    const bench = await makeBench();
    const { stored, replayed } = await bench.useCases.submitNeed(tinyNeed(), null);
    expect({ stored, replayed }).toEqual({
      replayed: false,
      stored: {
        id: 'need_000000000000000000000001',
        version: 1,
        need: tinyNeed(),
        history: [{ version: 1, need: tinyNeed(), at: AT }],
        createdAt: AT,
        updatedAt: AT,
        matching: makeMatching(),
        firstBodyDigest: null,
      },
    });
    expect(await bench.needStore.get(stored.id)).toEqual(stored);
    expect(bench.enqueued).toEqual([{ needId: stored.id, version: 1, attempt: undefined }]);
  });

  it('queues nothing before the need is stored, nor when storing fails', async () => {
    const bench = await makeBench();
    const away = new AppError('storeUnavailable');
    const insert = bench.needStore.insert.bind(bench.needStore);
    const queuedBefore: number[] = [];
    bench.needStore.insert = async (need, changes) => {
      queuedBefore.push(bench.enqueued.length);
      return insert(need, changes);
    };
    await bench.submit();
    bench.needStore.insert = () => Promise.reject(away);
    await expect(bench.submit()).rejects.toBe(away);
    expect([queuedBefore, bench.enqueued.length]).toEqual([[0], 1]);
  });

  it('stores the need while the queue is away, and logs ids only', async () => {
    const bench = await makeBench();
    bench.jobs.setAway(true);
    const id = await bench.submit();
    expect((await bench.needStore.get(id))?.matching.status).toBe('pending');
    expect(bench.enqueued).toEqual([]);
    expect(bench.lines).toEqual([{ level: 'warn', fields: { needId: id, version: 1 }, message: expect.any(String) }]);
  });
});

describe('submitNeed with a key', () => {
  it('gives the first answer again for the same body, however its keys are ordered, and queues once', async () => {
    const bench = await makeBench();
    const first = await bench.useCases.submitNeed(tinyNeed({ workers: 5, energyTce: 7 }), 'key-1');
    await bench.clock.advance(1_000);
    const again = await bench.useCases.submitNeed(
      Object.assign({ energyTce: 7, workers: 5 }, tinyNeed(), { energyTce: 7 }),
      'key-1',
    );
    expect(again).toEqual({ stored: first.stored, replayed: true });
    expect(bench.enqueued).toHaveLength(1);
    expect((await bench.useCases.submitNeed(tinyNeed(), 'key-2')).stored.id).not.toBe(first.stored.id);
  });

  it('gives the first answer again after the need was revised and matched', async () => {
    const bench = await makeBench();
    const first = await bench.useCases.submitNeed(tinyNeed(), 'key-1');
    await bench.clock.advance(1_000);
    await bench.useCases.reviseNeed(first.stored.id, 1, tinyNeed({ workers: 9 }));
    await bench.matcher.matchNeed(first.stored.id, 2);
    expect(await bench.useCases.submitNeed(tinyNeed(), 'key-1')).toEqual({ stored: first.stored, replayed: true });
    expect((await bench.needStore.get(first.stored.id))?.version).toBe(2);
  });

  it('refuses another body, and changes nothing', async () => {
    const bench = await makeBench();
    const { stored } = await bench.useCases.submitNeed(tinyNeed(), 'key-1');
    const other = bench.useCases.submitNeed(tinyNeed({ workers: 1 }), 'key-1');
    await expect(other).rejects.toMatchObject({ name: 'AppError', code: 'idempotencyConflict' });
    expect(await bench.needStore.get(stored.id)).toEqual(stored);
    expect(bench.enqueued).toHaveLength(1);
  });

  it('lets one of two racing requests in and answers both alike', async () => {
    const bench = await makeBench();
    const both = await Promise.all([1, 2].map(() => bench.useCases.submitNeed(tinyNeed(), 'key-1')));
    expect(both.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
    expect(both[0]?.stored).toEqual(both[1]?.stored);
    expect(bench.enqueued).toHaveLength(1);
  });
});

describe('what only the reference data can tell', () => {
  const reference = tinyReference({ chains: [tinyChain('c', [tinyLink('pack-a', []), tinyLink('pack-b', [])])] });

  it('refuses unknown values, each with the nearest known ones, and stores nothing', async () => {
    const bench = await makeBench({ reference });
    const error: unknown = await bench.useCases
      .submitNeed(
        tinyNeed({
          gbt: '3999',
          chain: { links: ['pack-a', 'pack-x', 'nowhere'] },
          exclude: { counties: [HOST, '331199', '990000'] },
          firm: { name: '不可外传有限公司', countyAdcode: '331109' },
        }),
        null,
      )
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'invalidInput' });
    expect(error instanceof AppError && error.issues).toEqual([
      { field: 'gbt', code: 'unknownIndustry', value: '3999', mend: ['3985', '2912'] },
      // Where a firm sits is secret: the value is not repeated.
      { field: 'firm.countyAdcode', code: 'unknownCounty', mend: [HOST, OTHER_HOST, ORIGIN] },
      { field: 'exclude.counties[1]', code: 'unknownCounty', value: '331199', mend: [HOST, OTHER_HOST, ORIGIN] },
      { field: 'exclude.counties[2]', code: 'unknownCounty', value: '990000', mend: [] },
      { field: 'chain.links[1]', code: 'unknownLink', value: 'pack-x', mend: ['pack-a', 'pack-b'] },
      { field: 'chain.links[2]', code: 'unknownLink', value: 'nowhere', mend: [] },
    ]);
    expect(JSON.stringify(error)).not.toContain('不可外传');
    expect((await bench.useCases.listNeeds(null, 10)).items).toEqual([]);
    expect(bench.enqueued).toEqual([]);
  });

  it('is asked of a revision too', async () => {
    const bench = await makeBench({ reference });
    const id = await bench.submit();
    await expect(bench.useCases.reviseNeed(id, 1, tinyNeed({ gbt: '0000' }))).rejects.toMatchObject({
      code: 'invalidInput',
    });
    expect((await bench.needStore.get(id))?.version).toBe(1);
  });
});

describe('reviseNeed', () => {
  it('adds a version, pending again, and queues it', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.matcher.matchNeed(id, 1);
    await bench.clock.advance(60_000);
    const { resultId = null, announced = null, sequence = 0 } = (await bench.needStore.get(id))?.matching ?? {};
    expect(resultId).not.toBeNull();
    const revised = await bench.useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
    expect(revised).toMatchObject({
      id,
      version: 2,
      need: { workers: 9 },
      history: [
        { version: 1, at: AT, need: tinyNeed() },
        { version: 2, at: '2026-03-01T00:01:00.000Z', need: { workers: 9 } },
      ],
      createdAt: AT,
      updatedAt: '2026-03-01T00:01:00.000Z',
      matching: makeMatching({ previousResultId: resultId, announced, sequence }),
    });
    expect(await bench.needStore.get(id)).toEqual(revised);
    expect(bench.enqueued.at(-1)).toEqual({ needId: id, version: 2, attempt: undefined });
  });

  it('follows a result that came while it was made, and keeps what was announced', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.needStore.settle(id, 1, readyWith('r:1', { sequence: 1 }));
    const replace = bench.needStore.replace.bind(bench.needStore);
    bench.needStore.replace = async (...args) => {
      const announced = { parkId: 'p2', score: 60 };
      await bench.needStore.settle(id, 1, readyWith('r:2', { from: 'r:1', announced, sequence: 2 }));
      return replace(...args);
    };
    const revised = await bench.useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
    const announced = { parkId: 'p2', score: 60 };
    expect(revised.matching).toEqual(makeMatching({ previousResultId: 'r:2', announced, sequence: 2 }));
    const again = await bench.useCases.reviseNeed(id, 2, tinyNeed({ workers: 10 }));
    expect(again.matching).toEqual(revised.matching);
  });

  it('refuses a stale version and names the current one', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    await bench.useCases.reviseNeed(id, 1, tinyNeed({ workers: 9 }));
    for (const stale of [1, 3]) {
      await expect(bench.useCases.reviseNeed(id, stale, tinyNeed())).rejects.toMatchObject({
        code: 'versionConflict',
        params: { currentVersion: 2 },
      });
    }
    expect(bench.enqueued).toHaveLength(2);
  });

  it('lets one of two racing revisions in', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    const race = await Promise.allSettled(
      [1, 2].map((workers) => bench.useCases.reviseNeed(id, 1, tinyNeed({ workers }))),
    );
    expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(race.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      code: 'versionConflict',
      params: { currentVersion: 2 },
    });
  });

  it('knows no need that was not submitted', async () => {
    const { useCases } = await makeBench();
    const missing = { code: 'notFound', params: { what: 'need' } };
    await expect(useCases.reviseNeed('need_x', 1, tinyNeed())).rejects.toMatchObject(missing);
    await expect(useCases.getNeed('need_x')).rejects.toMatchObject(missing);
  });

  it('ends at a hundred versions', async () => {
    const bench = await makeBench();
    const id = await bench.submit();
    for (let version = 1; version < MAX_VERSIONS; version += 1) {
      await bench.useCases.reviseNeed(id, version, tinyNeed({ workers: version }));
    }
    await expect(bench.useCases.reviseNeed(id, 100, tinyNeed())).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'version', code: 'tooMany', limit: 100 }],
    });
    expect(await bench.useCases.getNeed(id)).toMatchObject({ version: 100 });
  });
});
