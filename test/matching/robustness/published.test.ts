import { describe, expect, it } from 'vitest';
import { BOUNDS, linear } from '../../../src/matching/bounds.js';
import { uniform } from '../../../src/matching/robustness/random.js';
import { runSmaaWith } from '../../../src/matching/robustness/smaa.js';
import { drawVariations, SPREAD } from '../../../src/matching/robustness/variations.js';
import { pointsOf } from '../../../src/matching/score-columns.js';
import { problemOf } from './problems.js';

/** A gamma variate of whole shape. */
function gamma(random: () => number, shape: number): number {
  let product = 1;
  for (let part = 0; part < shape; part += 1) product *= random();
  return -Math.log(product);
}

function beta(random: () => number, a: number, b: number): number {
  const [x, y] = [gamma(random, a), gamma(random, b)];
  return x / (x + y);
}

/**
 * The thrombolytics example of the R package smaa 0.3 (van Valkenhoef 2013; reference manual, ?smaa, and the output
 * saved with the package) on the trial data of Lynd & O'Brien (2004): two drugs, three risks as beta distributions,
 * linear partial values. Printed there from 10,000 draws.
 */
const THROMBO = {
  scales: [
    [0.25, 0],
    [0.4, 0.15],
    [0.1, 0],
  ],
  risks: [
    [
      [20, 116],
      [40, 96],
      [1, 135],
    ],
    [
      [8, 121],
      [32, 97],
      [5, 124],
    ],
  ],
  printed: {
    acceptability: [0.3504, 0.6496],
    central: [
      [0.1865097, 0.2772205, 0.5362698],
      [0.40731, 0.3641477, 0.2285423],
    ],
    confidence: [0.6682, 0.8956],
    fixed: { weights: [0.5, 0.2, 0.3], acceptability: [0.1279, 0.8721] },
  },
} as const;

const DRAWS = 40_000;
/** Three standard errors of the printed figure and of ours. */
function allowed(share: number): number {
  return 3 * Math.sqrt(share * (1 - share) * (1 / 10_000 + 1 / DRAWS));
}

/** Partial values of both drugs, drawn anew for every weighting. */
function drawnValues(random: () => number): number[][] {
  return THROMBO.risks.map((risks) =>
    risks.map(([a, b], criterion) => {
      const [worst, best] = THROMBO.scales[criterion] ?? [1, 0];
      return (beta(random, a, b) - worst) / (best - worst);
    }),
  );
}

describe('published SMAA-2 example', () => {
  it('thrombolytics: rank acceptability and central weights, no preferences', () => {
    const random = uniform(1);
    const table = drawVariations(2, DRAWS, 3, SPREAD.uniform);
    const first = [0, 0];
    const sums = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const problem = problemOf(drawnValues(random), [1 / 3, 1 / 3, 1 / 3], { samples: 1 });
      const outcome = runSmaaWith(
        problem,
        table.map((column) => column.subarray(draw, draw + 1)),
      );
      for (const drug of [0, 1]) {
        first[drug] = (first[drug] ?? 0) + (outcome.first[drug] ?? 0);
        sums[drug] = (sums[drug] ?? []).map((sum, column) => sum + (outcome.weightSums[drug * 3 + column] ?? 0));
      }
    }
    THROMBO.printed.acceptability.forEach((printed, drug) => {
      expect(Math.abs((first[drug] ?? 0) / DRAWS - printed)).toBeLessThan(allowed(printed));
      THROMBO.printed.central[drug]?.forEach((weight, column) => {
        const ours = (sums[drug]?.[column] ?? 0) / (first[drug] ?? 1);
        // The weights that favour a drug spread by 0.22 at most.
        expect(Math.abs(ours - weight)).toBeLessThan(
          3 * 0.22 * Math.sqrt(1 / (printed * 10_000) + 1 / (printed * DRAWS)),
        );
      });
    });
  });

  it.each([
    ['fixed weights', THROMBO.printed.fixed.weights, 0, THROMBO.printed.fixed.acceptability[0]],
    ['fixed weights', THROMBO.printed.fixed.weights, 1, THROMBO.printed.fixed.acceptability[1]],
    ['confidence factor of heparin', THROMBO.printed.central[0], 0, THROMBO.printed.confidence[0]],
    ['confidence factor of enoxaparin', THROMBO.printed.central[1], 1, THROMBO.printed.confidence[1]],
  ])('thrombolytics: %s', (_, weights, drug, printed) => {
    const random = uniform(3);
    const same = weights.map(() => Float64Array.of(1));
    let first = 0;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const outcome = runSmaaWith(problemOf(drawnValues(random), weights, { samples: 1 }), same);
      first += outcome.first[drug] ?? 0;
    }
    expect(Math.abs(first / DRAWS - printed)).toBeLessThan(allowed(printed));
  });

  /**
   * Where each alternative is the best under one order of the criteria's importance, its central weights are the
   * rank-order centroid weights (Barron & Barrett 1996, table 1; Lahdelma, Miettinen & Salminen 2003): for three
   * criteria printed as .6111, .2778, .1111. By the rearrangement inequality the alternatives below are such a set.
   */
  it('central weights of an order of importance are the rank-order centroid weights', () => {
    const orders = [
      [1, 0.5, 0],
      [1, 0, 0.5],
      [0.5, 1, 0],
      [0, 1, 0.5],
      [0.5, 0, 1],
      [0, 0.5, 1],
    ];
    const samples = 400_000;
    const problem = problemOf(orders, [1 / 3, 1 / 3, 1 / 3], { samples });
    const outcome = runSmaaWith(problem, drawVariations(5, samples, 3, SPREAD.uniform));
    orders.forEach((order, alternative) => {
      const count = outcome.first[alternative] ?? 0;
      expect((count / samples).toFixed(2)).toBe('0.17');
      const central = [1, 0.5, 0].map((value) => {
        const column = order.indexOf(value);
        return ((outcome.weightSums[alternative * 3 + column] ?? 0) / count).toFixed(2);
      });
      expect(central).toEqual(['0.61', '0.28', '0.11']);
    });
  });

  /** smaa's own test of alternatives that one other always precedes: no central weights. */
  it('an alternative that another always precedes is never first', () => {
    const outcome = runSmaaWith(
      problemOf(
        [
          [1, 1, 1],
          [0, 0, 0],
        ],
        [1 / 3, 1 / 3, 1 / 3],
      ),
      drawVariations(1, 1_000, 3),
    );
    expect([...outcome.first]).toEqual([1_000, 0]);
    expect([...outcome.weightSums.slice(3)]).toEqual([0, 0, 0]);
  });
});

