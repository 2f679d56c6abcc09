import { liveRows } from '../rank.js';
import type { Workspace } from '../workspace.js';
import { type CountProblem, mattersTo } from './count-problem.js';
import type { HeldNeed } from './held-need.js';
import { type FirstCount, isEligibleEntry, rowOfEntry } from './standing.js';
import { type Move, type Step, utilitiesDiffer } from './touches.js';
import { type LabelSpan, type Rival, rivalsThatCount, seedOfFrame } from './weighing.js';

/** Leads over the first park, criterion by criterion: weight times the difference of utilities. */
function gapsTo(
  { compiled }: HeldNeed,
  work: Workspace,
  row: number,
  first: Workspace,
  firstRow: number,
): Float64Array {
  return compiled.weights.map((weight, place) =>
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

/** A label that may be another after a step: rivals of the first park came nearer or fell back. */
export interface LabelDoubt {
  readonly held: HeldNeed;
  readonly problem: CountProblem;
}

function problemOf(
  { low, high, samples }: HeldNeed,
  span: LabelSpan,
  { after: { frame } }: Step,
  rivals: readonly Rival[],
  may: CountProblem['may'],
): CountProblem {
  return { seed: seedOfFrame(frame), samples, count: { low, high }, span, rivals: rivalsThatCount(rivals), may };
}

/**
 * Whether the label stays what it is for sure; where that takes going through weightings, what is to be compared. The
 * places of all shown parks stay, so the first park is the same; its rivals are the eligible parks, or the conditional
 * ones where none is eligible.
 * @param moves from `untouchedMoves`, whose utilities the step's scratch still holds, with the first park's after it.
 */
export function labelAfter(held: HeldNeed, step: Step, moves: readonly Move[]): 'kept' | 'touched' | LabelDoubt {
  const { compiled, samples, span } = held;
  const first = held.top.entries[0];
  if (first === undefined) return 'kept';
  const firstRow = rowOfEntry(first);
  const eligible = isEligibleEntry(first);
  const moved = moves.filter(
    ({ row, conditional }) => conditional !== eligible && utilitiesDiffer(compiled, step, row),
  );
  if (moved.length === 0) return 'kept';
  if (span === null) return 'touched';
  if (moved.some(({ row }) => row === firstRow)) {
    return moved.length === 1 && keepsLabelAfterFirst(held, step, firstRow) ? 'kept' : 'touched';
  }
  const ways = moved.map(({ row }) => direction(held, step, row));
  // What only worsens takes nothing away.
  const may = { lose: ways.some((way) => way !== 'down'), win: ways.some((way) => way !== 'up') };
  const matters = mattersTo(span, samples, may);
  if (!(matters.lose || matters.win)) return 'kept';
  const rivals = moved.map(
    ({ row }): Rival => ({
      before: gapsTo(held, step.workBefore, row, step.workAfter, firstRow),
      after: gapsTo(held, step.workAfter, row, step.workAfter, firstRow),
      losesTies: firstRow < row,
    }),
  );
  const problem = problemOf(held, span, step, rivals, may);
  return problem.rivals.length === 0 ? 'kept' : { held, problem };
}

/** Takes in what following the count came to; true if the label stays. */
export function keepsLabel({ held }: LabelDoubt, count: FirstCount | null): boolean {
  if (count !== null) Object.assign(held, count);
  return count !== null;
}

/** A park's leads where it is no rival of the first: behind under every weighting. */
function noRival({ compiled }: HeldNeed): Float64Array {
  return compiled.weights.map(() => -1);
}

/**
 * What of the label may be known though the outcome changes: under how many weightings the first park of before is first
 * now, should it still be first. The rest of the order, and what comes in or goes out among its rivals, may be another.
 * @param rows the changed parks, ascending; the step's scratch holds their evaluations, with the first park's after it.
 * @returns null where the park itself has changed.
 */
export function countAfter(
  held: HeldNeed,
  step: Step,
  rows: readonly number[],
): { readonly row: number; readonly problem: CountProblem } | null {
  const { span } = held;
  const first = held.top.entries[0];
  if (first === undefined || span === null) return null;
  const row = rowOfEntry(first);
  if (rows.includes(row)) return null;
  const eligible = isEligibleEntry(first);
  const among = (work: Workspace): ReadonlySet<number> =>
    new Set(liveRows(work).filter((other) => ((work.open[other] ?? 0) === 0) === eligible));
  const [was, is] = [among(step.workBefore), among(step.workAfter)];
  const none = noRival(held);
  const rivals = rows.map(
    (other): Rival => ({
      before: was.has(other) ? gapsTo(held, step.workBefore, other, step.workAfter, row) : none,
      after: is.has(other) ? gapsTo(held, step.workAfter, other, step.workAfter, row) : none,
      losesTies: row < other,
    }),
  );
  return { row, problem: problemOf(held, span, step, rivals, { lose: true, win: true }) };
}
