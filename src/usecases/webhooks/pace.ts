import type { Clock } from '../../ports/clock.js';

/** Takes the next place and tells how long it is until then, ms; 0 for a place at once. */
export type Pace = () => number;

/** Hands out places in their order, `perSecond` a second; what was not used for a second may be used at once. */
export function createPace(clock: Pick<Clock, 'monotonicMs'>, perSecond: number): Pace {
  const stepMs = 1_000 / perSecond;
  let nextMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.monotonicMs();
    nextMs = Math.max(nextMs, nowMs - 1_000) + stepMs;
    return Math.max(0, Math.ceil(nextMs - nowMs));
  };
}
