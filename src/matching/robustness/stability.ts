import type { SmaaProblem } from '../../domain/robustness.js';
import { pointsOf } from '../score-columns.js';

/** A criterion, as a place in the problem's columns, without which another park would be first. */
export interface Pivot {
  readonly column: number;
  readonly park: number;
  /** Points by which that park would lead. */
  readonly lead: number;
}

/** Share of all weight, from and to, in which the first park stays first. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The parks the first one is compared with: the eligible ones, or all where none is eligible. */
export function rivals(problem: SmaaProblem): number {
  const columns = problem.criteria.length;
  if (problem.eligible > 0) return problem.eligible;
  return columns === 0 ? 0 : problem.utilities.length / columns;
}

function utility(problem: SmaaProblem, park: number, column: number): number {
  return problem.utilities[park * problem.criteria.length + column] ?? 0;
}

/** The weights without that of one criterion, the others rescaled to 1; all 0 where they have none. */
function othersRescaled(weights: Float64Array, column: number): Float64Array {
  const rest = 1 - (weights[column] ?? 0);
  return weights.map((weight, index) => (index === column || rest <= 0 ? 0 : weight / rest));
}

/**
 * Every criterion without which another park would be first: its weight 0, the others rescaled to 1, points rounded
 * and ties broken as in the ranking itself. Strongest first: by the other park's lead.
 * @param first the park that is first, as a place in the problem.
 */
export function pivots(problem: SmaaProblem, first: number): Pivot[] {
  const { weights } = problem;
  const parks = rivals(problem);
  const found: Pivot[] = [];
  for (let column = 0; column < weights.length; column += 1) {
    if (weights.length < 2 || (weights[column] ?? 0) >= 1) continue;
    const scaled = othersRescaled(weights, column);
    const score = (park: number): number => {
      let sum = 0;
      for (let index = 0; index < scaled.length; index += 1) {
        sum += pointsOf(scaled[index] ?? 0, utility(problem, park, index));
      }
      return sum;
    };
    let best = 0;
    let bestScore = score(0);
    for (let park = 1; park < parks; park += 1) {
      const own = score(park);
      if (own > bestScore) {
        best = park;
        bestScore = own;
      }
    }
    if (best !== first) found.push({ column, park: best, lead: bestScore - score(first) });
  }
  return found.sort((a, b) => b.lead - a.lead || a.column - b.column);
}

/**
 * For each criterion the weights under which the first park stays first, the other weights keeping their proportions.
 * With weight t, a park scores t u + (1 - t) r, where r is what the other criteria give it at full weight: a straight
 * line, so each rival cuts off everything beyond one crossing at most (one-way sensitivity analysis of an additive
 * value model; Triantaphyllou & Sánchez 1997). The present weight always lies inside, even where rounding to
 * 1/1024 point decided who is first.
 */
export function stableWeights(problem: SmaaProblem, first: number): Interval[] {
  const { weights } = problem;
  const parks = rivals(problem);
  return [...weights].map((weight, column) => {
    const scaled = othersRescaled(weights, column);
    const others = (park: number): number => {
      let sum = 0;
      for (let index = 0; index < scaled.length; index += 1) {
        sum += (scaled[index] ?? 0) * utility(problem, park, index);
      }
      return sum;
    };
    const own = others(first);
    let from = 0;
    let to = 1;
    for (let park = 0; park < parks; park += 1) {
      // The lead over this rival is `at0` with weight 0 and `at1` with weight 1.
      const at0 = own - others(park);
      const at1 = utility(problem, first, column) - utility(problem, park, column);
      const crossing = at0 / (at0 - at1);
      if (at0 < 0 && at1 < 0) [from, to] = [weight, weight];
      else if (at0 < 0) from = Math.max(from, crossing);
      else if (at1 < 0) to = Math.min(to, crossing);
    }
    return { from: Math.min(from, weight), to: Math.max(to, weight) };
  });
}
