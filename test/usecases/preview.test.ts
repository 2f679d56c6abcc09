import { describe, expect, it } from 'vitest';
import { createPreview } from '../../src/usecases/preview-need.js';
import { tinyNeed, tinyPark } from '../matching/tiny.js';
import { makeBench } from './bench.js';

describe('preview', () => {
  it('gives what readers of the stored need would get, and stores nothing', async () => {
    const bench = await makeBench();
    const preview = createPreview(bench);
    const need = tinyNeed({ powerKva: 10, land: { minMu: 50 } });
    const shown = await preview.match(need);
    expect((await bench.useCases.listNeeds(null, 10)).items).toEqual([]);
    expect(bench.enqueued).toEqual([]);
    const id = await bench.submit(need);
    await bench.matcher.matchNeed(id, 1);
    const read = await bench.useCases.readMatches(id, 0);
    expect(shown).toEqual({ ...read, needId: shown.needId });
    expect(shown.needId).toMatch(/^need_[0-9a-z]{24}$/);
  });

  it('names the same need alike, and another one otherwise', async () => {
    const preview = createPreview(await makeBench());
    const [first, again, other] = [
      await preview.match(tinyNeed({ workers: 1, energyTce: 2 })),
      await preview.match(Object.assign({ energyTce: 2 }, tinyNeed(), { workers: 1 })),
      await preview.match(tinyNeed({ workers: 2 })),
    ];
    expect(again).toEqual(first);
    expect(other.needId).not.toBe(first.needId);
  });

  it('shows as many parks as it is asked for', async () => {
    const parks = Array.from({ length: 30 }, (_, index) => tinyPark(`p${index + 10}`));
    const preview = createPreview(await makeBench({ parks }));
    const counts = async (shown?: number) => {
      const view = await preview.match(tinyNeed(), shown);
      return view.status === 'ready' ? [view.ranked.length, view.rankedTotal] : [];
    };
    expect([await counts(), await counts(3), await counts(99)]).toEqual([
      [20, 30],
      [3, 30],
      [30, 30],
    ]);
  });

  it('refuses what submitNeed refuses', async () => {
    const preview = createPreview(await makeBench());
    await expect(preview.match(tinyNeed({ gbt: '0000' }))).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [{ field: 'gbt', code: 'unknownIndustry' }],
    });
  });
});
