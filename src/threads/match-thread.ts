import { type Batch, type BatchAnswer, createBatchMatcher, type Facts } from '../matching/match-batch.js';
import { type CountProblem, followCount } from '../matching/rematch/count-problem.js';
import type { FirstCount } from '../matching/rematch/standing.js';
import type { PackedResult } from '../ports/result-store.js';
import { packResult } from './pack-result.js';

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

/** What a thread hands back of one need: the whole result as it is stored, which is a seventh of it. */
export interface PackedAnswer extends Omit<BatchAnswer, 'result'> {
  readonly packed: PackedResult | null;
}

/** An answer with its result packed. */
export function packAnswer({ result, ...answer }: BatchAnswer): PackedAnswer {
  return { ...answer, packed: result === null ? null : packResult(result) };
}

const matcher = createBatchMatcher();

/** What a thread of the pool does. */
export default function work(task: MatchTask | FollowTask): Done {
  if ('problems' in task) return { counts: task.problems.map(followCount) };
  return { answers: matcher.match(task.batch, task.facts)?.map(packAnswer) ?? null };
}
