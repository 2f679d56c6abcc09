import type { FirstCount } from './standing.js';
import { countTurns, type LabelSpan, type Rival, weightingsWith } from './weighing.js';

/**
 * Under how many weightings the first park is first after some rivals have moved. Numbers only, so that it can be
 * handed to a thread.
 */
export interface CountProblem {
  readonly seed: number;
  readonly samples: number;
  /** Before the step. */
  readonly count: FirstCount;
  readonly span: LabelSpan;
  readonly rivals: readonly Rival[];
  /** What their moves can do to the count. */
  readonly may: { readonly lose: boolean; readonly win: boolean };
}

/** What of a count's losses and gains can change the label: toss-ups have no floor and firm labels no ceiling. */
export function mattersTo({ least, most }: LabelSpan, samples: number, { lose, win }: CountProblem['may']) {
  return { lose: least > 0 && lose, win: most < samples && win };
}

/**
 * Follows the count: the first park loses at most the weightings under which a rival is ahead now and none of them was,
 * and wins at most those where it is the other way round. Counting stops where the label may be another.
 * @returns null there: the count is not within the span for sure.
 */
export function followCount({ seed, samples, count, span, rivals, may }: CountProblem): FirstCount | null {
  const { least, most } = span;
  let low = least === 0 ? 0 : count.low;
  let high = most === samples ? samples : count.high;
  const matters = mattersTo(span, samples, may);
  if (rivals.length > 0 && (matters.lose || matters.win)) {
    const table = weightingsWith(seed, samples);
    if (matters.lose) {
      const lost = rivals.map(({ before, after }) => ({ ahead: after, unless: before }));
      low -= countTurns(table, lost, low - least);
    }
    if (matters.win && low >= least) {
      const won = rivals.map(({ before, after }) => ({ ahead: before, unless: after }));
      high += countTurns(table, won, most - high);
    }
  }
  return low >= least && high <= most ? { low, high } : null;
}
