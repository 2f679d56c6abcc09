import type { Batch, BatchAnswer, Facts } from '../../matching/match-batch.js';
import type { CountProblem } from '../../matching/rematch/count-problem.js';
import type { FirstCount } from '../../matching/rematch/standing.js';
import type { PackedResult } from '../../ports/result-store.js';

/** What came of one need, its whole result packed as it is stored. */
export interface MatchedNeed extends Omit<BatchAnswer, 'result'> {
  readonly packed: PackedResult | null;
}

/** Matches batches away from this event loop; `facts` are asked for where they are not there yet. */
export interface BatchRunner {
  match(batch: Batch, facts: () => Facts, signal?: AbortSignal): Promise<readonly MatchedNeed[]>;
  /** `followCount` of each. */
  follow(problems: readonly CountProblem[], signal?: AbortSignal): Promise<readonly (FirstCount | null)[]>;
}

/** Runs `work` over the items, a few at a time. The first failure stops what has not begun and is raised. */
export async function sideBySide<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const line = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, line));
}

/** The items in pieces of so many. */
export function inPieces<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
