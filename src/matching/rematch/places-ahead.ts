import { cellsOf, NOISE, type OrderedWeightings, ROUNDING } from './ordered-weightings.js';
import type { CriterionBins, WeightingCells } from './weighting-cells.js';

/** Criteria that are bounded by the cell of a weighting. */
const IN_CELLS = 2;
/** Criteria that are added up at once. */
const PASS = 4;

/** Puts the criteria that count into the scratch, by how far their gaps make leads deviate; tells how many they are. */
function weightiestFirst({ deviation, scratch }: OrderedWeightings, all: Float64Array): number {
  const { criteria, gaps } = scratch;
  const weight = (criterion: number, gap: number) => Math.abs(gap * (deviation[criterion] ?? 0));
  let count = 0;
  for (let criterion = 0; criterion < all.length; criterion += 1) {
    const gap = all[criterion] ?? 0;
    if (gap === 0) continue;
    const own = weight(criterion, gap);
    let at = count;
    for (; at > 0 && weight(criteria[at - 1] ?? 0, gaps[at - 1] ?? 0) < own; at -= 1) {
      criteria[at] = criteria[at - 1] ?? 0;
      gaps[at] = gaps[at - 1] ?? 0;
    }
    criteria[at] = criterion;
    gaps[at] = gap;
    count += 1;
  }
  return count;
}

/** What criteria make of a lead: in the mean, and by how much more at most for each unit of a weighting's length. */
interface LeadBound {
  readonly mean: number;
  readonly perLength: number;
}

/** The bound on the criteria in the scratch from a place on. */
function boundFrom({ mean, deviation, scratch }: OrderedWeightings, from: number, count: number): LeadBound {
  const { criteria, gaps } = scratch;
  let lead = 0;
  let square = 0;
  for (let at = from; at < count; at += 1) {
    const criterion = criteria[at] ?? 0;
    const gap = gaps[at] ?? 0;
    lead += gap * (mean[criterion] ?? 0);
    square += (gap * (deviation[criterion] ?? 0)) ** 2;
  }
  return { mean: lead, perLength: Math.sqrt(square) * (1 + ROUNDING) };
}

/** The least square of a weighting's length that lets a rest make up for being behind; less than any where it need not. */
function leastSquare(behind: number, { perLength }: LeadBound, spent: number): number {
  if (!(behind > 0)) return -1;
  return ((behind / (perLength + NOISE)) ** 2 + spent) * (1 - ROUNDING) - ROUNDING;
}

/** The most a criterion of this gap adds to a lead, by bin, into `out`. */
function mostByBin({ low, high }: CriterionBins, gap: number, out: Float64Array): void {
  const extreme = gap > 0 ? high : low;
  for (let bin = 0; bin < out.length; bin += 1) out[bin] = gap * (extreme[bin] ?? 0);
}

/**
 * Adds up the four weightiest criteria at the places of the open cells whose lengths reach the least, and keeps those
 * where a bound on the others leaves it open who is ahead. Without branches: which are kept is as good as random.
 * @returns how many places are kept.
 */
function sift(
  { rows, width, lengths, squares, scratch }: OrderedWeightings,
  { from, places: inCells }: WeightingCells,
  open: number,
  { mean, perLength }: LeadBound,
): number {
  const { leads, places, criteria, gaps, openCell, leastOf } = scratch;
  const c0 = criteria[0] ?? 0;
  const c1 = criteria[1] ?? 0;
  const c2 = criteria[2] ?? 0;
  const c3 = criteria[3] ?? 0;
  const g0 = gaps[0] ?? 0;
  const g1 = gaps[1] ?? 0;
  const g2 = gaps[2] ?? 0;
  const g3 = gaps[3] ?? 0;
  let kept = 0;
  for (let at = 0; at < open; at += 1) {
    const cell = openCell[at] ?? 0;
    const least = leastOf[at] ?? 0;
    const to = from[cell + 1] ?? 0;
    for (let index = from[cell] ?? 0; index < to; index += 1) {
      const place = inCells[index] ?? 0;
      if ((squares[place] ?? 0) < least) break;
      const row = place * width;
      const lead =
        g0 * (rows[row + c0] ?? 0) +
        g1 * (rows[row + c1] ?? 0) +
        g2 * (rows[row + c2] ?? 0) +
        g3 * (rows[row + c3] ?? 0);
      leads[place] = lead;
      places[kept] = place;
      kept += lead + mean + perLength * (lengths[place] ?? 0) >= -NOISE ? 1 : 0;
    }
  }
  return kept;
}

