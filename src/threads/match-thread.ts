import { type Batch, createBatchMatcher, type Facts } from '../matching/match-batch.js';
import { type CountProblem, followCount } from '../matching/rematch/count-problem.js';
import type { FirstCount } from '../matching/rematch/standing.js';
import { type PackedAnswer, packAnswer } from './packed-answer.js';

/** A batch to be matched. */
export interface MatchTask {
  readonly batch: Batch;
  /** Null at first: the thread may have them. */
  readonly facts: Facts | null;
}

/** Counts of weightings to be followed. */
export interface FollowTask {
  readonly problems: readonly CountProblem[];
}

/** What came of a task; `answers` null where the facts are not there. */
export type Done =
  | { readonly answers: readonly PackedAnswer[] | null }
  | { readonly counts: readonly (FirstCount | null)[] };

const matcher = createBatchMatcher();

/** What a thread of the pool does. */
export default function work(task: MatchTask | FollowTask): Done {
  if ('problems' in task) return { counts: task.problems.map(followCount) };
  return { answers: matcher.match(task.batch, task.facts)?.map(packAnswer) ?? null };
}
