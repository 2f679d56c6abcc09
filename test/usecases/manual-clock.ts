import type { Clock } from '../../src/ports/clock.js';

/** A clock that moves only when told. Both its time of day and its monotonic time start at `start`. */
export class ManualClock implements Clock {
  readonly #start: number;
  #passedMs = 0;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  constructor(start = '2026-03-01T00:00:00.000Z') {
    this.#start = Date.parse(start);
  }

  now(): string {
    return new Date(this.#start + this.#passedMs).toISOString();
  }

  today(): string {
    return new Date(this.#start + this.#passedMs + 8 * 3_600_000).toISOString().slice(0, 10);
  }

  monotonicMs(): number {
    return this.#passedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = {
        until: this.#passedMs + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** How many callers sleep now. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass and everything that waited for it run. */
  async advance(ms: number): Promise<void> {
    this.#passedMs += ms;
    for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.#passedMs) sleeper.wake();
    await settled();
  }
}

/** Lets every promise that can go on run until it waits for something outside. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