/** Adds four more criteria, from `first` on, at the places that are kept; tells how many of them still are. */
function siftAgain(
  { rows, width, lengths, scratch }: OrderedWeightings,
  first: number,
  { mean, perLength }: LeadBound,
  before: number,
): number {
  const { leads, places, criteria, gaps } = scratch;
  const c0 = criteria[first] ?? 0;
  const c1 = criteria[first + 1] ?? 0;
  const c2 = criteria[first + 2] ?? 0;
  const c3 = criteria[first + 3] ?? 0;
  const g0 = gaps[first] ?? 0;
  const g1 = gaps[first + 1] ?? 0;
  const g2 = gaps[first + 2] ?? 0;
  const g3 = gaps[first + 3] ?? 0;
  let kept = 0;
  for (let index = 0; index < before; index += 1) {
    const place = places[index] ?? 0;
    const row = place * width;
    const lead =
      (leads[place] ?? 0) +
      (g0 * (rows[row + c0] ?? 0) +
        g1 * (rows[row + c1] ?? 0) +
        g2 * (rows[row + c2] ?? 0) +
        g3 * (rows[row + c3] ?? 0));
    leads[place] = lead;
    places[kept] = place;
    kept += lead + mean + perLength * (lengths[place] ?? 0) >= -NOISE ? 1 : 0;
  }
  return kept;
}

/**
 * Finds the cells of the two weightiest criteria in which a rival with these gaps may be ahead, into the scratch, with
 * the squares of the lengths it takes.
 * @param all gaps by criterion: the rival's weighted utility less the first park's.
 */
function openCells(
  table: OrderedWeightings,
  all: Float64Array,
): { readonly cells: WeightingCells; readonly open: number } {
  const { bins, side, scratch } = table;
  const { criteria, gaps, most, openCell, leastOf } = scratch;
  const count = weightiestFirst(table, all);
  scratch.count = count;
  gaps.fill(0, count);
  if (count < IN_CELLS) criteria[1] = criteria[0] === 0 ? 1 : 0;
  const rest = boundFrom(table, IN_CELLS, count);
  const turned = (criteria[0] ?? 0) < (criteria[1] ?? 0) ? 0 : 1;
  const [one, other] = [criteria[turned] ?? 0, criteria[1 - turned] ?? 0];
  const [first, second] = [bins[one], bins[other]];
  if (first === undefined || second === undefined) throw new RangeError('no such criterion');
  const cells = cellsOf(table, one, other);
  mostByBin(second, gaps[1 - turned] ?? 0, most);
  const gap = gaps[turned] ?? 0;
  const extreme = gap > 0 ? first.high : first.low;
  let open = 0;
  let cell = 0;
  for (let bin = 0; bin < side; bin += 1) {
    const lead = gap * (extreme[bin] ?? 0) + rest.mean;
    const spent = first.square[bin] ?? 0;
    for (let next = 0; next < side; next += 1, cell += 1) {
      const least = leastSquare(-NOISE - (lead + (most[next] ?? 0)), rest, spent + (second.square[next] ?? 0));
      openCell[open] = cell;
      leastOf[open] = least;
      open += (cells.longest[cell] ?? 0) >= least ? 1 : 0;
    }
  }
  return { cells, open };
}

/** A bound on how many places `placesAhead` finds, from the cells alone. */
export function placesInQuestion(table: OrderedWeightings, all: Float64Array): number {
  const { cells, open } = openCells(table, all);
  const { openCell } = table.scratch;
  let count = 0;
  for (let at = 0; at < open; at += 1) {
    const cell = openCell[at] ?? 0;
    count += (cells.from[cell + 1] ?? 0) - (cells.from[cell] ?? 0);
  }
  return count;
}

/**
 * Finds the places of the weightings under which a rival with these gaps may be ahead, by the two weightiest criteria's
 * cells first, then by sums of more and more criteria and bounds on the others.
 * @param all as for `openCells`.
 * @returns how many they are; the scratch holds them and their leads until the next call.
 */
export function placesAhead(table: OrderedWeightings, all: Float64Array): number {
  const { cells, open } = openCells(table, all);
  const { count } = table.scratch;
  let kept = sift(table, cells, open, boundFrom(table, PASS, count));
  for (let added = PASS; added < count; added += PASS) {
    kept = siftAgain(table, added, boundFrom(table, added + PASS, count), kept);
  }
  return kept;
}
