import { createRowFigures, judgeRow, type RowFigures } from '../row-figures.js';
import type { CountProblem, Rival } from './count-problem.js';
import type { HeldNeed } from './held-need.js';
import { placesInQuestion } from './places-ahead.js';
import { type FirstCount, isEligibleEntry, rowOfEntry } from './standing.js';
import type { JudgedRow, Step } from './touches.js';
import { alwaysBehind, type LabelSpan, seedOfFrame, weightingsOf } from './weighing.js';

/** How a park's utilities went: up if none fell, down if none rose; null where none changed. */
function direction({ before, after }: JudgedRow): 'up' | 'down' | 'mixed' | null {
  let rose = false;
  let fell = false;
  for (let criterion = 0; criterion < after.weighted.length; criterion += 1) {
    const change = (after.weighted[criterion] ?? 0) - (before.weighted[criterion] ?? 0);
    if (change > 0) rose = true;
    if (change < 0) fell = true;
  }
  if (rose && fell) return 'mixed';
  return rose ? 'up' : fell ? 'down' : null;
}

/** The first park itself moved: its count can only rise with it, or only fall. False where the label might follow. */
function keepsLabelAfterFirst(held: HeldNeed, span: LabelSpan, way: ReturnType<typeof direction>): boolean {
  if (way === 'mixed') return false;
  if (way === 'up') held.high = held.samples;
  else held.low = 0;
  return held.low >= span.least && held.high <= span.most;
}

const figures = createRowFigures();

/** The first park's weighted utilities, which are worked out once as long as it does not change. */
function firstWeighted(held: HeldNeed, { after }: Step, row: number): Float64Array {
  if (held.firstWeighted === null) {
    judgeRow(after, held.compiled, row, figures);
    held.firstWeighted = figures.weighted.slice();
  }
  return held.firstWeighted;
}

function gapsTo(first: Float64Array, { weighted }: RowFigures): Float64Array {
  return weighted.map((one, criterion) => one - (first[criterion] ?? 0));
}

/** A rival's leads where it is none: behind under every weighting. */
function noRival(first: Float64Array): Float64Array {
  return new Float64Array(first.length).fill(-1);
}

/** What a rival's move can do to the count, as far as the label and what is known of takers go. */
function canDo({ span, samples, takers }: HeldNeed, row: number, way: ReturnType<typeof direction>) {
  if (span === null) return { takes: false, gives: false };
  return {
    // What only worsens takes nothing away; toss-ups have nothing to lose.
    takes: way !== 'down' && span.least > 0,
    // What only improves gives nothing back, nor does what took nothing; firm labels have nothing to win.
    gives: way !== 'up' && span.most < samples && (takers === null || takers.includes(row)),
  };
}

function problemOf(
  held: HeldNeed,
  span: LabelSpan,
  { after: { frame } }: Step,
  rivals: readonly Rival[],
): CountProblem {
  const { low, high, samples } = held;
  return { seed: seedOfFrame(frame), samples, count: { low, high }, span, rivals };
}

/** A label that may be another after a step: rivals of the first park came nearer or fell back. */
export interface LabelDoubt {
  readonly held: HeldNeed;
  readonly problem: CountProblem;
  /** A bound on the places to be compared. */
  readonly places: number;
}

/**
 * Whether the label stays what it is for sure; where that takes going through weightings, what is to be compared.
 * The places of all shown parks stay, so the first park is the same; its rivals are the eligible parks, or the
 * conditional ones where none is eligible.
 * @param rows judged for the need, of which `touchesOrder` said that they do not touch it.
 */
export function labelAfter(held: HeldNeed, step: Step, rows: readonly JudgedRow[]): 'kept' | 'touched' | LabelDoubt {
  const { span, samples } = held;
  const first = held.top.entries[0];
  if (first === undefined) return 'kept';
  const firstRow = rowOfEntry(first);
  const eligible = isEligibleEntry(first);
  const moved: { readonly one: JudgedRow; readonly way: ReturnType<typeof direction> }[] = [];
  for (const one of rows) {
    if (!one.after.live || (one.after.open === 0) !== eligible) continue;
    const way = direction(one);
    if (way !== null) moved.push({ one, way });
  }
  if (moved.length === 0) return 'kept';
  if (span === null) return 'touched';
  const own = moved.find(({ one }) => one.row === firstRow);
  if (own !== undefined) {
    held.firstWeighted = null;
    return moved.length === 1 && keepsLabelAfterFirst(held, span, own.way) ? 'kept' : 'touched';
  }
  const able = moved.map(({ one, way }) => canDo(held, one.row, way));
  if (!able.some(({ takes, gives }) => takes || gives)) return 'kept';
  const table = weightingsOf(step.after.frame, samples);
  const weighted = firstWeighted(held, step, firstRow);
  let question = 0;
  const inQuestion = (gaps: Float64Array, row: number): boolean => {
    const places = alwaysBehind(gaps, firstRow < row) ? 0 : placesInQuestion(table, gaps);
    question += places;
    return places > 0;
  };
  const rivals = moved.map(({ one }, at): Rival => {
    const [before, after] = [gapsTo(weighted, one.before), gapsTo(weighted, one.after)];
    const { takes = false, gives = false } = able[at] ?? {};
    return { before, after, takes: takes && inQuestion(after, one.row), gives: gives && inQuestion(before, one.row) };
  });
  if (question === 0) return 'kept';
  return { held, problem: problemOf(held, span, step, rivals), places: question };
}

/** Takes in what following the count came to; true if the label stays. */
export function keepsLabel({ held }: LabelDoubt, count: FirstCount | null): boolean {
  if (count === null) return false;
  held.low = count.low;
  held.high = count.high;
  return true;
}

/**
 * What of the label may be known though the outcome changes: under how many weightings the first park of before is first
 * now, should it still be first. The rest of the order, and what comes in or goes out among its rivals, may be another.
 * @param rows judged for the need.
 * @returns null where the park itself has changed.
 */
export function countAfter(
  held: HeldNeed,
  step: Step,
  rows: readonly JudgedRow[],
): { readonly row: number; readonly problem: CountProblem } | null {
  const { span, takers } = held;
  const first = held.top.entries[0];
  if (first === undefined || span === null) return null;
  const row = rowOfEntry(first);
  if (rows.some((one) => one.row === row)) return null;
  const eligible = isEligibleEntry(first);
  const isRival = ({ live, open }: RowFigures) => live && (open === 0) === eligible;
  const weighted = firstWeighted(held, step, row);
  const rivals: Rival[] = [];
  for (const one of rows) {
    const [was, is] = [isRival(one.before), isRival(one.after)];
    if (!was && !is) continue;
    const way = was && is ? direction(one) : is ? 'up' : 'down';
    if (way === null) continue;
    rivals.push({
      before: was ? gapsTo(weighted, one.before) : noRival(weighted),
      after: is ? gapsTo(weighted, one.after) : noRival(weighted),
      ...canDo(held, one.row, way),
    });
  }
  const problem = problemOf(held, span, step, rivals);
  return { row, problem: takers === null ? problem : { ...problem, count: { ...problem.count, takers } } };
}
