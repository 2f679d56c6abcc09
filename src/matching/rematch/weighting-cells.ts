/** Bins a criterion's variates are split into, at most; cells of two criteria hold some forty weightings then. */
const SIDE_MOST = 16;
const IN_A_CELL = 40;

/** How many bins a criterion has where so many weightings are drawn. */
export function sideOf(size: number): number {
  return Math.max(1, Math.min(SIDE_MOST, Math.floor(Math.sqrt(size / IN_A_CELL))));
}

/** One criterion's variates in bins that hold equally many: what is known of all that are in a bin. */
export interface CriterionBins {
  /** Least and greatest variate, by bin. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Least square of the distance from the mean, in standard deviations, by bin. */
  readonly square: Float64Array;
  /** Bin of each weighting, by its place. */
  readonly binOf: Uint8Array;
}

/**
 * Splits the variates of a criterion.
 * @param column variates by place.
 * @param square squares of their distances from the mean, in standard deviations, by place; 0 where nothing deviates.
 */
export function criterionBins(column: Float64Array, square: Float64Array, side: number): CriterionBins {
  const size = column.length;
  const order = Int32Array.from(column.keys()).sort((a, b) => (column[a] ?? 0) - (column[b] ?? 0) || a - b);
  const bins = {
    low: new Float64Array(side).fill(Number.POSITIVE_INFINITY),
    high: new Float64Array(side).fill(Number.NEGATIVE_INFINITY),
    square: new Float64Array(side).fill(Number.POSITIVE_INFINITY),
    binOf: new Uint8Array(size),
  };
  order.forEach((place, rank) => {
    const bin = Math.floor((rank * side) / size);
    const value = column[place] ?? 0;
    bins.binOf[place] = bin;
    bins.low[bin] = Math.min(bins.low[bin] ?? value, value);
    bins.high[bin] = Math.max(bins.high[bin] ?? value, value);
    bins.square[bin] = Math.min(bins.square[bin] ?? 0, square[place] ?? 0);
  });
  return bins;
}

/** The weightings by the bins of two criteria. */
export interface WeightingCells {
  /** Where the places of each cell begin, and one more; a cell is the first criterion's bin times the side plus the second's. */
  readonly from: Int32Array;
  /** Cell by cell, ascending in each. */
  readonly places: Int32Array;
  /** Square of the greatest length in a cell; less than any in an empty one. */
  readonly longest: Float64Array;
}

/**
 * Sorts places into cells: one pass to count, one to lay them down.
 * @param squares of lengths, by place; descending.
 */
export function weightingCells(
  one: CriterionBins,
  other: CriterionBins,
  side: number,
  squares: Float64Array,
): WeightingCells {
  const size = one.binOf.length;
  const cellOf = (place: number) => (one.binOf[place] ?? 0) * side + (other.binOf[place] ?? 0);
  const from = new Int32Array(side * side + 1);
  for (let place = 0; place < size; place += 1) {
    const next = cellOf(place) + 1;
    from[next] = (from[next] ?? 0) + 1;
  }
  for (let cell = 0; cell < side * side; cell += 1) from[cell + 1] = (from[cell + 1] ?? 0) + (from[cell] ?? 0);
  const places = new Int32Array(size);
  const next = from.slice();
  for (let place = 0; place < size; place += 1) {
    const cell = cellOf(place);
    places[next[cell] ?? 0] = place;
    next[cell] = (next[cell] ?? 0) + 1;
  }
  const longest = new Float64Array(side * side).map((_, cell) => {
    const at = from[cell] ?? 0;
    return at < (from[cell + 1] ?? 0) ? (squares[places[at] ?? 0] ?? 0) : -1;
  });
  return { from, places, longest };
}
