import type { SmaaProblem } from '../../domain/robustness.js';
import { clamp } from '../bounds.js';
import type { UtilityRanges } from './doubt.js';
import { rivals } from './stability.js';

/** Points at which a park's interval is looked at. */
const POINTS = 64;
/** Equal but for the noise of adding in another order. */
const NOISE = 1e-12;

/**
 * SMAA's confidence factor: the chance that a park is first under its central weights, given how sure the facts are.
 * Each park's score is taken to lie anywhere in its interval with equal chance and independently of the others'; the
 * integral over the park's own interval is the mean over POINTS midpoints. 1 where nothing is in doubt: the weights
 * under which a park is first are a convex set, so their mean is one of them.
 * @param weights the park's central weights, by column of the problem
 */
export function confidenceFactor(
  problem: SmaaProblem,
  ranges: UtilityRanges,
  park: number,
  weights: ArrayLike<number>,
): number {
  const columns = problem.criteria.length;
  const score = (utilities: Float64Array, row: number) => {
    let sum = 0;
    for (let column = 0; column < columns; column += 1) {
      sum += (weights[column] ?? 0) * (utilities[row * columns + column] ?? 0);
    }
    return sum;
  };
  const own = { low: score(ranges.low, park), high: score(ranges.high, park) };
  const others = Array.from({ length: rivals(problem) }, (_, row) => row)
    .filter((row) => row !== park)
    .map((row) => ({ low: score(ranges.low, row), high: score(ranges.high, row) }))
    .filter(({ high }) => high > own.low);
  const width = own.high - own.low;
  const points = width > NOISE ? POINTS : 1;
  let sum = 0;
  for (let point = 0; point < points; point += 1) {
    const value = own.low + ((point + 0.5) / points) * width;
    sum += others.reduce((chance, other) => chance * chanceBelow(other, value), 1);
  }
  return sum / points;
}

function chanceBelow({ low, high }: { readonly low: number; readonly high: number }, value: number): number {
  return high - low > NOISE ? clamp((value - low) / (high - low)) : value >= low - NOISE ? 1 : 0;
}
