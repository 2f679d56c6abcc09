import type { Variations } from '../robustness/variations.js';

/** Scores are sums of a dozen products of about 1: leads closer than this may fall either way by rounding. */
export const NOISE = 1e-12;
/** Allows for the rounding of lengths, sums of a dozen squares. */
const ROUNDING = 1e-9;

/**
 * The weightings of a table in the order of how far they lie from their mean, farthest first, so that a rival that is
 * far behind on the whole is compared under few of them. For gaps g, the lead under a weighting v is
 * g'mean + g'(v - mean), and by Cauchy and Schwarz, with s the standard deviations of the criteria,
 * |g'(v - mean)| <= |g s| |(v - mean) / s|. The same holds of any part of the criteria, so that a few of them, added up,
 * and the length tell most rivals behind.
 */
export interface OrderedWeightings {
  /** By criterion. */
  readonly columns: readonly Float64Array[];
  readonly size: number;
  readonly mean: Float64Array;
  /** Standard deviations, by criterion. */
  readonly deviation: Float64Array;
  /** Distances from the mean, each criterion measured by its deviation; descending. */
  readonly lengths: Float64Array;
  /** For leads, and for the places still in question. */
  readonly scratch: { readonly leads: Float64Array; readonly places: Int32Array };
}

function deviationOf(column: Float64Array, mean: number): number {
  return Math.sqrt(column.reduce((sum, one) => sum + (one - mean) ** 2, 0) / column.length);
}

function lengthsOf(table: Variations, mean: Float64Array, deviation: Float64Array, size: number): Float64Array {
  const lengths = new Float64Array(size);
  table.forEach((column, at) => {
    const [center, unit] = [mean[at] ?? 0, deviation[at] ?? 0];
    // A criterion that never deviates adds nothing to any lead's deviation.
    if (!(unit > 0)) return;
    for (let place = 0; place < size; place += 1) {
      lengths[place] = (lengths[place] ?? 0) + (((column[place] ?? 0) - center) / unit) ** 2;
    }
  });
  return lengths.map(Math.sqrt);
}

/** Puts a table in order. */
export function orderWeightings(table: Variations, size: number): OrderedWeightings {
  const mean = Float64Array.from(table, (column) => column.reduce((sum, one) => sum + one, 0) / size);
  const deviation = Float64Array.from(table, (column, at) => deviationOf(column, mean[at] ?? 0));
  const lengths = lengthsOf(table, mean, deviation, size);
  const order = Int32Array.from(lengths.keys()).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const ordered = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? 0);
  const scratch = { leads: new Float64Array(size), places: new Int32Array(size) };
  return { columns: table.map(ordered), size, mean, deviation, lengths: ordered(lengths), scratch };
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

/** What criteria make of a lead: in the mean, and by how much more at most for each unit of a weighting's length. */
export interface LeadBound {
  readonly mean: number;
  readonly perLength: number;
}

/** @param criteria those that count. */
export function leadBound(
  { mean, deviation }: OrderedWeightings,
  gaps: Float64Array,
  criteria: readonly number[],
): LeadBound {
  let lead = 0;
  let square = 0;
  for (const criterion of criteria) {
    const gap = gaps[criterion] ?? 0;
    lead += gap * (mean[criterion] ?? 0);
    square += (gap * (deviation[criterion] ?? 0)) ** 2;
  }
  return { mean: lead, perLength: Math.sqrt(square) * (1 + ROUNDING) };
}

/** A bound on where in the order a rival may be ahead: before this place, and nowhere after it. */
export function lastPlaceAhead({ lengths, size }: OrderedWeightings, { mean, perLength }: LeadBound): number {
  const behind = -NOISE - mean;
  if (!(behind > 0)) return size;
  return atLeast(lengths, (behind / (perLength + NOISE)) * (1 - ROUNDING) - ROUNDING);
}
