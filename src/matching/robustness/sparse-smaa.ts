import { DIRECTIONS, directionCells, findOpen, raiseNeeded } from './direction-cells.js';
import { mainDirections } from './directions.js';
import {
  addScores,
  addScoresAt,
  addScoresOfTwo,
  type BestThree,
  BLOCK,
  bestThree,
  clearBest,
  insertPark,
  insertParkAt,
} from './scores.js';
import { type StandardColumn, standardColumns } from './standard-variates.js';
import type { Variations } from './variations.js';

/** Parks that are scored under every weighting, to tell what the others have to reach: an even number. */
const LEADERS = 6;
/** What is needed is looked up anew after so many others, then after more and more. */
const FIRST_RAISE = 4;
/** A square that is only rounding. */
const NOTHING = 1e-18;

/** The parks from `from` up to `to` of those in `rows`, and how many ranks are theirs. */
export interface ParkGroup {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** Weighted utilities, park by park, and the variates they are multiplied with, a column for each of `width` criteria. */
interface Scoring {
  readonly table: Variations;
  readonly rows: Float64Array;
  readonly width: number;
  readonly samples: number;
}

/** A group's parks by their score in the mean of all weightings, best first. */
function bestFirst({ rows, width }: Scoring, columns: readonly StandardColumn[], { from, to }: ParkGroup): number[] {
  const means = new Float64Array(to);
  for (let park = from; park < to; park += 1) {
    let mean = 0;
    for (let at = 0; at < width; at += 1) mean += (rows[park * width + at] ?? 0) * (columns[at]?.mean ?? 0);
    means[park] = mean;
  }
  return Array.from({ length: to - from }, (_, index) => from + index).sort(
    (a, b) => (means[b] ?? 0) - (means[a] ?? 0) || a - b,
  );
}

/** Scores parks under every weighting. */
function scoreLeaders({ table, rows, width, samples }: Scoring, parks: readonly number[], state: BestThree): void {
  const [score, second] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
  for (let base = 0; base < samples; base += BLOCK) {
    const size = Math.min(BLOCK, samples - base);
    for (let place = 0; place < parks.length; place += 2) {
      const [one = 0, two = 0] = [parks[place], parks[place + 1]];
      addScoresOfTwo(table, rows, width, [one, two], base, size, [score, second]);
      insertPark(state, one, base, size, score);
      insertPark(state, two, base, size, second);
    }
  }
}

/** The weighted utilities of the parks at a rank, in the mean of the weightings: what changes with them as their score. */
function averageRow({ rows, width, samples }: Scoring, who: Int32Array): Float64Array {
  const counts = new Int32Array(rows.length / width);
  for (const park of who) counts[park] = (counts[park] ?? 0) + 1;
  const row = new Float64Array(width);
  counts.forEach((count, park) => {
    if (count === 0) return;
    for (let at = 0; at < width; at += 1) row[at] = (row[at] ?? 0) + (rows[park * width + at] ?? 0) * (count / samples);
  });
  return row;
}

/** A row's scores, by weighting. */
function scoresOf({ table, width, samples }: Scoring, row: Float64Array): Float64Array {
  const scores = new Float64Array(samples);
  for (let base = 0; base < samples; base += BLOCK) {
    const size = Math.min(BLOCK, samples - base);
    addScores(table, row, width, 0, base, size, scores.subarray(base, base + size));
  }
  return scores;
}

/** By how much the least scores that count exceed others, by weighting, into `out`. */
function excess(least: Float64Array, over: Float64Array, out: Float64Array): Float64Array {
  for (let sample = 0; sample < out.length; sample += 1) out[sample] = (least[sample] ?? 0) - (over[sample] ?? 0);
  return out;
}

/** What parks are ahead of a row by. */
interface Gaps {
  /** Park by park, by criterion, times the criterion's deviation. */
  readonly gaps: Float64Array;
  /** In the mean of all weightings. */
  readonly leads: Float64Array;
  /** Sums of the products of any two criteria's gaps; parks count the more the nearer they are. */
  readonly moments: Float64Array;
}

function gapsTo(
  { rows, width }: Scoring,
  columns: readonly StandardColumn[],
  parks: readonly number[],
  row: Float64Array,
): Gaps {
  const gaps = new Float64Array(parks.length * width);
  const leads = new Float64Array(parks.length);
  const moments = new Float64Array(width * width);
  parks.forEach((park, place) => {
    const own = gaps.subarray(place * width, (place + 1) * width);
    let lead = 0;
    for (let at = 0; at < width; at += 1) {
      const gap = (rows[park * width + at] ?? 0) - (row[at] ?? 0);
      lead += gap * (columns[at]?.mean ?? 0);
      own[at] = gap * (columns[at]?.deviation ?? 0);
    }
    leads[place] = lead;
    const share = 1 / (own.reduce((sum, gap) => sum + gap * gap, lead * lead) + NOTHING);
    for (let one = 0; one < width; one += 1) {
      const part = share * (own[one] ?? 0);
      for (let other = 0; other < width; other += 1) {
        const cell = one * width + other;
        moments[cell] = (moments[cell] ?? 0) + part * (own[other] ?? 0);
      }
    }
  });
  return { gaps, leads, moments };
}

/**
 * The three best parks of a group under every weighting, as far as they have ranks. The parks that lead in the mean are
 * scored under all of them; then a park has to reach the last of the ranks that they hold there. That score is close to
 * that of one average row, so that each other park is told by its gaps to it where it may reach so far; only there it is
 * scored, by the same sums.
 * @param width criteria: columns of `table` and cells of a row of `rows`.
 * @param none what stands for no park.
 */
export function sparseBest(
  table: Variations,
  rows: Float64Array,
  width: number,
  samples: number,
  group: ParkGroup,
  none: number,
): BestThree {
  const scoring: Scoring = { table, rows, width, samples };
  const columns = standardColumns(table);
  const order = bestFirst(scoring, columns, group);
  const state = bestThree(samples);
  clearBest(state, none);
  scoreLeaders(scoring, order.slice(0, LEADERS), state);
  const [least, last] = [state.best[group.depth - 1] ?? state.best[2], state.who[group.depth - 1] ?? state.who[2]];
  const row = averageRow(scoring, last);
  const others = order.slice(LEADERS);
  const { gaps, leads, moments } = gapsTo(scoring, columns, others, row);
  const along = mainDirections(moments, width, DIRECTIONS);
  const scores = scoresOf(scoring, row);
  const needed = new Float64Array(samples);
  const cells = directionCells(columns, along, samples);
  const score = new Float64Array(samples);
  let next = 0;
  others.forEach((park, place) => {
    if (place === next) {
      raiseNeeded(cells, excess(least, scores, needed));
      next = next * 2 + FIRST_RAISE;
    }
    const count = findOpen(cells, gaps.subarray(place * width, (place + 1) * width), leads[place] ?? 0);
    addScoresAt(table, rows, width, park, cells.found, count, score);
    insertParkAt(state, park, cells.found, count, score);
  });
  return state;
}
