import type { SmaaOutcome, SmaaProblem } from '../../domain/robustness.js';
import { liveRows } from '../rank.js';
import { runSmaa } from '../robustness/smaa.js';
import type { Workspace } from '../workspace.js';

/** What an earlier count of the same need's weightings tells about a later one. */
export interface EarlierCount {
  /** Rows of the parks that were among the first three under some weighting. */
  readonly contenders: Int32Array;
  /** Rows of all parks that changed since. */
  readonly changed: readonly number[];
}

/** Rows of a problem's parks in its order: eligible ones first. @param work holds the need's evaluation. */
export function problemRows(work: Workspace): readonly number[] {
  const live = [...liveRows(work)];
  const isOpen = (row: number) => (work.open[row] ?? 0) !== 0;
  return [...live.filter((row) => !isOpen(row)), ...live.filter(isOpen)];
}

/** Rows of the parks that are among the first three under some weighting. */
export function contendersOf(outcome: SmaaOutcome, rows: readonly number[]): Int32Array {
  return Int32Array.from(rows.filter((_row, place) => (outcome.firstThree[place] ?? 0) > 0));
}

function picked(problem: SmaaProblem, places: readonly number[]): SmaaProblem {
  const width = problem.criteria.length;
  const utilities = new Float64Array(places.length * width);
  places.forEach((place, at) => {
    utilities.set(problem.utilities.subarray(place * width, (place + 1) * width), at * width);
  });
  return { ...problem, utilities, eligible: places.filter((place) => place < problem.eligible).length };
}

function spread(outcome: SmaaOutcome, places: readonly number[], parks: number, width: number): SmaaOutcome {
  const whole: SmaaOutcome = {
    first: new Int32Array(parks),
    firstThree: new Int32Array(parks),
    weightSums: new Float64Array(parks * width),
  };
  places.forEach((place, at) => {
    whole.first[place] = outcome.first[at] ?? 0;
    whole.firstThree[place] = outcome.firstThree[at] ?? 0;
    whole.weightSums.set(outcome.weightSums.subarray(at * width, (at + 1) * width), place * width);
  });
  return whole;
}

/**
 * The outcome of `runSmaa(problem)`, counted over fewer parks where an earlier count allows it: as long as no contender
 * of then has changed, the first three under each weighting are among those contenders and the parks that changed,
 * since an unchanged park was behind three of the contenders and still is.
 * @param rows `problemRows` of the evaluation the problem is made of.
 */
export function narrowedSmaa(problem: SmaaProblem, rows: readonly number[], earlier: EarlierCount | null): SmaaOutcome {
  if (earlier === null) return runSmaa(problem);
  const changed = new Set(earlier.changed);
  if (earlier.contenders.some((row) => changed.has(row))) return runSmaa(problem);
  const able = new Set([...earlier.contenders, ...changed]);
  const places = rows.flatMap((row, place) => (able.has(row) ? [place] : []));
  return spread(runSmaa(picked(problem, places)), places, rows.length, problem.criteria.length);
}
