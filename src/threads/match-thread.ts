import { type Batch, type BatchAnswer, createBatchMatcher, type Facts } from '../matching/match-batch.js';

/** What a thread of the pool is given. */
export interface MatchTask {
  readonly batch: Batch;
  /** Null at first: the thread may have them. */
  readonly facts: Facts | null;
}

const matcher = createBatchMatcher();

/** What a thread of the pool does. */
export default function matchBatch({ batch, facts }: MatchTask): readonly BatchAnswer[] | null {
  return matcher.match(batch, facts);
}
