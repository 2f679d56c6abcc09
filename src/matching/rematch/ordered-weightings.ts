import type { Variations } from '../robustness/variations.js';

/** Scores are sums of a dozen products of about 1: leads closer than this may fall either way by rounding. */
export const NOISE = 1e-12;
/** Allows for the rounding of lengths, sums of a few hundred products. */
const ROUNDING = 1e-9;

/**
 * The weightings of a table in the order of how far they lie from their mean, farthest first, so that a rival that is
 * far behind on the whole is compared under few of them. For gaps g, the lead under a weighting v is
 * g'mean + g'(v - mean), and by Cauchy and Schwarz |g'(v - mean)| <= sqrt(g'Cg) |v - mean|, the last length measured by
 * the inverse of the table's own covariance C (Mahalanobis): a rival whose mean lead is t standard deviations below 0 is
 * ahead under no weighting nearer to the mean than t.
 */
export interface OrderedWeightings {
  /** By criterion. */
  readonly columns: readonly Float64Array[];
  readonly size: number;
  readonly mean: Float64Array;
  /** Lower triangle of the covariance's Cholesky root, row by row; null where it has none: then all may be ahead. */
  readonly root: readonly Float64Array[] | null;
  /** Descending. */
  readonly lengths: Float64Array;
  /** For running leads, and for the places still in question. */
  readonly scratch: { readonly leads: Float64Array; readonly places: Int32Array };
}

function covariance(table: Variations, mean: Float64Array, size: number): Float64Array[] {
  return table.map((a, row) =>
    Float64Array.from(table.slice(0, row + 1), (b, column) => {
      let sum = 0;
      for (let at = 0; at < size; at += 1) {
        sum += ((a[at] ?? 0) - (mean[row] ?? 0)) * ((b[at] ?? 0) - (mean[column] ?? 0));
      }
      return sum / size;
    }),
  );
}

/** Cholesky's root of a symmetric matrix given by its lower triangle; null where it is not clearly positive definite. */
function cholesky(matrix: readonly Float64Array[]): readonly Float64Array[] | null {
  const root = matrix.map((row) => row.slice());
  for (const [at, row] of root.entries()) {
    for (let column = 0; column <= at; column += 1) {
      const other = root[column];
      let sum = row[column] ?? 0;
      for (let inner = 0; inner < column; inner += 1) sum -= (row[inner] ?? 0) * (other?.[inner] ?? 0);
      if (column === at && !(sum > ROUNDING)) return null;
      row[column] = column === at ? Math.sqrt(sum) : sum / (other?.[column] ?? 1);
    }
  }
  return root;
}

function lengthsOf(table: Variations, mean: Float64Array, root: readonly Float64Array[], size: number): Float64Array {
  const lengths = new Float64Array(size);
  const solved = new Float64Array(table.length);
  for (let at = 0; at < size; at += 1) {
    let square = 0;
    for (const [row, cells] of root.entries()) {
      let value = (table[row]?.[at] ?? 0) - (mean[row] ?? 0);
      for (let inner = 0; inner < row; inner += 1) value -= (cells[inner] ?? 0) * (solved[inner] ?? 0);
      solved[row] = value / (cells[row] ?? 1);
      square += (solved[row] ?? 0) ** 2;
    }
    lengths[at] = Math.sqrt(square);
  }
  return lengths;
}

/** Puts a table in order. */
export function orderWeightings(table: Variations, size: number): OrderedWeightings {
  const mean = Float64Array.from(table, (column) => column.reduce((sum, one) => sum + one, 0) / size);
  const root = cholesky(covariance(table, mean, size));
  const lengths = root === null ? new Float64Array(size) : lengthsOf(table, mean, root, size);
  const order = Int32Array.from(lengths.keys()).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const ordered = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? 0);
  const scratch = { leads: new Float64Array(size), places: new Int32Array(size) };
  return { columns: table.map(ordered), size, mean, root, lengths: ordered(lengths), scratch };
}

/** How many entries of a descending list are at least so large. */
function atLeast(descending: Float64Array, least: number): number {
  let from = 0;
  let to = descending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((descending[middle] ?? 0) < least) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** A bound on where in the order a rival with these gaps may be ahead: before this place, and nowhere after it. */
export function lastPlaceAhead({ mean, root, lengths, size }: OrderedWeightings, gaps: Float64Array): number {
  if (root === null) return size;
  let lead = 0;
  let variance = 0;
  for (let column = 0; column < gaps.length; column += 1) {
    lead += (gaps[column] ?? 0) * (mean[column] ?? 0);
    let part = 0;
    for (let row = column; row < gaps.length; row += 1) part += (gaps[row] ?? 0) * (root[row]?.[column] ?? 0);
    variance += part ** 2;
  }
  const behind = -NOISE - lead;
  if (!(behind > 0)) return size;
  return atLeast(lengths, (behind / (Math.sqrt(variance) + NOISE)) * (1 - ROUNDING) - ROUNDING);
}
