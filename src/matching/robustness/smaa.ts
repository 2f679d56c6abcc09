import { CRITERIA } from '../../domain/match.js';
import type { SmaaOutcome, SmaaProblem } from '../../domain/robustness.js';
import { type Variations, variationsFor } from './variations.js';

/** Ranks that are counted. */
const DEPTH = 3;
/** Weightings judged at once: their running scores stay in the fastest cache. */
const BLOCK = 512;
/** A lead that no rounding of a sum can swallow. */
const CLEAR_LEAD = 1e-9;
/** Criteria a pass adds up. */
const PASS = 4;

/** Multiplications and additions a problem takes at most. */
export function smaaCost(problem: SmaaProblem): number {
  return problem.samples * problem.utilities.length;
}

/** Utilities times weights: what a park's variates are multiplied with. */
function weightedRows(problem: SmaaProblem): Float64Array {
  const { weights, utilities } = problem;
  return utilities.map((utility, cell) => utility * (weights[cell % weights.length] ?? 0));
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

/** Scores and parks of the best three of a block, and the running scores of one park. */
interface BlockState {
  readonly best: readonly [Float64Array, Float64Array, Float64Array];
  readonly who: readonly [Int32Array, Int32Array, Int32Array];
  readonly score: Float64Array;
  /** The same of another park. */
  readonly second: Float64Array;
}

function blockState(size: number): BlockState {
  const scores = () => new Float64Array(size);
  const parks = () => new Int32Array(size);
  return { best: [scores(), scores(), scores()], who: [parks(), parks(), parks()], score: scores(), second: scores() };
}

/** One park's score under every weighting of a block, four criteria a pass. */
function addScores(
  table: Variations,
  rows: Float64Array,
  width: number,
  park: number,
  base: number,
  size: number,
  score: Float64Array,
): void {
  const none = table[0] ?? score;
  const column = (at: number) => table[at] ?? none;
  const factor = (at: number) => rows[park * width + at] ?? 0;
  score.fill(0);
  let at = 0;
  for (; at + PASS <= width; at += PASS) {
    const [a, b, c, d] = [column(at), column(at + 1), column(at + 2), column(at + 3)];
    const [wa, wb, wc, wd] = [factor(at), factor(at + 1), factor(at + 2), factor(at + 3)];
    for (let index = 0; index < size; index += 1) {
      const sample = base + index;
      score[index] =
        (score[index] ?? 0) +
        (wa * (a[sample] ?? 0) + wb * (b[sample] ?? 0) + wc * (c[sample] ?? 0) + wd * (d[sample] ?? 0));
    }
  }
  for (; at < width; at += 1) {
    const only = column(at);
    const weight = factor(at);
    for (let index = 0; index < size; index += 1) {
      score[index] = (score[index] ?? 0) + weight * (only[base + index] ?? 0);
    }
  }
}

/** `addScores` of two parks at once: each variate is read once for both. The sums are the same to the bit. */
function addScoresOfTwo(
  table: Variations,
  rows: Float64Array,
  width: number,
  [one, two]: readonly [number, number],
  base: number,
  size: number,
  [score, second]: readonly [Float64Array, Float64Array],
): void {
  const none = table[0] ?? score;
  const column = (at: number) => table[at] ?? none;
  const factor = (park: number, at: number) => rows[park * width + at] ?? 0;
  score.fill(0);
  second.fill(0);
  let at = 0;
  for (; at + PASS <= width; at += PASS) {
    const [a, b, c, d] = [column(at), column(at + 1), column(at + 2), column(at + 3)];
    const [wa, wb, wc, wd] = [factor(one, at), factor(one, at + 1), factor(one, at + 2), factor(one, at + 3)];
    const [va, vb, vc, vd] = [factor(two, at), factor(two, at + 1), factor(two, at + 2), factor(two, at + 3)];
    for (let index = 0; index < size; index += 1) {
      const sample = base + index;
      const ga = a[sample] ?? 0;
      const gb = b[sample] ?? 0;
      const gc = c[sample] ?? 0;
      const gd = d[sample] ?? 0;
      score[index] = (score[index] ?? 0) + (wa * ga + wb * gb + wc * gc + wd * gd);
      second[index] = (second[index] ?? 0) + (va * ga + vb * gb + vc * gc + vd * gd);
    }
  }
  for (; at < width; at += 1) {
    const only = column(at);
    const [weight, other] = [factor(one, at), factor(two, at)];
    for (let index = 0; index < size; index += 1) {
      const variate = only[base + index] ?? 0;
      score[index] = (score[index] ?? 0) + weight * variate;
      second[index] = (second[index] ?? 0) + other * variate;
    }
  }
}

/** Puts a park among the best three of each weighting where it belongs; equal scores go by the park's place. */
function insertPark(state: BlockState, park: number, size: number, score: Float64Array): void {
  const [best0, best1, best2] = state.best;
  const [who0, who1, who2] = state.who;
  for (let index = 0; index < size; index += 1) {
    const value = score[index] ?? 0;
    const third = best2[index] ?? 0;
    if (value < third || (value === third && park > (who2[index] ?? 0))) continue;
    const second = best1[index] ?? 0;
    if (value < second || (value === second && park > (who1[index] ?? 0))) {
      best2[index] = value;
      who2[index] = park;
      continue;
    }
    best2[index] = second;
    who2[index] = who1[index] ?? 0;
    const first = best0[index] ?? 0;
    if (value < first || (value === first && park > (who0[index] ?? 0))) {
      best1[index] = value;
      who1[index] = park;
      continue;
    }
    best1[index] = first;
    who1[index] = who0[index] ?? 0;
    best0[index] = value;
    who0[index] = park;
  }
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

/**
 * Rank acceptability and central weights by simulation: SMAA-2 (Lahdelma & Salminen 2001; Tervonen & Lahdelma 2007,
 * algorithms 1 and 2) with exact utilities. Eligible parks stand before conditional ones under every weighting, as in
 * the answer; equal scores go by the park's place. The result is that of ranking every park under every weighting:
 * parks that at least three others always precede are left out, which changes no count.
 * @param table variates by criterion, one column each, in the order of `problem.criteria`.
 */
export function runSmaaWith(problem: SmaaProblem, table: Variations): SmaaOutcome {
  const columns = problem.criteria.length;
  const parks = columns === 0 ? 0 : problem.utilities.length / columns;
  const outcome: SmaaOutcome = {
    first: new Int32Array(parks),
    firstThree: new Int32Array(parks),
    weightSums: new Float64Array(parks * columns),
  };
  const rows = weightedRows(problem);
  const state = blockState(Math.min(BLOCK, problem.samples));
  const groups = [
    { from: 0, to: problem.eligible, before: 0 },
    { from: problem.eligible, to: parks, before: problem.eligible },
  ];
  for (const { from, to, before } of groups) {
    const depth = DEPTH - before;
    if (depth <= 0 || from === to) continue;
    const able = candidates(rows, columns, from, to, depth);
    for (let base = 0; base < problem.samples; base += BLOCK) {
      const size = Math.min(BLOCK, problem.samples - base);
      for (const scores of state.best) scores.fill(Number.NEGATIVE_INFINITY);
      for (const who of state.who) who.fill(parks);
      const scores = [state.score, state.second] as const;
      for (let place = 0; place < able.length; place += 2) {
        const [park = 0, next] = [able[place], able[place + 1]];
        if (next === undefined) addScores(table, rows, columns, park, base, size, state.score);
        else addScoresOfTwo(table, rows, columns, [park, next], base, size, scores);
        insertPark(state, park, size, state.score);
        if (next !== undefined) insertPark(state, next, size, state.second);
      }
      count(state, size, depth, before, outcome);
      if (before === 0) addWeights(problem, table, state.who[0], base, size, state.score, outcome.weightSums);
    }
  }
  return outcome;
}

function count(state: BlockState, size: number, depth: number, before: number, outcome: SmaaOutcome): void {
  const { first, firstThree } = outcome;
  state.who.slice(0, depth).forEach((who, place) => {
    for (let index = 0; index < size; index += 1) {
      const park = who[index] ?? first.length;
      if (park >= first.length) continue;
      if (place + before === 0) first[park] = (first[park] ?? 0) + 1;
      firstThree[park] = (firstThree[park] ?? 0) + 1;
    }
  });
}

/** As `runSmaaWith`, with the table of the problem's seed. */
export function runSmaa(problem: SmaaProblem): SmaaOutcome {
  const table = variationsFor(problem.seed, problem.samples, CRITERIA.length);
  return runSmaaWith(
    problem,
    problem.criteria.map((criterion) => table[criterion] ?? new Float64Array(problem.samples)),
  );
}
