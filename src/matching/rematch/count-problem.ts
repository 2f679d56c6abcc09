import type { FirstCount } from './standing.js';
import { countTurns, type LabelSpan, weightingsWith } from './weighing.js';

/** A rival of the first park that moved: by criterion, weight times its utility less the first park's. */
export interface Rival {
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Whether its move may take weightings from the first park, or give some back. */
  readonly takes: boolean;
  readonly gives: boolean;
}

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
  /** All that moved. */
  readonly rivals: readonly Rival[];
}

/**
 * Follows the count: the first park loses at most the weightings under which a rival is ahead now and none of them was,
 * and wins at most those where it is the other way round. Counting stops where the label may be another. Takers stay
 * takers: what they have given back is counted.
 * @returns null there: the count is not within the span for sure.
 */
export function followCount({ seed, samples, count, span, rivals }: CountProblem): FirstCount | null {
  const { least, most } = span;
  let low = least === 0 ? 0 : count.low;
  let high = most === samples ? samples : count.high;
  const takes = least > 0 && rivals.some((rival) => rival.takes);
  const gives = most < samples && rivals.some((rival) => rival.gives);
  if (takes || gives) {
    const table = weightingsWith(seed, samples);
    const [before, after] = [rivals.map((rival) => rival.before), rivals.map((rival) => rival.after)];
    if (takes) {
      const ahead = after.filter((_, at) => rivals[at]?.takes);
      low -= countTurns(table, ahead, before, low - least);
    }
    if (gives && low >= least) {
      const ahead = before.filter((_, at) => rivals[at]?.gives);
      high += countTurns(table, ahead, after, most - high);
    }
  }
  return low >= least && high <= most ? { ...count, low, high } : null;
}
