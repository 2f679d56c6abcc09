import type { Clock } from './clock.js';

/** Readers that wait, by what they wait for, until they are woken or their time is over. */
export class WaitingRoom {
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #waiting = new Map<string, Set<AbortController>>();

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  /** Wakes everybody who waits for the key. */
  wake(key: string): void {
    for (const waiter of this.#waiting.get(key) ?? []) waiter.abort();
  }

  /** Resolves when the key is woken, the time is over or the signal aborts, whichever is first. Never rejects. */
  async wait(key: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (timeoutMs <= 0 || signal?.aborted === true) return;
    const waiter = new AbortController();
    const stop = (): void => waiter.abort();
    signal?.addEventListener('abort', stop, { once: true });
    const waiters = this.#waiting.get(key) ?? new Set<AbortController>();
    this.#waiting.set(key, waiters.add(waiter));
    await this.#clock.sleep(timeoutMs, waiter.signal);
    signal?.removeEventListener('abort', stop);
    waiters.delete(waiter);
    if (waiters.size === 0 && this.#waiting.get(key) === waiters) this.#waiting.delete(key);
  }
}
