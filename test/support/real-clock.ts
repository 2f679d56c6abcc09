import type { Clock } from '../../src/ports/clock.js';

/** The machine's clock, for tests of adapters that talk to real servers. */
export const realClock: Clock = {
  now: () => new Date().toISOString(),
  today: () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** Looks every 10 ms until the condition holds. @throws if it does not within `withinMs`. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await realClock.sleep(10);
  }
}
