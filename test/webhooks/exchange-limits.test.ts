import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type Endable, ExchangeLimits } from '../../src/webhooks/exchange-limits.js';

const LIMIT_MS = 150;

/** What ended how, and when after it began. */
function makeExchange() {
  const beganMs = performance.now();
  const ends: { readonly how: string; readonly afterMs: number }[] = [];
  const end = (how: string) => () => void ends.push({ how, afterMs: performance.now() - beganMs });
  const exchange: Endable = { expire: end('expired'), callOff: end('called off') };
  return { exchange, ends };
}

describe('limits of exchanges', () => {
  it('end each one at its own time, however many there are', async () => {
    const limits = new ExchangeLimits(LIMIT_MS);
    const made: ReturnType<typeof makeExchange>[] = [];
    for (let count = 0; count < 10; count += 1) {
      const one = makeExchange();
      made.push(one);
      limits.watch(one.exchange, undefined);
      await sleep(30);
    }
    await sleep(2 * LIMIT_MS);
    for (const { ends } of made) {
      expect(ends.map(({ how }) => how)).toEqual(['expired']);
      expect(ends[0]?.afterMs).toBeGreaterThanOrEqual(LIMIT_MS);
      expect(ends[0]?.afterMs).toBeLessThan(2 * LIMIT_MS);
    }
  });

  it('leave alone what was released, and go on with what comes later', async () => {
    const limits = new ExchangeLimits(LIMIT_MS);
    const [first, second] = [makeExchange(), makeExchange()];
    limits.watch(first.exchange, undefined);
    limits.release(first.exchange, undefined);
    await sleep(2 * LIMIT_MS);
    limits.watch(second.exchange, undefined);
    await sleep(2 * LIMIT_MS);
    expect(first.ends).toEqual([]);
    expect(second.ends).toHaveLength(1);
  });

  it('call off what follows a signal, and nothing else', () => {
    const limits = new ExchangeLimits(LIMIT_MS);
    const [mine, released, other] = [makeExchange(), makeExchange(), makeExchange()];
    const [caller, stranger] = [new AbortController(), new AbortController()];
    limits.watch(mine.exchange, caller.signal);
    limits.watch(released.exchange, caller.signal);
    limits.watch(other.exchange, stranger.signal);
    limits.release(released.exchange, caller.signal);
    caller.abort();
    expect(mine.ends.map(({ how }) => how)).toEqual(['called off']);
    expect([...released.ends, ...other.ends]).toEqual([]);
    for (const { exchange } of [mine, other]) limits.release(exchange, undefined);
  });

  it('let go of a signal that nothing follows any more, and follow it again', async () => {
    const limits = new ExchangeLimits(LIMIT_MS);
    const caller = new AbortController();
    const [added, removed] = [
      vi.spyOn(caller.signal, 'addEventListener'),
      vi.spyOn(caller.signal, 'removeEventListener'),
    ];
    for (let count = 0; count < 5; count += 1) {
      const { exchange } = makeExchange();
      limits.watch(exchange, caller.signal);
      limits.release(exchange, caller.signal);
    }
    expect(added).toHaveBeenCalledTimes(1);
    await sleep(2 * LIMIT_MS);
    expect(removed).toHaveBeenCalledTimes(1);
    const later = makeExchange();
    limits.watch(later.exchange, caller.signal);
    caller.abort();
    expect(later.ends.map(({ how }) => how)).toEqual(['called off']);
    limits.release(later.exchange, caller.signal);
  });
});
