import { Piscina } from 'piscina';
import { AppError } from '../domain/errors.js';
import type { SmaaOutcome, SmaaProblem } from '../domain/robustness.js';
import type { Log } from '../ports/log.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';

/** A thread without work ends after this time. */
const IDLE_MS = 30_000;
/** Problems that wait for a thread before callers are refused. */
const MAX_QUEUE = 1_000;

/** Counts weightings in worker threads (piscina). Threads start when first needed. */
export class RobustnessPool implements RobustnessRunner {
  readonly #pool: Piscina<SmaaProblem, SmaaOutcome>;
  #closed = false;
  #failed = new AbortController();

  /** @param threadFile the compiled thread; tests that run from source name the one in `dist`. */
  constructor(threads: number, log: Log, threadFile: URL = new URL('./robustness-thread.js', import.meta.url)) {
    this.#pool = new Piscina<SmaaProblem, SmaaOutcome>({
      filename: threadFile.href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      maxQueue: MAX_QUEUE,
    });
    // A thread that can't start leaves its task waiting and would be started again for ever: its tasks are given up.
    this.#pool.on('error', (error: unknown) => {
      log.error({ err: error }, 'robustness thread failed');
      this.#failed.abort();
      this.#failed = new AbortController();
    });
  }

  async run(problem: SmaaProblem, signal?: AbortSignal): Promise<SmaaOutcome> {
    if (this.#closed) throw new AppError('internal', { params: { what: 'robustnessPool' } });
    const failed = this.#failed.signal;
    return this.#pool.run(problem, { signal: signal === undefined ? failed : AbortSignal.any([signal, failed]) });
  }

  /** Ends the threads; what they were counting is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.destroy();
  }
}
