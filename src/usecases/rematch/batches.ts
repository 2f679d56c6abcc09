import type { Batch, BatchAnswer } from '../../matching/match-batch.js';
import type { ShardMove, ShardMoved, Weighed } from '../../matching/rematch/need-shard.js';
import type { Facts, FactsName } from '../../matching/snapshot-shelf.js';
import type { PackedResult } from '../../ports/result-store.js';

/** What came of one need, its whole result packed as it is stored. */
export interface MatchedNeed extends Omit<BatchAnswer, 'result'> {
  readonly packed: PackedResult | null;
}

/**
 * The open needs in shares away from this event loop, each with an index (`NeedShard`). `facts` are asked for where they
 * are not there yet. What a share holds may be lost: the answer is null then.
 */
export interface NeedShards {
  readonly shards: number;
  /** The share a need belongs to. */
  shardOf(needId: string): number;
  /** Begins a new index in all of them. */
  begin(epoch: string, name: FactsName, facts: () => Facts): Promise<void>;
  /** Matches needs of one share. */
  match(batch: Batch, facts: () => Facts, signal?: AbortSignal): Promise<readonly MatchedNeed[] | null>;
  /** Moves all of them on; what each says, in their order. */
  move(move: ShardMove): Promise<readonly (ShardMoved | null)[]>;
  /** Weighs labels in doubt in one of them. */
  weigh(shard: number, epoch: string, atMost: number, signal?: AbortSignal): Promise<Weighed | null>;
  /** Drops needs, of whatever share. */
  forget(epoch: string, needIds: readonly string[]): Promise<void>;
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

/** Work that goes on side by side. */
export interface Tasks {
  /** Takes on work that has begun. What it gives resolves when the work has ended, however it did. */
  begin(work: Promise<void>): Promise<void>;
  /** True once some of it has failed. */
  readonly failed: boolean;
  /** Resolves when all of it has ended, and what was begun meanwhile. @throws the first failure. */
  end(): Promise<void>;
}

export function createTasks(): Tasks {
  const open = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  return {
    begin(work) {
      const seen = work
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => open.delete(seen));
      open.add(seen);
      return seen;
    },
    get failed() {
      return failure !== null;
    },
    async end() {
      while (open.size > 0) await Promise.all(open);
      if (failure !== null) throw failure.error;
    },
  };
}
