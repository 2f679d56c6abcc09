import { describe, expect, it } from 'vitest';
import { CRITERIA, type Criterion } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import { known, matchTiny, ORIGIN, tinyNeed, tinyPark, tinyReference } from './tiny.js';

describe('weights', () => {
  const weightsOf = (need: Need, reference = tinyReference()) => {
    const result = matchTiny([tinyPark('p1')], need, reference);
    const parts = result.ranked[0]?.contributions ?? [];
    return { profile: result.profile, weights: Object.fromEntries(parts.map((part) => [part.criterion, part.weight])) };
  };
  const graded = tinyReference({
    profiles: [
      {
        id: 'graded',
        version: 3,
        weights: Object.fromEntries(CRITERIA.map((criterion, index) => [criterion, index])) as Record<
          Criterion,
          number
        >,
      },
    ],
  });

  it('scale to 1 over the criteria that have something to judge by', () => {
    const third = 1 / 3;
    expect(weightsOf(tinyNeed())).toEqual({
      profile: 'tiny@2',
      weights: { wageCost: third, pairing: third, distance: third },
    });
    // Numbered from 0: wageCost 5, pairing 10, distance 11.
    expect(weightsOf(tinyNeed(), graded)).toEqual({
      profile: 'graded@3',
      weights: { wageCost: 5 / 26, pairing: 10 / 26, distance: 11 / 26 },
    });
  });

  it('of the need replace those of the profile, one by one', () => {
    expect(weightsOf(tinyNeed({ weights: { distance: 3, pairing: 0, labour: 50 } }))).toEqual({
      profile: 'tiny@2+custom',
      weights: { wageCost: 0.25, distance: 0.75 },
    });
    expect(weightsOf(tinyNeed({ weights: {} })).profile).toBe('tiny@2');
  });

  it('that are all 0 leave a score of 0 and no contribution', () => {
    const weights = { wageCost: 0, pairing: 0, distance: 0 };
    const result = matchTiny([tinyPark('p1'), tinyPark('p2')], tinyNeed({ weights }));
    expect(result.ranked.map(({ score, contributions, tiedWith }) => ({ score, contributions, tiedWith }))).toEqual([
      { score: 0, contributions: [], tiedWith: ['p2'] },
      { score: 0, contributions: [], tiedWith: ['p1'] },
    ]);
  });

  it('make points that are weight x utility x 100', () => {
    // Wage 6,500 is worth 0.5: 0.25 x 0.5 x 100; no distance is worth 1: 0.75 x 1 x 100.
    const park = tinyPark('p1', { wageYuanPerMonth: known(6_500) }, ORIGIN);
    const [ranked] = matchTiny([park], tinyNeed({ weights: { distance: 3, pairing: 0 } })).ranked;
    expect(ranked?.score).toBe(87.5);
    expect(ranked?.contributions).toEqual([
      { criterion: 'wageCost', utility: 0.5, weight: 0.25, points: 12.5 },
      { criterion: 'distance', utility: 1, weight: 0.75, points: 75 },
    ]);
  });
});
