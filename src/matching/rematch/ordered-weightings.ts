import { standardColumns } from '../robustness/standard-variates.js';
import type { Variations } from '../robustness/variations.js';
import { type CriterionBins, criterionBins, sideOf, type WeightingCells, weightingCells } from './weighting-cells.js';

/** Scores are sums of a dozen products of about 1: leads closer than this may fall either way by rounding. */
export const NOISE = 1e-12;
/** Allows for the rounding of squares and lengths, sums of a dozen squares. */
export const ROUNDING = 1e-9;

/**
 * The weightings of a table in the order of how far they lie from their mean, farthest first, and by the bins of any two
 * criteria, so that a rival that is far behind is compared under few of them. For gaps g, the lead under a weighting v
 * is g'mean + g'(v - mean), and by Cauchy and Schwarz, with s the standard deviations of the criteria,
 * |g'(v - mean)| <= |g s| |(v - mean) / s|. The same holds of any part of the criteria: two of them are bounded by the
 * cell a weighting is in, the rest by what these two leave of its length.
 */
export interface OrderedWeightings {
  /** Weighting by weighting: the variates of all criteria, `width` of them. */
  readonly rows: Float64Array;
  readonly width: number;
  readonly size: number;
  readonly mean: Float64Array;
  /** Standard deviations, by criterion. */
  readonly deviation: Float64Array;
  /** Distances from the mean, each criterion measured by its deviation; descending. */
  readonly lengths: Float64Array;
  /** The same squared. */
  readonly squares: Float64Array;
  /** Bins of each criterion, by criterion. */
  readonly bins: readonly CriterionBins[];
  readonly side: number;
  /** By two criteria, the lesser first, as they are asked for: see `cellsOf`. */
  readonly cells: Map<number, WeightingCells>;
  readonly scratch: Scratch;
}

/** Room for one comparison of a rival at a time. */
export interface Scratch {
  /** Leads, by place. */
  readonly leads: Float64Array;
  /** Places where a rival may be ahead. */
  readonly places: Int32Array;
  /** The criteria that count, the weightiest first, and their gaps; behind them, gaps of 0. */
  readonly criteria: Int32Array;
  readonly gaps: Float64Array;
  /** How many criteria count. */
  count: number;
  /** By bin of a second criterion: the most it adds to a lead. */
  readonly most: Float64Array;
  /** Cells where a rival may be ahead, and the least square of a weighting's length that this takes. */
  readonly openCell: Int32Array;
  readonly leastOf: Float64Array;
}

/** Room behind the last criterion for a pass of four that is not full. */
const SPARE = 4;

/** Puts a table of at least two criteria in order. */
export function orderWeightings(table: Variations, size: number): OrderedWeightings {
  const width = table.length;
  if (width < 2) throw new RangeError('fewer than two criteria');
  const standard = standardColumns(table);
  const mean = Float64Array.from(standard, (column) => column.mean);
  const deviation = Float64Array.from(standard, (column) => column.deviation);
  const whole = new Float64Array(size).map((_, at) => standard.reduce((sum, own) => sum + (own.squares[at] ?? 0), 0));
  const order = Int32Array.from(whole.keys()).sort((a, b) => (whole[b] ?? 0) - (whole[a] ?? 0) || a - b);
  const ordered = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? 0);
  const columns = table.map(ordered);
  const rows = new Float64Array(size * width);
  columns.forEach((column, criterion) => {
    for (let place = 0; place < size; place += 1) rows[place * width + criterion] = column[place] ?? 0;
  });
  const side = sideOf(size);
  const squares = ordered(whole);
  return {
    ...{ rows, width, size, mean, deviation, lengths: squares.map(Math.sqrt), squares, side },
    bins: columns.map((column, at) => criterionBins(column, ordered(standard[at]?.squares ?? column), side)),
    cells: new Map(),
    scratch: {
      leads: new Float64Array(size),
      places: new Int32Array(size),
      criteria: new Int32Array(width + SPARE),
      gaps: new Float64Array(width + SPARE),
      count: 0,
      most: new Float64Array(side),
      openCell: new Int32Array(side * side + 1),
      leastOf: new Float64Array(side * side + 1),
    },
  };
}

/** The weightings by the bins of two criteria, `one` less than `other`. */
export function cellsOf(table: OrderedWeightings, one: number, other: number): WeightingCells {
  const { bins, cells, side, width, squares } = table;
  const key = one * width + other;
  const known = cells.get(key);
  if (known !== undefined) return known;
  const [first, second] = [bins[one], bins[other]];
  if (first === undefined || second === undefined) throw new RangeError('no such criterion');
  const made = weightingCells(first, second, side, squares);
  cells.set(key, made);
  return made;
}
