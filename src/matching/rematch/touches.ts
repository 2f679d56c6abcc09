import type { CompiledNeed } from '../compile-need.js';
import { evaluateRows } from '../evaluate.js';
import { failingMask } from '../failing-gates.js';
import { rankKey } from '../rank.js';
import type { Snapshot } from '../snapshot.js';
import type { Workspace } from '../workspace.js';
import type { HeldList, HeldNeed } from './held-need.js';
import { excludedEntry, orderEntry, rowOfEntry } from './standing.js';

/** Two snapshots of one frame, and scratch for each. */
export interface Step {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly workBefore: Workspace;
  readonly workAfter: Workspace;
}

/** A park that stays where it was among the eligible or the conditional ones, with its entries in the order. */
export interface Move {
  readonly row: number;
  readonly conditional: boolean;
  readonly from: number;
  readonly to: number;
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
  return entry >= (entries.at(-1) ?? Number.POSITIVE_INFINITY);
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
  return list.below < (entries.at(-1) ?? 0);
}

/** Tells which of the rows are live after `evaluateRows` on them and perhaps others, asked in ascending order. */
function liveAsker(work: Workspace): (row: number) => boolean {
  let at = 0;
  return (row) => {
    while (at < work.liveCount && (work.live[at] ?? 0) < row) at += 1;
    return at < work.liveCount && work.live[at] === row;
  };
}

/** The rows with one more, ascending. */
function withRow(rows: readonly number[], row: number | null): readonly number[] {
  return row === null || rows.includes(row) ? rows : [...rows, row].sort((a, b) => a - b);
}

/**
 * Judges the changed parks before and after, and whether that touches what the need's outcome shows of ranks, gates
 * and totals. Every park that comes in, goes out or turns between eligible and conditional does: it changes a total, or
 * the rank of the conditional parks that are shown. The held lists follow the moves.
 * @param rows ascending.
 * @returns the ranked parks among them, in that order; null where the outcome is touched. The scratch holds their
 *   utilities, that after the step also those of the park that was first.
 */
export function untouchedMoves(held: HeldNeed, step: Step, rows: readonly number[]): readonly Move[] | null {
  const { compiled, top, conditional } = held;
  const { workBefore, workAfter } = step;
  const first = top.entries[0];
  evaluateRows(step.before, compiled, rows, workBefore);
  evaluateRows(step.after, compiled, withRow(rows, first === undefined ? null : rowOfEntry(first)), workAfter);
  const [wasLive, isLive] = [liveAsker(workBefore), liveAsker(workAfter)];
  const moves: Move[] = [];
  for (const row of rows) {
    const [was, is] = [wasLive(row), isLive(row)];
    if (was !== is) return null;
    if (!is) {
      if (touchesExcluded(held, step, row)) return null;
      continue;
    }
    const [openBefore, openAfter] = [workBefore.open[row] ?? 0, workAfter.open[row] ?? 0];
    if ((openBefore === 0) !== (openAfter === 0)) return null;
    const from = orderEntry(rankKey(workBefore, row), row);
    const to = orderEntry(rankKey(workAfter, row), row);
    if (openBefore !== openAfter && (shows(top, from) || shows(conditional, from))) return null;
    moves.push({ row, conditional: openAfter !== 0, from, to });
  }
  const open = moves.filter((move) => move.conditional);
  return keepsOrder(top, moves) && keepsOrder(conditional, open) ? moves : null;
}

/** Whether some criterion of weight has another utility in the second scratch than in the first. */
export function utilitiesDiffer(need: CompiledNeed, step: Step, row: number): boolean {
  return need.weights.some(
    (weight, place) => weight > 0 && step.workBefore.utilities[place]?.[row] !== step.workAfter.utilities[place]?.[row],
  );
}
