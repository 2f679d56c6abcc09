import { Piscina } from 'piscina';
import { AppError } from '../domain/errors.js';
import type { Batch, Facts } from '../matching/match-batch.js';
import type { CountProblem } from '../matching/rematch/count-problem.js';
import type { FirstCount } from '../matching/rematch/standing.js';
import type { Log } from '../ports/log.js';
import type { Done, FollowTask, MatchTask } from './match-thread.js';
import type { PackedAnswer } from './packed-answer.js';

/** A thread without work ends after this time: it holds a snapshot and compiled code that the next change needs at once. */
const IDLE_MS = 10 * 60_000;
/** Batches that wait for a thread before callers are refused. */
const MAX_QUEUE = 1_000;

/** Matches batches of needs and follows counts of weightings in worker threads (piscina). */
export class MatchPool {
  readonly #pool: Piscina<MatchTask | FollowTask, Done>;
  #closed = false;
  #failed = new AbortController();

  /** @param threadFile the compiled thread; tests that run from source name the one in `dist`. */
  constructor(threads: number, log: Log, threadFile: URL = new URL('./match-thread.js', import.meta.url)) {
    this.#pool = new Piscina<MatchTask | FollowTask, Done>({
      filename: threadFile.href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      maxQueue: MAX_QUEUE,
    });
    // A thread that can't start leaves its task waiting and would be started again for ever: its tasks are given up.
    this.#pool.on('error', (error: unknown) => {
      log.error({ err: error }, 'matching thread failed');
      this.#failed.abort();
      this.#failed = new AbortController();
    });
  }

  /** `facts` are asked for where the thread does not have them yet: they are large and stay there. */
  async match(batch: Batch, facts: () => Facts, signal?: AbortSignal): Promise<readonly PackedAnswer[]> {
    const without = await this.#run({ batch, facts: null }, signal);
    if ('answers' in without && without.answers !== null) return without.answers;
    const done = await this.#run({ batch, facts: facts() }, signal);
    if ('answers' in done && done.answers !== null) return done.answers;
    throw new AppError('internal', { params: { what: 'matchPool' } });
  }

  /** `followCount` of each problem. */
  async follow(problems: readonly CountProblem[], signal?: AbortSignal): Promise<readonly (FirstCount | null)[]> {
    const done = await this.#run({ problems }, signal);
    if ('counts' in done && done.counts.length === problems.length) return done.counts;
    throw new AppError('internal', { params: { what: 'matchPool' } });
  }

  async #run(task: MatchTask | FollowTask, signal: AbortSignal | undefined): Promise<Done> {
    if (this.#closed) throw new AppError('internal', { params: { what: 'matchPool' } });
    const failed = this.#failed.signal;
    return this.#pool.run(task, { signal: signal === undefined ? failed : AbortSignal.any([signal, failed]) });
  }

  /** Ends the threads; what they were matching is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.destroy();
  }
}
