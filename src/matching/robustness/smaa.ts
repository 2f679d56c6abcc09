import { CRITERIA } from '../../domain/match.js';
import type { SmaaOutcome, SmaaProblem } from '../../domain/robustness.js';
import {
  addScores,
  addScoresOfTwo,
  type BestThree,
  BLOCK,
  bestThree,
  clearBest,
  DEPTH,
  insertPark,
  weightedRows,
} from './scores.js';
import { type ParkGroup, sparseBest } from './sparse-smaa.js';
import { type Variations, variationsFor } from './variations.js';

/** In groups of so few parks, or under so few weightings, scoring all under all is as cheap. */
const FEW_PARKS = 48;
const FEW_SAMPLES = 2_000;
/** A lead that no rounding of a sum can swallow. */
const CLEAR_LEAD = 1e-9;

/** Multiplications and additions a problem takes at most. */
export function smaaCost(problem: SmaaProblem): number {
  return problem.samples * problem.utilities.length;
}

/** True if the first park scores no less under any weighting and comes before the second where they are equal. */
function alwaysBefore(rows: Float64Array, width: number, first: number, second: number): boolean {
  let clear = first < second;
  for (let column = 0; column < width; column += 1) {
    const lead = (rows[first * width + column] ?? 0) - (rows[second * width + column] ?? 0);
    if (lead < 0) return false;
    if (lead > CLEAR_LEAD) clear = true;
  }
  return clear;
}

/**
 * The parks of a group that can reach one of the first `depth` ranks: those with fewer than `depth` parks always
 * before them. Best by profile first, so that those that can't are found out after few comparisons.
 */