/**
 * SPOTIS (Dezert, Tchamova, Han & Tacnet 2020, "The SPOTIS rank reversal free method for multi-criteria
 * decision-making support", IEEE FUSION): with linear criteria and fixed bounds our additive score is 1 less the SPOTIS
 * distance. Example of the pymcdm documentation (Kizielewicz, Shekhovtsov & Sałabun 2023).
 */
describe('published SPOTIS example', () => {
  const matrix = [
    [10.5, -3.1, 1.7],
    [-4.7, 0, 3.4],
    [8.1, 0.3, 1.3],
    [3.2, 7.3, -5.3],
  ];
  const weights = [0.2, 0.3, 0.5];
  // Worst and best value: the second criterion is a cost.
  const ends = [
    [-5, 12],
    [10, -6],
    [-8, 5],
  ] as const;
  const utilities = matrix.map((row) =>
    row.map((value, column) => linear(value, ends[column]?.[0] ?? 0, ends[column]?.[1] ?? 1)),
  );

  it('distance is 1 less the additive score, to the printed digits', () => {
    const distances = utilities.map(
      (row) => 1 - row.reduce((sum, value, column) => sum + value * (weights[column] ?? 0), 0),
    );
    expect(distances.map((value) => value.toFixed(4))).toEqual(['0.1989', '0.3705', '0.3063', '0.7491']);
  });

  it('the engine’s points give the same distances to 1/1024 point a criterion, in the same order', () => {
    const points = utilities.map((row) =>
      row.reduce((sum, value, column) => sum + pointsOf(weights[column] ?? 0, value), 0),
    );
    points.forEach((own, row) => {
      expect(Math.abs(1 - own / 100 - ([0.1989, 0.3705, 0.3063, 0.7491][row] ?? 0))).toBeLessThan(0.0001);
    });
    expect([0, 1, 2, 3].sort((a, b) => (points[b] ?? 0) - (points[a] ?? 0))).toEqual([0, 2, 1, 3]);
  });

  it('the engine’s own linear criteria are SPOTIS terms: benefit and cost alike, no rank reversal', () => {
    for (const { at0, at1, kind } of Object.values(BOUNDS)) {
      if (kind === 'ideal') continue;
      const [low, high] = [Math.min(at0, at1), Math.max(at0, at1)];
      for (const part of [0, 0.2, 0.7, 1]) {
        const value = low + part * (high - low);
        expect(linear(value, at0, at1)).toBeCloseTo(1 - Math.abs(value - at1) / (high - low), 12);
      }
    }
  });
});
