import { evaluateRows } from '../evaluate.js';
import { liveRows } from '../rank.js';
import type { Workspace } from '../workspace.js';
import type { HeldNeed } from './held-need.js';
import { type FirstCount, isEligibleEntry, rowOfEntry } from './standing.js';
import { type Move, type Step, utilitiesDiffer } from './touches.js';
import { countTurns, type LabelSpan, type Rival, rivalsThatCount, weightingsOf } from './weighing.js';

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
 * Follows the count of weightings under which the first park is first: it loses at most those under which a rival is
 * ahead now and none of them was, and wins at most those where it is the other way round. Counting stops where the label
 * may be another; what comes back then is not within the span.
 */
function followed(
  count: FirstCount,
  { least, most }: LabelSpan,
  { frame, samples }: { readonly frame: Step['after']['frame']; readonly samples: number },
  rivals: readonly Rival[],
  may: { readonly lose: boolean; readonly win: boolean },
): FirstCount {
  // Toss-ups have no floor and firm labels no ceiling.
  let low = least === 0 ? 0 : count.low;
  let high = most === samples ? samples : count.high;
  const [mayLose, mayWin] = [least > 0 && may.lose, most < samples && may.win];
  if (rivals.length === 0 || !(mayLose || mayWin)) return { low, high };
  const table = weightingsOf(frame, samples);
  if (mayLose) {
    const lost = rivals.map(({ before, after }) => ({ ahead: after, unless: before }));
    low -= countTurns(table, lost, low - least);
  }
  if (mayWin && low >= least) {
    const won = rivals.map(({ before, after }) => ({ ahead: before, unless: after }));
    high += countTurns(table, won, most - high);
  }
  return { low, high };
}

/**
 * Whether the label stays what it is for sure. The places of all shown parks do, so the first park is the same; its
 * rivals are the eligible parks, or the conditional ones where none is eligible.
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
  // What only worsens takes nothing away.
  const may = { lose: ways.some((way) => way !== 'down'), win: ways.some((way) => way !== 'up') };
  const { low, high } = followed(held, held.span, { frame: step.after.frame, samples }, rivals, may);
  Object.assign(held, { low, high });
  return low >= least && high <= most;
}

/** A park's leads where it is no rival of the first: behind under every weighting. */
function noRival({ compiled }: HeldNeed): Float64Array {
  return compiled.weights.map(() => -1);
}

/**
 * What of the label is known though the outcome changes: under how many weightings the first park of before is first now,
 * should it still be first. The rest of the order, and what comes in or goes out among its rivals, may be another.
 * @param rows the changed parks, ascending; the step's scratch holds their evaluations.
 * @param scratch for the first park.
 * @returns null where the label may be another, or the park itself has changed.
 */
export function countAfter(
  held: HeldNeed,
  step: Step,
  rows: readonly number[],
  scratch: Workspace,
): { readonly row: number; readonly count: FirstCount } | null {
  const { compiled, samples, span } = held;
  const first = held.top.entries[0];
  if (first === undefined || span === null) return null;
  const row = rowOfEntry(first);
  if (rows.includes(row)) return null;
  const eligible = isEligibleEntry(first);
  const among = (work: Workspace): ReadonlySet<number> =>
    new Set(liveRows(work).filter((other) => ((work.open[other] ?? 0) === 0) === eligible));
  const [was, is] = [among(step.workBefore), among(step.workAfter)];
  evaluateRows(step.after, compiled, [row], scratch);
  const none = noRival(held);
  const rivals = rivalsThatCount(
    rows.map(
      (other): Rival => ({
        before: was.has(other) ? gapsTo(held, step.workBefore, other, scratch, row) : none,
        after: is.has(other) ? gapsTo(held, step.workAfter, other, scratch, row) : none,
        losesTies: row < other,
      }),
    ),
  );
  const all = { frame: step.after.frame, samples };
  const count = followed(held, span, all, rivals, { lose: true, win: true });
  return count.low >= span.least && count.high <= span.most ? { row, count } : null;
}
