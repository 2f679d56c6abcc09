import type { Clock } from '../ports/clock.js';
import type { ResultSignal } from '../ports/match-queue.js';

/** Tells readers in the same process. */
export class MemoryResultSignal implements ResultSignal {
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #waiting = new Map<string, Set<AbortController>>();

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  async announce(needId: string, _version: number): Promise<void> {
    for (const waiter of this.#waiting.get(needId) ?? []) waiter.abort();
  }

  async wait(needId: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (timeoutMs <= 0 || signal?.aborted === true) return;
    const waiter = new AbortController();
    const stop = (): void => waiter.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const waiters = this.#waiting.get(needId) ?? new Set<AbortController>();
    this.#waiting.set(needId, waiters.add(waiter));
    await this.#clock.sleep(timeoutMs, waiter.signal);
    signal?.removeEventListener('abort', stop);
    waiters.delete(waiter);
    if (waiters.size === 0 && this.#waiting.get(needId) === waiters) this.#waiting.delete(needId);
  }
}
