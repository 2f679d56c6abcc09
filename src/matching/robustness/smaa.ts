import { CRITERIA } from '../../domain/match.js';
import type { SmaaOutcome, SmaaProblem } from '../../domain/robustness.js';
import { createRankCounter, type RankCounter, type RankGroup } from './kernel/rank-counter.js';
import { type Variations, variationsFor } from './variations.js';

/** Ranks that are counted. */
const DEPTH = 3;

/** Made when it is first needed. */
let counter: RankCounter | null = null;

/** Multiplications and additions a problem takes at most. */
export function smaaCost(problem: SmaaProblem): number {
  return problem.samples * problem.utilities.length;
}

/** Utilities times weights, park by park: what a park's variates are multiplied with. */
function weightedRows({ weights, utilities }: SmaaProblem): Float64Array {
  return utilities.map((utility, cell) => utility * (weights[cell % weights.length] ?? 0));
}

/** The parks from `from` up to `to`, best by profile first: fewer are overtaken by those that come later. */
function bestFirst(rows: Float64Array, width: number, from: number, to: number): readonly number[] {
  const sums = new Float64Array(to);
  for (let park = from; park < to; park += 1) {
    let sum = 0;
    for (let column = 0; column < width; column += 1) sum += rows[park * width + column] ?? 0;
    sums[park] = sum;
  }
  return Array.from({ length: to - from }, (_, index) => from + index).sort(
    (a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b,
  );
}

/** Eligible parks, and conditional ones as far as they leave ranks to them. */
function groupsOf({ eligible }: SmaaProblem, rows: Float64Array, width: number): readonly RankGroup[] {
  const parks = width === 0 ? 0 : rows.length / width;
  return [
    { from: 0, to: Math.min(eligible, parks), before: 0, depth: DEPTH },
    { from: eligible, to: parks, before: eligible, depth: DEPTH - eligible },
  ]
    .filter(({ from, to, depth }) => depth > 0 && from < to)
    .map(({ from, to, before, depth }) => ({ before, depth, parks: bestFirst(rows, width, from, to) }));
}

/**
 * Rank acceptability and central weights by simulation: SMAA-2 (Lahdelma & Salminen 2001; Tervonen & Lahdelma 2007,
 * algorithms 1 and 2) with exact utilities. Eligible parks stand before conditional ones under every weighting, as in
 * the answer; equal scores go by the park's place.
 * @param table variates by criterion, one column each, in the order of `problem.criteria`; not changed afterwards.
 */
export function runSmaaWith(problem: SmaaProblem, table: Variations): SmaaOutcome {
  counter ??= createRankCounter();
  const { weights, samples, criteria } = problem;
  const rows = weightedRows(problem);
  const columns = table.slice(0, criteria.length);
  return counter({ columns, samples, weights, rows, groups: groupsOf(problem, rows, criteria.length) });
}

/** As `runSmaaWith`, with the table of the problem's seed. */
export function runSmaa(problem: SmaaProblem): SmaaOutcome {
  const whole = variationsFor(problem.seed, problem.samples, CRITERIA.length);
  const table = problem.criteria.map((criterion) => whole[criterion] ?? new Float64Array(problem.samples));
  return runSmaaWith(problem, table);
}
