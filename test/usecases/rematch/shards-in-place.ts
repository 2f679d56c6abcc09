import { createNeedShard, shardOf } from '../../../src/matching/rematch/need-shard.js';
import { packAnswer } from '../../../src/threads/packed-answer.js';
import type { NeedShards } from '../../../src/usecases/rematch/batches.js';

const SHARDS = 2;

/** Shares of needs in place. As with threads, nothing is shared with the caller. */
export interface ShardsInPlace extends NeedShards {
  /** A thread ends, and another one takes its place. */
  lose(shard: number): void;
}

/** @param matched takes the id of each need that is matched. */
export function shardsInPlace(matched: string[] = []): ShardsInPlace {
  const all = Array.from({ length: SHARDS }, createNeedShard);
  const at = (shard: number) => {
    const found = all[shard];
    if (found === undefined) throw new Error('no such shard');
    return found;
  };
  return {
    shards: SHARDS,
    shardOf: (needId) => shardOf(needId, SHARDS),
    lose(shard) {
      all[shard] = createNeedShard();
    },
    async begin(epoch, name, facts) {
      for (const shard of all) if (!shard.begin(epoch, name, null)) shard.begin(epoch, name, structuredClone(facts()));
    },
    async match(batch, facts) {
      for (const { needId } of batch.needs) matched.push(needId);
      const shards = new Set(batch.needs.map(({ needId }) => shardOf(needId, SHARDS)));
      const [own] = shards;
      if (own === undefined || shards.size !== 1) throw new Error('a batch is of one share');
      const asked = structuredClone(batch);
      const without = at(own).match(asked, null, packAnswer);
      const answers = without === 'facts' ? at(own).match(asked, structuredClone(facts()), packAnswer) : without;
      return typeof answers === 'string' ? null : structuredClone(answers);
    },
    move: async (move) => structuredClone(all.map((shard) => shard.move(structuredClone(move)))),
    weigh: async (shard, epoch, atMost) => structuredClone(at(shard).weigh(epoch, atMost)),
    async forget(epoch, needIds) {
      for (const shard of all) shard.forget(epoch, needIds);
    },
  };
}
