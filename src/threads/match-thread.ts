import type { Batch } from '../matching/match-batch.js';
import { createNeedShard, type ShardMove, type ShardMoved, type Weighed } from '../matching/rematch/need-shard.js';
import type { Facts, FactsName } from '../matching/snapshot-shelf.js';
import { type PackedAnswer, packAnswer } from './packed-answer.js';

/** What a thread of the pool is asked, and answers. `facts` null at first: it may have them. */
export type MatchTask =
  | { readonly kind: 'begin'; readonly epoch: string; readonly name: FactsName; readonly facts: Facts | null }
  | { readonly kind: 'match'; readonly batch: Batch; readonly facts: Facts | null }
  | { readonly kind: 'move'; readonly move: ShardMove }
  | { readonly kind: 'weigh'; readonly epoch: string; readonly atMost: number }
  | { readonly kind: 'forget'; readonly epoch: string; readonly needIds: readonly string[] };

/** What came of a task, by its kind. */
export interface MatchDone {
  readonly begin: boolean;
  readonly match: readonly PackedAnswer[] | 'facts' | 'lost';
  readonly move: ShardMoved | null;
  readonly weigh: Weighed | null;
  readonly forget: null;
}

const shard = createNeedShard();

/** What a thread of the pool does. The needs it holds stay with it from task to task. */
export default function work(task: MatchTask): MatchDone[keyof MatchDone] {
  switch (task.kind) {
    case 'begin':
      return shard.begin(task.epoch, task.name, task.facts);
    case 'match':
      return shard.match(task.batch, task.facts, packAnswer);
    case 'move':
      return shard.move(task.move);
    case 'weigh':
      return shard.weigh(task.epoch, task.atMost);
    case 'forget':
      shard.forget(task.epoch, task.needIds);
      return null;
  }
}
