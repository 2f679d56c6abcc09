import type { SmaaProblem } from '../../domain/robustness.js';
import type { Variations } from './variations.js';

/** Ranks that are counted. */
export const DEPTH = 3;
/** Weightings judged at once: their running scores stay in the fastest cache. */
export const BLOCK = 512;
/** Criteria a pass adds up. */
const PASS = 4;

/** Utilities times weights, park by park: what a park's variates are multiplied with. */
export function weightedRows(problem: SmaaProblem): Float64Array {
  const { weights, utilities } = problem;
  return utilities.map((utility, cell) => utility * (weights[cell % weights.length] ?? 0));
}

/** One park's score under every weighting of a block, four criteria a pass. */
export function addScores(
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
export function addScoresOfTwo(
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

/** The three best parks under each weighting, best first, and their scores; by weighting. */
export interface BestThree {
  readonly best: readonly [Float64Array, Float64Array, Float64Array];
  readonly who: readonly [Int32Array, Int32Array, Int32Array];
}

/** Room for the best three under so many weightings. */
export function bestThree(size: number): BestThree {
  const scores = () => new Float64Array(size);
  const parks = () => new Int32Array(size);
  return { best: [scores(), scores(), scores()], who: [parks(), parks(), parks()] };
}

/** Forgets all parks. @param none what stands for no park: a number above that of every park. */
export function clearBest({ best, who }: BestThree, none: number): void {
  for (const scores of best) scores.fill(Number.NEGATIVE_INFINITY);
  for (const parks of who) parks.fill(none);
}

/** Puts a park whose score is no less than the third best's before it, under one weighting. */
function insert({ best, who }: BestThree, park: number, index: number, value: number): void {
  const [best0, best1, best2] = best;
  const [who0, who1, who2] = who;
  const second = best1[index] ?? 0;
  if (value < second || (value === second && park > (who1[index] ?? 0))) {
    best2[index] = value;
    who2[index] = park;
    return;
  }
  best2[index] = second;
  who2[index] = who1[index] ?? 0;
  const first = best0[index] ?? 0;
  if (value < first || (value === first && park > (who0[index] ?? 0))) {
    best1[index] = value;
    who1[index] = park;
    return;
  }
  best1[index] = first;
  who1[index] = who0[index] ?? 0;
  best0[index] = value;
  who0[index] = park;
}

/**
 * Puts a park among the best three of each weighting where it belongs; equal scores go by the park's place. The result
 * does not depend on the order in which parks come.
 * @param score the park's scores, `size` of them: those under the weightings from place `from` of the state on.
 */
export function insertPark(state: BestThree, park: number, from: number, size: number, score: Float64Array): void {
  const third = state.best[2];
  const who = state.who[2];
  for (let at = 0; at < size; at += 1) {
    const value = score[at] ?? 0;
    const least = third[from + at] ?? 0;
    if (value > least || (value === least && park < (who[from + at] ?? 0))) insert(state, park, from + at, value);
  }
}

/** As `insertPark`, for the first `count` of the given weightings. */
export function insertParkAt(
  state: BestThree,
  park: number,
  samples: Int32Array,
  count: number,
  score: Float64Array,
): void {
  const third = state.best[2];
  const who = state.who[2];
  for (let at = 0; at < count; at += 1) {
    const sample = samples[at] ?? 0;
    const value = score[at] ?? 0;
    const least = third[sample] ?? 0;
    if (value > least || (value === least && park < (who[sample] ?? 0))) insert(state, park, sample, value);
  }
}

/** One park's scores under the first `count` of the given weightings, to the bit what `addScores` makes of them. */
export function addScoresAt(
  table: Variations,
  rows: Float64Array,
  width: number,
  park: number,
  samples: Int32Array,
  count: number,
  score: Float64Array,
): void {
  const none = table[0] ?? score;
  const column = (at: number) => table[at] ?? none;
  const factor = (at: number) => rows[park * width + at] ?? 0;
  score.fill(0, 0, count);
  let at = 0;
  for (; at + PASS <= width; at += PASS) {
    const [a, b, c, d] = [column(at), column(at + 1), column(at + 2), column(at + 3)];
    const [wa, wb, wc, wd] = [factor(at), factor(at + 1), factor(at + 2), factor(at + 3)];
    for (let index = 0; index < count; index += 1) {
      const sample = samples[index] ?? 0;
      score[index] =
        (score[index] ?? 0) +
        (wa * (a[sample] ?? 0) + wb * (b[sample] ?? 0) + wc * (c[sample] ?? 0) + wd * (d[sample] ?? 0));
    }
  }
  for (; at < width; at += 1) {
    const only = column(at);
    const weight = factor(at);
    for (let index = 0; index < count; index += 1) {
      score[index] = (score[index] ?? 0) + weight * (only[samples[index] ?? 0] ?? 0);
    }
  }
}
