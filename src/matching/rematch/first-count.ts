import type { CompiledNeed } from '../compile-need.js';
import type { Frame } from '../frame.js';
import { liveRows } from '../rank.js';
import type { Workspace } from '../workspace.js';
import type { EarlierCount } from './narrowed-smaa.js';
import { NOISE, type OrderedWeightings } from './ordered-weightings.js';
import { placesAhead } from './places-ahead.js';
import type { FirstCount } from './standing.js';
import { alwaysBehind, labelSpan, weightingsOf } from './weighing.js';

/** So many of the first three may have changed that the best of those that have not is still among them. */
const CHANGED_AT_MOST = 2;

/**
 * Rows of the parks that can be first under some weighting, by an earlier count of all weightings: the contenders of
 * then, and what has changed since. Under each weighting three parks stood before all others; as long as at most two of
 * the contenders have changed, the best park that has not is one of those three. Null where nothing follows.
 */
export function firstRivals(earlier: EarlierCount | null): ReadonlySet<number> | null {
  if (earlier === null) return null;
  const changed = new Set(earlier.changed);
  const moved = earlier.contenders.filter((row) => changed.has(row)).length;
  return moved > CHANGED_AT_MOST ? null : new Set([...earlier.contenders, ...changed]);
}

/** Criteria added up at once, as counting all weightings does it: sums must be equal to the bit. */
const PASS = 4;

/** A park's score under the weighting at a place, added up in the order of `runSmaa`. */
function scoreAt(
  { rows, width }: OrderedWeightings,
  weighted: Float64Array,
  criteria: readonly number[],
  place: number,
) {
  const part = (at: number) => {
    const criterion = criteria[at] ?? 0;
    return (weighted[criterion] ?? 0) * (rows[place * width + criterion] ?? 0);
  };
  let score = 0;
  let at = 0;
  for (; at + PASS <= criteria.length; at += PASS) score += part(at) + part(at + 1) + part(at + 2) + part(at + 3);
  for (; at < criteria.length; at += 1) score += part(at);
  return score;
}

function weightedRow({ weights }: CompiledNeed, work: Workspace, row: number): Float64Array {
  return weights.map((weight, criterion) => (weight > 0 ? (work.utilities[criterion]?.[row] ?? 0) * weight : 0));
}

interface Rival {
  readonly row: number;
  readonly weighted: Float64Array;
  readonly gaps: Float64Array;
  readonly lead: number;
}

/** Those that are ahead of the first park under some weighting, the strongest first. */
function rivalsOf(
  need: CompiledNeed,
  work: Workspace,
  table: OrderedWeightings,
  firstRow: number,
  able: ReadonlySet<number> | null,
): readonly Rival[] {
  const isOpen = (row: number) => (work.open[row] ?? 0) !== 0;
  const first = weightedRow(need, work, firstRow);
  const rivals: Rival[] = [];
  for (const row of liveRows(work)) {
    // Eligible parks stand before conditional ones whatever the weights.
    if (row === firstRow || isOpen(row) !== isOpen(firstRow)) continue;
    if (able !== null && !able.has(row)) continue;
    const weighted = weightedRow(need, work, row);
    const gaps = weighted.map((value, criterion) => value - (first[criterion] ?? 0));
    if (alwaysBehind(gaps, firstRow < row)) continue;
    rivals.push({ row, weighted, gaps, lead: gaps.reduce((sum, gap, at) => sum + gap * (table.mean[at] ?? 0), 0) });
  }
  return rivals.sort((a, b) => b.lead - a.lead || a.row - b.row);
}

/**
 * Counts the weightings under which a park is first, as `runSmaa` does, without scoring all parks under all weightings:
 * a rival is looked at only where it may be ahead, and once it is sure that the label is 难分 counting ends. Else `low`
 * and `high` are the count. Takers are the rivals that took something from all before them.
 * @param work holds the need's evaluation; `firstRow` is the park that is first in it.
 * @param samples weightings of a result.
 * @param able rows of the parks that can be first under some weighting, where that is known; else all are looked at.
 */
export function firstCount(
  frame: Frame,
  need: CompiledNeed,
  work: Workspace,
  firstRow: number,
  samples: number,
  able: ReadonlySet<number> | null = null,
): FirstCount {
  const table = weightingsOf(frame, samples);
  const criteria = [...need.weights.keys()].filter((criterion) => (need.weights[criterion] ?? 0) > 0);
  const first = weightedRow(need, work, firstRow);
  const { most } = labelSpan('tossUp', samples);
  const lost = new Uint8Array(samples);
  const { places, leads } = table.scratch;
  let high = samples;
  const takers: number[] = [];
  for (const { row, weighted, gaps } of rivalsOf(need, work, table, firstRow, able)) {
    const found = placesAhead(table, gaps);
    for (let at = 0; at < found; at += 1) {
      const place = places[at] ?? 0;
      if (lost[place] === 1) continue;
      const lead = leads[place] ?? 0;
      if (lead <= NOISE) {
        const [own, theirs] = [scoreAt(table, first, criteria, place), scoreAt(table, weighted, criteria, place)];
        if (theirs < own || (theirs === own && firstRow < row)) continue;
      }
      lost[place] = 1;
      high -= 1;
      if (takers.at(-1) !== row) takers.push(row);
    }
    if (high <= most) return { low: 0, high, takers: Int32Array.from(takers) };
  }
  return { low: high, high, takers: Int32Array.from(takers) };
}
