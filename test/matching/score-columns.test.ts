import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionProblems } from '../../bench/support/decision-problems.js';
import { linear } from '../../src/matching/bounds.js';
import { liveRows } from '../../src/matching/rank.js';
import { FULL_SCORE_UNITS, scoreColumns } from '../../src/matching/score-columns.js';
import { evaluated, madeNeed, madeParks } from './made.js';

describe('scoreColumns', () => {
  it('is the score the engine gives: same weights and utilities, same units, for every live park', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), (seed, at) => {
        const need = { ...madeNeed(at), land: { minMu: 10 }, energyTce: 900 };
        const { snapshot, compiled, work } = evaluated(madeParks(30, seed), need);
        const out = new Int32Array(snapshot.size).fill(-1);
        scoreColumns(compiled.weights, work.utilities, work.live, work.liveCount, out);
        for (const row of liveRows(work)) {
          compared += 1;
          expect(out[row]).toBe(work.score[row]);
        }
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it.each([1, 3, 4, 5, 12])('%i criteria: full marks and none, whatever is left of a pass', (criteria) => {
    const weights = new Float64Array(criteria).fill(1 / criteria);
    const columns = Array.from({ length: criteria }, () => Float64Array.of(1, 0, 1));
    const out = Int32Array.of(7, 7, 7);
    scoreColumns(weights, columns, Int32Array.of(0, 1), 2, out);
    // Each criterion is rounded to a unit on its own.
    expect(Math.abs((out[0] ?? 0) - FULL_SCORE_UNITS)).toBeLessThanOrEqual(criteria / 2);
    expect([out[1], out[2]]).toEqual([0, 7]);
  });

  it('does not read criteria of weight 0', () => {
    const out = new Int32Array(1);
    scoreColumns(Float64Array.of(0, 1), [Float64Array.of(Number.NaN), Float64Array.of(0.5)], Int32Array.of(0), 1, out);
    expect(out[0]).toBe(FULL_SCORE_UNITS / 2);
  });
});

describe('matrices of the mcdm bench', () => {
  const problems = decisionProblems(3, 200, 12, 5);

  it('lie where rounding changes nothing: the score in units is the exact one', () => {
    for (const { matrix, bounds, types, weights } of problems) {
      const columns = weights.map((_, criterion) => {
        const [low, high] = bounds[criterion] ?? [0, 1];
        const [at0, at1] = types[criterion] === 1 ? [low, high] : [high, low];
        return Float64Array.from({ length: 200 }, (_, row) => linear(matrix[row * 12 + criterion] ?? 0, at0, at1));
      });
      const out = new Int32Array(200);
      const rows = Int32Array.from(out.keys());
      scoreColumns(Float64Array.from(weights), columns, rows, 200, out);
      const exact = Array.from(out, (_, row) =>
        columns.reduce((sum, column, at) => sum + (weights[at] ?? 0) * (column[row] ?? 0), 0),
      );
      exact.forEach((value, row) => {
        expect(value * FULL_SCORE_UNITS).toBeCloseTo(out[row] ?? 0, 6);
      });
      expect(new Set(out).size).toBe(200);
    }
  });

  it('are the same for a seed and others for another; weights add up to 1', () => {
    expect(decisionProblems(3, 200, 12, 5)).toEqual(problems);
    expect(decisionProblems(1, 200, 12, 6)[0]?.matrix).not.toEqual(problems[0]?.matrix);
    for (const { weights } of problems) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });
});
