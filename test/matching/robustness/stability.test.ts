import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmaaProblem } from '../../../src/domain/robustness.js';
import { pivots, stableWeights } from '../../../src/matching/robustness/stability.js';
import { pointsOf } from '../../../src/matching/score-columns.js';
import { coarseProblem, problemOf } from './problems.js';

/** The park that is first by points as the engine rounds them, with the weight of one column replaced. */
function firstWith(problem: SmaaProblem, column: number, weight: number, rounded: boolean): number {
  const columns = problem.weights.length;
  const rest = 1 - (problem.weights[column] ?? 0);
  const weights = problem.weights.map((own, index) => (index === column ? weight : (own / rest) * (1 - weight)));
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let park = 0; park < problem.eligible; park += 1) {
    const score = weights.reduce((sum, own, index) => {
      const utility = problem.utilities[park * columns + index] ?? 0;
      return sum + (rounded ? pointsOf(own, utility) : own * utility);
    }, 0);
    if (score > bestScore + 1e-12) {
      best = park;
      bestScore = score;
    }
  }
  return best;
}

function present(problem: SmaaProblem): number {
  return firstWith(problem, 0, problem.weights[0] ?? 0, true);
}

const seeds = fc.integer({ min: 0, max: 10_000 });

describe('stableWeights', () => {
  it('holds the first park first inside, and lets another in just outside', () => {
    const [first, second] = [
      [1, 0.2],
      [0.5, 0.8],
    ];
    const problem = problemOf([first ?? [], second ?? []], [0.6, 0.4]);
    // Equal where 0.5 t = 0.6 (1 - t).
    const [benefit, other] = stableWeights(problem, 0);
    expect(benefit?.from).toBeCloseTo(6 / 11, 12);
    expect(benefit?.to).toBe(1);
    expect(other?.from).toBe(0);
    expect(other?.to).toBeCloseTo(5 / 11, 12);
  });

  it('agrees with trying every weight on a grid', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const problem = coarseProblem(seed, 6, 4, 6);
        const first = firstWith(problem, 0, problem.weights[0] ?? 0, false);
        stableWeights(problem, first).forEach(({ from, to }, column) => {
          expect(from).toBeLessThanOrEqual(problem.weights[column] ?? 0);
          expect(to).toBeGreaterThanOrEqual(problem.weights[column] ?? 0);
          for (let step = 0; step <= 200; step += 1) {
            const weight = step / 200;
            const near = Math.min(Math.abs(weight - from), Math.abs(weight - to)) < 1e-6;
            if (near) continue;
            const inside = weight > from && weight < to;
            const others = firstWith(problem, column, weight, false);
            // A park as good everywhere in the interval may stand before the first by its place only.
            if (inside) expect(equalAt(problem, column, weight, first, others)).toBe(true);
            else expect(equalAt(problem, column, weight, first, others)).toBe(false);
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a single criterion all the room there is', () => {
    expect(stableWeights(problemOf([[0.4], [0.3]], [1]), 0)).toEqual([{ from: 0, to: 1 }]);
  });

  it('pins the weight where only rounding made the park first', () => {
    const problem = problemOf(
      [
        [0.5, 0.5],
        [0.5000001, 0.5000001],
      ],
      [0.5, 0.5],
    );
    expect(stableWeights(problem, 0)).toEqual([
      { from: 0.5, to: 0.5 },
      { from: 0.5, to: 0.5 },
    ]);
  });
});

function equalAt(problem: SmaaProblem, column: number, weight: number, a: number, b: number): boolean {
  const columns = problem.weights.length;
  const rest = 1 - (problem.weights[column] ?? 0);
  const score = (park: number) =>
    problem.weights.reduce(
      (sum, own, index) =>
        sum +
        (index === column ? weight : (own / rest) * (1 - weight)) * (problem.utilities[park * columns + index] ?? 0),
      0,
    );
  return a === b || Math.abs(score(a) - score(b)) < 1e-12;
}

describe('pivots', () => {
  it('names the criterion without which another park is first, and by how much it leads', () => {
    const problem = problemOf(
      [
        [0.4, 0.4, 1],
        [0.6, 0.6, 0.1],
      ],
      [0.25, 0.25, 0.5],
    );
    expect(pivots(problem, 0)).toEqual([{ column: 2, park: 1, lead: 20 }]);
  });

  it('agrees with ranking again without each criterion, strongest first', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const problem = coarseProblem(seed, 8, 5, 8);
        const first = present(problem);
        const found = pivots(problem, first);
        const leads = found.map(({ lead }) => lead);
        expect(leads).toEqual([...leads].sort((a, b) => b - a));
        for (let column = 0; column < 5; column += 1) {
          const without = firstWith(problem, column, 0, true);
          expect(found.find((pivot) => pivot.column === column)?.park ?? first).toBe(without);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds none where there is one park or one criterion', () => {
    expect(pivots(problemOf([[1, 0]], [0.5, 0.5]), 0)).toEqual([]);
    expect(pivots(problemOf([[1], [0]], [1]), 0)).toEqual([]);
  });
});
