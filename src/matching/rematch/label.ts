import { evaluateRows } from '../evaluate.js';
import type { Workspace } from '../workspace.js';
import type { HeldNeed } from './held-need.js';
import { isEligibleEntry, rowOfEntry } from './standing.js';
import { type Move, type Step, utilitiesDiffer } from './touches.js';
import { countTurns, type Rival, rivalsThatCount, weightingsOf } from './weighing.js';

/** Leads over the first park, criterion by criterion: weight times the difference of utilities. */
function gapsTo(held: HeldNeed, work: Workspace, row: number, first: Workspace, firstRow: number): Float64Array {
  return held.compiled.weights.map((weight, place) =>
    weight > 0 ? weight * (work.utilities[place]?.[row] ?? 0) - weight * (first.utilities[place]?.[firstRow] ?? 0) : 0,
  );
}

/** How a park's utilities went: up if none fell, down if none rose. */
function direction(held: HeldNeed, step: Step, row: number): 'up' | 'down' | 'mixed' {
  let [rose, fell] = [false, false];
  held.compiled.weights.forEach((weight, place) => {
    if (weight <= 0) return;
    const change = (step.workAfter.utilities[place]?.[row] ?? 0) - (step.workBefore.utilities[place]?.[row] ?? 0);
    if (change > 0) rose = true;
    if (change < 0) fell = true;
  });
  return rose && fell ? 'mixed' : rose ? 'up' : 'down';
}

/** The first park itself moved: its count can only rise with it, or only fall. False where the label might follow. */
function keepsLabelAfterFirst(held: HeldNeed, step: Step, row: number): boolean {
  const way = direction(held, step, row);
  if (way === 'mixed' || held.span === null) return false;
  const { least, most } = held.span;
  if (way === 'up') held.high = held.samples;
  else held.low = 0;
  return held.low >= least && held.high <= most;
}

/**
 * Whether the label stays what it is for sure. The places of all shown parks do, so the first park is the same; its
 * rivals are the eligible parks, or the conditional ones where none is eligible. The count of weightings under which
 * it is first is followed as an interval: it loses at most those under which a rival is ahead now and none of the
 * moved ones was, and wins at most those where it is the other way round.
 * @param moves from `untouchedMoves`, whose utilities the step's scratch still holds.
 * @param scratch for the first park.
 */
export function keepsLabel(held: HeldNeed, step: Step, moves: readonly Move[], scratch: Workspace): boolean {
  const { compiled, samples } = held;
  const first = held.top.entries[0];
  if (first === undefined) return true;
  const firstRow = rowOfEntry(first);
  const eligible = isEligibleEntry(first);
  const moved = moves.filter(
    ({ row, conditional }) => conditional !== eligible && utilitiesDiffer(compiled, step, row),
  );
  if (moved.length === 0) return true;
  if (held.span === null) return false;
  if (moved.some(({ row }) => row === firstRow)) {
    return moved.length === 1 && keepsLabelAfterFirst(held, step, firstRow);
  }
  evaluateRows(step.after, compiled, [firstRow], scratch);
  const rivals = rivalsThatCount(
    moved.map(
      ({ row }): Rival => ({
        before: gapsTo(held, step.workBefore, row, scratch, firstRow),
        after: gapsTo(held, step.workAfter, row, scratch, firstRow),
        losesTies: firstRow < row,
      }),
    ),
  );
  const { least, most } = held.span;
  const ways = moved.map(({ row }) => direction(held, step, row));
  // Toss-ups have no floor and firm labels no ceiling; what only worsens takes nothing away.
  const mayLose = least > 0 && ways.some((way) => way !== 'down');
  const mayWin = most < samples && ways.some((way) => way !== 'up');
  if (least === 0) held.low = 0;
  if (most === samples) held.high = samples;
  if (rivals.length === 0 || !(mayLose || mayWin)) return true;
  const table = weightingsOf(step.after.frame, samples);
  if (mayLose) {
    const lost = rivals.map(({ before, after }) => ({ ahead: after, unless: before }));
    held.low -= countTurns(table, lost, held.low - least);
  }
  if (mayWin && held.low >= least) {
    const won = rivals.map(({ before, after }) => ({ ahead: before, unless: after }));
    held.high += countTurns(table, won, most - held.high);
  }
  return held.low >= least && held.high <= most;
}
