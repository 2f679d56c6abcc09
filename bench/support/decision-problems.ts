import { seeded } from './synthetic.js';

/** A decision matrix with everything that is needed to rank it. */
export interface DecisionProblem {
  /** Raw values, alternative by alternative. */
  readonly matrix: Float64Array;
  /** Least and greatest value of each criterion. */
  readonly bounds: readonly (readonly [number, number])[];
  /** 1: more is better; -1: less is better. */
  readonly types: readonly number[];
  readonly weights: readonly number[];
}

/** Steps a utility is made of, and parts of 1 the weights are made of: any step x part is a whole unit of the engine. */
const STEPS = 1_024;
const PARTS = 100;

function wholeWeights(criteria: number, random: () => number): number[] {
  const weights = Array.from({ length: criteria }, () => 1);
  for (let left = PARTS - criteria; left > 0; left -= 1) {
    const at = Math.floor(random() * criteria);
    weights[at] = (weights[at] ?? 0) + 1;
  }
  return weights;
}

/**
 * Random problems, the same for a seed. Their utilities and weights lie on a grid on which the engine's rounding to
 * 1/1024 point changes nothing, and no two alternatives of a problem score the same: so the ranks are the same in exact
 * arithmetic, in ours and in anyone's, and equality can be asked for without an allowance.
 */
export function decisionProblems(
  count: number,
  alternatives: number,
  criteria: number,
  seed: number,
): DecisionProblem[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const parts = wholeWeights(criteria, random);
    const types = parts.map(() => (random() < 0.5 ? 1 : -1));
    const scale = parts.map(() => 2 ** (Math.floor(random() * 8) - 4));
    const low = parts.map(() => Math.floor(random() * 2_000) - 1_000);
    const bounds = low.map((value, at): [number, number] => [value, value + STEPS * (scale[at] ?? 1)]);
    const matrix = new Float64Array(alternatives * criteria);
    const taken = new Set<number>();
    for (let row = 0; row < alternatives; row += 1) {
      let steps: number[];
      let total: number;
      do {
        steps = parts.map(() => Math.floor(random() * (STEPS + 1)));
        total = steps.reduce((sum, step, at) => sum + step * (parts[at] ?? 0), 0);
      } while (taken.has(total));
      taken.add(total);
      steps.forEach((step, at) => {
        const up = types[at] === 1 ? step : STEPS - step;
        matrix[row * criteria + at] = (low[at] ?? 0) + up * (scale[at] ?? 1);
      });
    }
    return { matrix, bounds, types, weights: parts.map((part) => part / PARTS) };
  });
}
