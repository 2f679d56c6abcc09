import { describe, expect, it } from 'vitest';
import type { Need } from '../../src/domain/need.js';
import { HOST, known, OTHER_HOST, tinyNeed, tinyPark } from '../matching/tiny.js';
import { type Bench, makeBench } from './bench.js';

async function matched(bench: Bench, ...changes: Partial<Need>[]): Promise<void> {
  for (const change of changes) {
    await bench.clock.advance(1);
    await bench.matcher.matchNeed(await bench.submit(tinyNeed(change)), 1);
  }
}

/** The county has a park with cheap land and little power and one with dear land and little of anything. */
const parks = [
  tinyPark('p1', { factors: { powerKva: known(100) }, landPriceWanPerMu: known(5) }),
  tinyPark('p2', { factors: { powerKva: known(50), codT: known(1) }, landPriceWanPerMu: known(40) }),
  tinyPark('q1', { factors: { powerKva: known(900), codT: known(1) }, landPriceWanPerMu: known(20) }, OTHER_HOST),
];
const land = { minMu: 50 };

describe('readFeedback', () => {
  it('counts the needs each factor alone cost the county, and the first places among them', async () => {
    const bench = await makeBench({ parks });
    await matched(
      bench,
      { land, powerKva: 300 },
      { land, powerKva: 180 },
      { land, powerKva: 180, emissions: { codT: 1 } },
      { land, powerKva: 80 },
      { land, powerKva: 60, emissions: { codT: 2 } },
    );
    const view = await bench.useCases.readFeedback(HOST, null, 100);
    expect(view.county).toEqual({ adcode: HOST, name: `县${HOST}` });
    expect(view.totals).toEqual({ needs: 5, ranked: 1, rankedFirst: 1, excludedEverywhere: 4, unclear: 0 });
    expect(
      view.factors.map(({ gate, needs, keptCountyOut, wouldRank1 }) => [gate, needs, keptCountyOut, wouldRank1]),
    ).toEqual([
      // p1 would have led the first two needs; in the third it fails on COD too, and p2 is too dear to lead.
      ['powerKva', 4, 3, 2],
      // Only p1 fails on COD alone in the last need, where nobody else is in.
      ['codT', 1, 1, 1],
    ]);
    // 200, 250, 80, 130, 130, 30: p1 and p2 of the first two needs, p2 of the next two.
    expect(view.factors[0]).toMatchObject({ medianShortfall: 130, unit: 'kVA' });
    expect(view.factors[0]?.parks).toEqual([
      { parkId: 'p2', needs: 4 },
      { parkId: 'p1', needs: 2 },
    ]);
  });

  it('shortfalls of dates are days, and exclusion by the firm has none', async () => {
    const late = tinyPark('p1', { parcels: [{ id: 'a', areaMu: 100, availableFrom: '2026-07-10' }] });
    const bench = await makeBench({ parks: [late] });
    await matched(bench, { land, neededBy: '2026-06-30' }, { exclude: { counties: [HOST] } });
    const { factors } = await bench.useCases.readFeedback(HOST, null, 100);
    expect(factors.map(({ gate, medianShortfall, unit }) => [gate, medianShortfall, unit])).toEqual([
      ['excludedCounty', null, null],
      ['date', 10, 'day'],
    ]);
  });

  it('looks at the newest needs, counts those without a result apart, and pages', async () => {
    const bench = await makeBench({ parks });
    await matched(bench, { land, powerKva: 300 }, { land, powerKva: 301 });
    await bench.clock.advance(1);
    await bench.submit(tinyNeed({ land }));
    const first = await bench.useCases.readFeedback(HOST, null, 2);
    expect(first).toMatchObject({ scanned: 2, unsettled: 1, truncated: true, totals: { needs: 1 } });
    const second = await bench.useCases.readFeedback(HOST, first.nextCursor, 2);
    expect(second).toMatchObject({ scanned: 1, unsettled: 0, truncated: false, totals: { needs: 1 } });
    expect(second.factors[0]?.medianShortfall).toBe(225);
  });

  it('a county without parks is neither in nor out, an unknown one is not found', async () => {
    const bench = await makeBench({ parks: [parks[2] ?? tinyPark('q1')] });
    await matched(bench, { land });
    expect((await bench.useCases.readFeedback(HOST, null, 9)).totals).toMatchObject({
      needs: 1,
      unclear: 1,
      ranked: 0,
    });
    await expect(bench.useCases.readFeedback('999999', null, 9)).rejects.toMatchObject({ code: 'notFound' });
  });
});
