import { seeded } from '../../../bench/support/synthetic.js';
import type { SmaaOutcome, SmaaProblem } from '../../../src/domain/robustness.js';
import type { Variations } from '../../../src/matching/robustness/variations.js';

/** A problem from rows of utilities. */
export function problemOf(
  rows: readonly (readonly number[])[],
  weights: readonly number[],
  options: { readonly samples?: number; readonly eligible?: number; readonly seed?: number } = {},
): SmaaProblem {
  return {
    seed: options.seed ?? 1,
    samples: options.samples ?? 1_000,
    criteria: weights.map((_, index) => index),
    weights: Float64Array.from(weights),
    utilities: Float64Array.from(rows.flat()),
    eligible: options.eligible ?? rows.length,
  };
}

/** Random utilities on a coarse grid, so that parks dominate and equal each other. */
export function coarseProblem(seed: number, parks: number, columns: number, eligible: number): SmaaProblem {
  const random = seeded(seed);
  const raw = Array.from({ length: columns }, () => 0.1 + random());
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const rows = Array.from({ length: parks }, () => Array.from({ length: columns }, () => Math.round(random() * 4) / 4));
  return problemOf(
    rows,
    raw.map((weight) => weight / total),
    { samples: 700, eligible },
  );
}

/** Rank acceptability as it is defined: every park ranked under every weighting. */
export function plainSmaa(problem: SmaaProblem, table: Variations): SmaaOutcome {
  const columns = problem.criteria.length;
  const parks = problem.utilities.length / columns;
  const outcome = {
    first: new Int32Array(parks),
    firstThree: new Int32Array(parks),
    weightSums: new Float64Array(parks * columns),
  };
  for (let sample = 0; sample < problem.samples; sample += 1) {
    const raw = problem.criteria.map((_, column) => (problem.weights[column] ?? 0) * (table[column]?.[sample] ?? 0));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    const scored = Array.from({ length: parks }, (_, park) => ({
      park,
      group: park < problem.eligible ? 0 : 1,
      score: raw.reduce((sum, weight, column) => sum + weight * (problem.utilities[park * columns + column] ?? 0), 0),
    }));
    // Sums in another order may differ in the last digit; such scores are equal.
    const gap = (a: number, b: number) => (Math.abs(a - b) < 1e-12 ? 0 : b - a);
    scored.sort((a, b) => a.group - b.group || gap(a.score, b.score) || a.park - b.park);
    scored.slice(0, 3).forEach(({ park }, place) => {
      outcome.firstThree[park] = (outcome.firstThree[park] ?? 0) + 1;
      if (place > 0) return;
      outcome.first[park] = (outcome.first[park] ?? 0) + 1;
      raw.forEach((weight, column) => {
        const cell = park * columns + column;
        outcome.weightSums[cell] = (outcome.weightSums[cell] ?? 0) + weight / total;
      });
    });
  }
  return outcome;
}
