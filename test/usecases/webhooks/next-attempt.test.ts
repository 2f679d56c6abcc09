import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryAttempt } from '../../../src/domain/webhook.js';
import { DELIVERY_SETTINGS } from '../../../src/usecases/webhooks/delivery-settings.js';
import { isDelivered, isGone, settlementOf } from '../../../src/usecases/webhooks/next-attempt.js';
import { makeAttempt, makeDelivery, timeOf } from '../../support/conformance/webhook-records.js';

const NOW = timeOf(1_000_000);
const failure = (more: Partial<DeliveryAttempt> & { readonly retryAfterMs?: number | null } = {}) => ({
  ...makeAttempt(NOW, { status: 500, latencyMs: 0 }),
  retryAfterMs: null,
  ...more,
});
const tried = (times: number, replayedAt?: string) =>
  makeDelivery(1, 1, {
    attempts: Array.from({ length: times }, (_, index) => makeAttempt(timeOf(index), { status: 500 })),
    ...(replayedAt === undefined ? {} : { replayedAt }),
  });
const next = (times: number, outcome = failure(), random = 0.5, replayedAt?: string) =>
  settlementOf(tried(times, replayedAt), outcome, DELIVERY_SETTINGS, random).next;
const waitS = (settlement: ReturnType<typeof next>): number => {
  if (settlement.state !== 'pending') throw new Error(settlement.state);
  return (Date.parse(settlement.at) - Date.parse(NOW)) / 1_000;
};

describe('what becomes of a delivery', () => {
  it.each([
    [200, null, true],
    [204, null, true],
    [299, null, true],
    [199, null, false],
    [302, 'redirect', false],
    [200, 'tooSlow', false],
    [404, null, false],
    [410, null, false],
    [null, 'timeout', false],
  ])('status %s, error %s counts as delivered: %s', (status, error, delivered) => {
    const outcome = failure({ status, error });
    expect(isDelivered(outcome)).toBe(delivered);
    expect(settlementOf(tried(0), outcome, DELIVERY_SETTINGS, 0.5).next.state).toBe(
      delivered ? 'delivered' : status === 410 ? 'cancelled' : 'pending',
    );
    expect(isGone(outcome)).toBe(status === 410);
  });

  it('waits by the published schedule, and fails after its last pause', () => {
    const waits = DELIVERY_SETTINGS.retryS.map((_, index) => waitS(next(index)));
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(next(9)).toEqual({ state: 'failed' });
  });

  it('counts anew from where it was replayed', () => {
    expect(waitS(next(9, failure(), 0.5, timeOf(500)))).toBe(5);
    expect(waitS(next(9, failure(), 0.5, timeOf(7)))).toBe(1_800);
  });

  it('honours what the receiver asks for where that is later, and not where it is sooner', () => {
    expect(waitS(next(0, failure({ retryAfterMs: 120_000 })))).toBe(120);
    expect(waitS(next(1, failure({ retryAfterMs: 120_000 })))).toBe(300);
  });

  it('stays within a fifth of each pause, whatever is drawn', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 8 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (times, random) => {
          const pause = DELIVERY_SETTINGS.retryS[times] ?? 0;
          const wait = waitS(next(times, failure(), random));
          expect(wait).toBeGreaterThanOrEqual(pause * 0.8 - 0.001);
          expect(wait).toBeLessThanOrEqual(pause * 1.2 + 0.001);
        },
      ),
    );
  });

  it('keeps the attempt without what was asked for', () => {
    const settlement = settlementOf(tried(0), failure({ retryAfterMs: 5 }), DELIVERY_SETTINGS, 0.5);
    expect(settlement.attempt).toEqual(makeAttempt(NOW, { status: 500, latencyMs: 0 }));
  });
});
