import { Piscina } from 'piscina';
import { AppError } from '../domain/errors.js';
import type { Batch } from '../matching/match-batch.js';
import { type ShardMove, type ShardMoved, shardOf, type Weighed } from '../matching/rematch/need-shard.js';
import type { Facts, FactsName } from '../matching/snapshot-shelf.js';
import type { Log } from '../ports/log.js';
import type { MatchDone, MatchTask } from './match-thread.js';
import type { PackedAnswer } from './packed-answer.js';

/** Tasks that wait for a thread before callers are refused. */
const MAX_QUEUE = 1_000;
/** Room for young objects, MB: a whole result is some megabytes of them, dead as soon as it is packed. V8 would take 48. */
const YOUNG_MB = 96;

/**
 * Needs in worker threads (piscina), a pool of one thread for each share of them: a thread holds an index of its needs,
 * so each need always goes to the same one. A thread starts when it is first needed and stays.
 */
export class MatchPool {
  readonly #pools: readonly Piscina<MatchTask, MatchDone[keyof MatchDone]>[];
  #closed = false;
  #failed = new AbortController();

  /** @param threadFile the compiled thread; tests that run from source name the one in `dist`. */
  constructor(threads: number, log: Log, threadFile: URL = new URL('./match-thread.js', import.meta.url)) {
    this.#pools = Array.from({ length: threads }, () => {
      const pool = new Piscina<MatchTask, MatchDone[keyof MatchDone]>({
        filename: threadFile.href,
        minThreads: 0,
        maxThreads: 1,
        idleTimeout: Number.POSITIVE_INFINITY,
        maxQueue: MAX_QUEUE,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      });
      // A thread that can't start leaves its task waiting and would be started again for ever: its tasks are given up.
      pool.on('error', (error: unknown) => {
        log.error({ err: error }, 'matching thread failed');
        this.#failed.abort();
        this.#failed = new AbortController();
      });
      return pool;
    });
  }

  /** How many shares there are. */
  get shards(): number {
    return this.#pools.length;
  }

  /** The share a need belongs to. */
  shardOf(needId: string): number {
    return shardOf(needId, this.#pools.length);
  }

  /** `NeedShard.begin` of all; `facts` are asked for where a thread does not have them yet: they are large. */
  async begin(epoch: string, name: FactsName, facts: () => Facts): Promise<void> {
    await this.#everywhere(async (shard) => {
      if (await this.#run(shard, { kind: 'begin', epoch, name, facts: null })) return;
      await this.#run(shard, { kind: 'begin', epoch, name, facts: facts() });
    });
  }

  /** `NeedShard.match` of a batch of one share. Null where what its index should hold is lost. */
  async match(batch: Batch, facts: () => Facts, signal?: AbortSignal): Promise<readonly PackedAnswer[] | null> {
    const shard = this.shardOf(batch.needs[0]?.needId ?? '');
    const without = await this.#run(shard, { kind: 'match', batch, facts: null }, signal);
    const done =
      without === 'facts' ? await this.#run(shard, { kind: 'match', batch, facts: facts() }, signal) : without;
    return typeof done === 'string' ? null : done;
  }

  /** `NeedShard.move` of all, in their order. */
  async move(move: ShardMove): Promise<readonly (ShardMoved | null)[]> {
    return this.#everywhere((shard) => this.#run(shard, { kind: 'move', move }));
  }

  /** `NeedShard.weigh` of one. */
  async weigh(shard: number, epoch: string, atMost: number, signal?: AbortSignal): Promise<Weighed | null> {
    return this.#run(shard, { kind: 'weigh', epoch, atMost }, signal);
  }

  /** `NeedShard.forget` of needs of any share. */
  async forget(epoch: string, needIds: readonly string[]): Promise<void> {
    if (needIds.length === 0) return;
    await this.#everywhere(async (shard) => {
      const own = needIds.filter((id) => this.shardOf(id) === shard);
      if (own.length > 0) await this.#run(shard, { kind: 'forget', epoch, needIds: own });
    });
  }

  async #everywhere<T>(run: (shard: number) => Promise<T>): Promise<readonly T[]> {
    return Promise.all(this.#pools.map((_pool, shard) => run(shard)));
  }

  async #run<Task extends MatchTask>(
    shard: number,
    task: Task,
    signal?: AbortSignal,
  ): Promise<MatchDone[Task['kind']]> {
    const pool = this.#pools[shard];
    if (this.#closed || pool === undefined) throw new AppError('internal', { params: { what: 'matchPool' } });
    const failed = this.#failed.signal;
    const done = await pool.run(task, { signal: signal === undefined ? failed : AbortSignal.any([signal, failed]) });
    // What a thread answers is of the task's kind.
    return done as MatchDone[Task['kind']];
  }

  /** Ends the threads; what they were matching is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#pools.map((pool) => pool.destroy()));
  }
}
