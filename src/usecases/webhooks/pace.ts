import type { Clock } from '../../ports/clock.js';

/** Waits for a place, or until the signal aborts. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** Hands out places in their order, `perSecond` a second; what was not used for a second may be used at once. */
export function createPace(clock: Pick<Clock, 'monotonicMs' | 'sleep'>, perSecond: number): Pace {
  const stepMs = 1_000 / perSecond;
  let nextMs = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const nowMs = clock.monotonicMs();
    nextMs = Math.max(nextMs, nowMs - 1_000) + stepMs;
    const waitMs = nextMs - nowMs;
    if (waitMs > 0) await clock.sleep(Math.ceil(waitMs), signal);
  };
}
