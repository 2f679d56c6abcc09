import { Piscina } from 'piscina';
import type { SmaaOutcome, SmaaProblem } from '../domain/robustness.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';

/** A thread without work ends after this time. */
const IDLE_MS = 30_000;
/** Problems that wait for a thread before callers are refused. */
const MAX_QUEUE = 1_000;

/** Counts weightings in worker threads (piscina). Threads start when first needed. */
export class RobustnessPool implements RobustnessRunner {
  readonly #pool: Piscina<SmaaProblem, SmaaOutcome>;

  /** @param threadFile the compiled thread; tests that run from source name the one in `dist`. */
  constructor(threads: number, threadFile: URL = new URL('./robustness-thread.js', import.meta.url)) {
    this.#pool = new Piscina<SmaaProblem, SmaaOutcome>({
      filename: threadFile.href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      maxQueue: MAX_QUEUE,
    });
  }

  run(problem: SmaaProblem, signal?: AbortSignal): Promise<SmaaOutcome> {
    return this.#pool.run(problem, signal === undefined ? {} : { signal });
  }

  /** Ends the threads; what they were counting is rejected. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
