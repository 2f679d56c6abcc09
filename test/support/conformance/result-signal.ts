import { describe, expect, it } from 'vitest';
import type { ResultSignal } from '../../../src/ports/match-queue.js';
import { needIdOf } from './records.js';

/** What announces and what listens; the same object within one process. */
export interface SignalUnderTest {
  readonly announcer: ResultSignal;
  readonly listener: ResultSignal;
}

async function timed(work: Promise<void>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

/** What every ResultSignal must do. */
export function describeResultSignalConformance(name: string, makeSignal: () => Promise<SignalUnderTest>): void {
  describe(`ResultSignal: ${name}`, () => {
    it('wakes everyone who waits for the need, and soon', async () => {
      const { announcer, listener } = await makeSignal();
      const waits = [1, 2, 3].map(() => timed(listener.wait(needIdOf(1), 1_500)));
      await announcer.announce(needIdOf(1), 1);
      for (const ms of await Promise.all(waits)) expect(ms).toBeLessThan(1_000);
    });

    it('does not wake those who wait for another need', async () => {
      const { announcer, listener } = await makeSignal();
      const waiting = timed(listener.wait(needIdOf(1), 150));
      await announcer.announce(needIdOf(2), 1);
      expect(await waiting).toBeGreaterThan(140);
    });

    it('gives up when the time is over', async () => {
      const { listener } = await makeSignal();
      const ms = await timed(listener.wait(needIdOf(1), 60));
      expect(ms).toBeGreaterThan(50);
      expect(ms).toBeLessThan(1_000);
    });

    it('gives up when the reader does', async () => {
      const { listener } = await makeSignal();
      const reader = new AbortController();
      const waiting = timed(listener.wait(needIdOf(1), 1_500, reader.signal));
      reader.abort();
      expect(await waiting).toBeLessThan(1_000);
      expect(await timed(listener.wait(needIdOf(1), 1_500, reader.signal))).toBeLessThan(1_000);
    });

    it('does not wait for no time', async () => {
      const { listener } = await makeSignal();
      expect(await timed(listener.wait(needIdOf(1), 0))).toBeLessThan(100);
    });

    it('takes announcements nobody waits for', async () => {
      const { announcer } = await makeSignal();
      await expect(announcer.announce(needIdOf(3), 7)).resolves.toBeUndefined();
    });
  });
}