function candidates(rows: Float64Array, width: number, from: number, to: number, depth: number): number[] {
  const sums = new Float64Array(to);
  for (let park = from; park < to; park += 1) {
    let sum = 0;
    for (let column = 0; column < width; column += 1) sum += rows[park * width + column] ?? 0;
    sums[park] = sum;
  }
  const order = Array.from({ length: to - from }, (_, index) => from + index).sort(
    (a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b,
  );
  return order.filter((park, place) => {
    let before = 0;
    for (let other = 0; other < place && before < depth; other += 1) {
      if (alwaysBefore(rows, width, order[other] ?? 0, park)) before += 1;
    }
    return before < depth;
  });
}

/** Adds the normalised weightings of a block to the sums of the parks that are first under them. */
function addWeights(
  problem: SmaaProblem,
  table: Variations,
  who: Int32Array,
  base: number,
  size: number,
  total: Float64Array,
  out: Float64Array,
): void {
  const { weights } = problem;
  const columns = weights.length;
  addScores(table, weights, columns, 0, base, size, total);
  for (let index = 0; index < size; index += 1) total[index] = 1 / (total[index] ?? 1);
  for (let column = 0; column < columns; column += 1) {
    const variates = table[column] ?? total;
    const weight = weights[column] ?? 0;
    for (let index = 0; index < size; index += 1) {
      const cell = (who[index] ?? 0) * columns + column;
      out[cell] = (out[cell] ?? 0) + weight * (variates[base + index] ?? 0) * (total[index] ?? 0);
    }
  }
}

/** Adds up who is first and who is among the first ranks of a group, under the first `size` weightings of the state. */
function count({ who }: BestThree, size: number, { depth, before }: Group, { first, firstThree }: SmaaOutcome): void {
  who.slice(0, depth).forEach((parks, place) => {
    for (let index = 0; index < size; index += 1) {
      const park = parks[index] ?? first.length;
      if (park >= first.length) continue;
      if (place + before === 0) first[park] = (first[park] ?? 0) + 1;
      firstThree[park] = (firstThree[park] ?? 0) + 1;
    }
  });
}

/** Parks that stand together under every weighting: `before` others stand before them and leave `depth` ranks. */
interface Group extends ParkGroup {
  readonly before: number;
}

function groupsOf({ eligible }: SmaaProblem, parks: number): readonly Group[] {
  return [
    { from: 0, to: eligible, before: 0, depth: DEPTH },
    { from: eligible, to: parks, before: eligible, depth: DEPTH - eligible },
  ].filter(({ from, to, depth }) => depth > 0 && from < to);
}

function noOutcome({ criteria, utilities }: SmaaProblem): SmaaOutcome {
  const parks = criteria.length === 0 ? 0 : utilities.length / criteria.length;
  return {
    first: new Int32Array(parks),
    firstThree: new Int32Array(parks),
    weightSums: new Float64Array(parks * criteria.length),
  };
}

/** Counts a group's ranks, scoring its parks under every weighting, but for those others always precede. */
function countAll(
  problem: SmaaProblem,
  table: Variations,
  rows: Float64Array,
  group: Group,
  outcome: SmaaOutcome,
): void {
  const columns = problem.criteria.length;
  const room = Math.min(BLOCK, problem.samples);
  const state = bestThree(room);
  const [score, second] = [new Float64Array(room), new Float64Array(room)];
  const able = candidates(rows, columns, group.from, group.to, group.depth);
  for (let base = 0; base < problem.samples; base += BLOCK) {
    const size = Math.min(BLOCK, problem.samples - base);
    clearBest(state, outcome.first.length);
    for (let place = 0; place < able.length; place += 2) {
      const [park = 0, next] = [able[place], able[place + 1]];
      if (next === undefined) addScores(table, rows, columns, park, base, size, score);
      else addScoresOfTwo(table, rows, columns, [park, next], base, size, [score, second]);
      insertPark(state, park, 0, size, score);
      if (next !== undefined) insertPark(state, next, 0, size, second);
    }
    count(state, size, group, outcome);
    if (group.before === 0) addWeights(problem, table, state.who[0], base, size, score, outcome.weightSums);
  }
}

/** Counts a group's ranks, scoring most of its parks under few weightings. */
function countSparse(
  problem: SmaaProblem,
  table: Variations,
  rows: Float64Array,
  group: Group,
  outcome: SmaaOutcome,
): void {
  const state = sparseBest(table, rows, problem.criteria.length, problem.samples, group, outcome.first.length);
  count(state, problem.samples, group, outcome);
  if (group.before > 0) return;
  const total = new Float64Array(BLOCK);
  for (let base = 0; base < problem.samples; base += BLOCK) {
    const size = Math.min(BLOCK, problem.samples - base);
    addWeights(problem, table, state.who[0].subarray(base), base, size, total, outcome.weightSums);
  }
}

/** Counts every group, each in the way chosen for it. */
function countGroups(problem: SmaaProblem, table: Variations, wayFor: (group: Group) => typeof countAll): SmaaOutcome {
  const outcome = noOutcome(problem);
  const rows = weightedRows(problem);
  for (const group of groupsOf(problem, outcome.first.length)) wayFor(group)(problem, table, rows, group, outcome);
  return outcome;
}

/**
 * Rank acceptability and central weights by simulation: SMAA-2 (Lahdelma & Salminen 2001; Tervonen & Lahdelma 2007,
 * algorithms 1 and 2) with exact utilities. Eligible parks stand before conditional ones under every weighting, as in
 * the answer; equal scores go by the park's place. The result is that of ranking every park under every weighting:
 * parks that at least three others always precede are left out, which changes no count.
 * @param table variates by criterion, one column each, in the order of `problem.criteria`.
 */
export function runSmaaWith(problem: SmaaProblem, table: Variations): SmaaOutcome {
  return countGroups(problem, table, () => countAll);
}

/**
 * As `runSmaaWith`, with the table of the problem's seed, and the same to the bit; where a group has many parks, those
 * that are far behind are scored only under the weightings that may bring them forward.
 */
export function runSmaa(problem: SmaaProblem): SmaaOutcome {
  const whole = variationsFor(problem.seed, problem.samples, CRITERIA.length);
  const table = problem.criteria.map((criterion) => whole[criterion] ?? new Float64Array(problem.samples));
  return countGroups(problem, table, ({ from, to }) => {
    return to - from < FEW_PARKS || problem.samples < FEW_SAMPLES ? countAll : countSparse;
  });
}
