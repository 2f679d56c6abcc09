import { failingMask } from '../failing-gates.js';
import { rankKeyOf } from '../rank.js';
import { createRowFigures, judgeRow, type RowFigures } from '../row-figures.js';
import type { Snapshot } from '../snapshot.js';
import type { RowChange } from './facts.js';
import type { HeldList, HeldNeed } from './held-need.js';
import { excludedEntry, orderEntry } from './standing.js';

/** A changed park, judged for one need at a time before and after the step. */
export interface JudgedRow {
  readonly row: number;
  readonly change: RowChange;
  readonly before: RowFigures;
  readonly after: RowFigures;
}

/** Two snapshots of one frame, and the parks that changed, with room for their figures: ascending rows. */
export interface Step {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly rows: readonly JudgedRow[];
}

/** A step between two snapshots. @param changes by row, ascending. */
export function stepOf(before: Snapshot, after: Snapshot, changes: readonly RowChange[]): Step {
  const rows = changes.map((change) => {
    return { row: change.row, change, before: createRowFigures(), after: createRowFigures() };
  });
  return { before, after, rows };
}

/** Judges changed parks for a need. */
export function judge({ compiled }: HeldNeed, { before, after }: Step, rows: readonly JudgedRow[]): void {
  for (const one of rows) {
    judgeRow(before, compiled, one.row, one.before);
    judgeRow(after, compiled, one.row, one.after, one.before);
  }
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Whether an excluded park, before and after, changes what is shown of the excluded ones. */
function touchesExcluded(held: HeldNeed, step: Step, row: number): boolean {
  const was = failingMask(step.before, row, held.compiled);
  const is = failingMask(step.after, row, held.compiled);
  if (was === is) return false;
  return [was, is].some((mask) => excludedEntry(bitCount(mask), row) <= held.excludedCut);
}

/** True if a park with this entry is among those a list shows. */
function shows({ entries }: HeldList, entry: number): boolean {
  return entry >= (entries[entries.length - 1] ?? Number.POSITIVE_INFINITY);
}

/** A park's move within the order. */
interface Move {
  readonly from: number;
  readonly to: number;
  readonly conditional: boolean;
}

/**
 * Moves parks within and outside a list. False where the list then shows other parks or another order; its entries are
 * of no use afterwards.
 */
function keepsOrder(list: HeldList, moves: readonly Move[]): boolean {
  const { entries } = list;
  const places = moves.map(({ from }) => entries.indexOf(from));
  moves.forEach(({ to }, index) => {
    const place = places[index] ?? -1;
    if (place >= 0) entries[place] = to;
    else list.below = Math.max(list.below, to);
  });
  for (let place = 1; place < entries.length; place += 1) {
    if ((entries[place] ?? 0) >= (entries[place - 1] ?? 0)) return false;
  }
  return list.below < (entries[entries.length - 1] ?? 0);
}

/**
 * Whether the changed parks touch what the need's outcome shows of ranks, gates and totals. Every park that comes in,
 * goes out or turns between eligible and conditional does: it changes a total, or the rank of the conditional parks that
 * are shown. The held lists follow the moves.
 * @param rows judged for the need, ascending.
 */
export function touchesOrder(held: HeldNeed, step: Step, rows: readonly JudgedRow[]): boolean {
  const { top, conditional } = held;
  const moves: Move[] = [];
  for (const { row, before, after } of rows) {
    if (before.live !== after.live) return true;
    if (!after.live) {
      if (touchesExcluded(held, step, row)) return true;
      continue;
    }
    if ((before.open === 0) !== (after.open === 0)) return true;
    const from = orderEntry(rankKeyOf(before.score, before.open), row);
    if (before.open !== after.open && (shows(top, from) || shows(conditional, from))) return true;
    // Parks that stay where they are move nothing.
    if (before.score === after.score) continue;
    moves.push({ from, to: orderEntry(rankKeyOf(after.score, after.open), row), conditional: after.open !== 0 });
  }
  if (moves.length === 0) return false;
  const open = moves.filter((move) => move.conditional);
  return !keepsOrder(top, moves) || (open.length > 0 && !keepsOrder(conditional, open));
}
