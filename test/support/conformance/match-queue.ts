import { describe, expect, it } from 'vitest';
import type { MatchQueue } from '../../../src/ports/match-queue.js';
import { needIdOf } from './records.js';

/** A queue, and what waits in it, oldest first. */
export interface QueueUnderTest {
  readonly queue: MatchQueue;
  waiting(): Promise<readonly { readonly needId: string; readonly version: number }[]>;
}

/** What every MatchQueue must do. `makeQueue` gives an empty queue each time. */
export function describeMatchQueueConformance(name: string, makeQueue: () => Promise<QueueUnderTest>): void {
  describe(`MatchQueue: ${name}`, () => {
    it('leaves jobs that carry ids and nothing else, oldest first', async () => {
      const { queue, waiting } = await makeQueue();
      const jobs = [1, 2, 3].map((number) => ({ needId: needIdOf(number), version: number, title: '秘密' }));
      for (const job of jobs) expect(await queue.enqueue(job)).toBe(true);
      expect(await waiting()).toEqual(jobs.map(({ needId, version }) => ({ needId, version })));
    });

    it('keeps one job for a version that is asked for again, by its owner or by sweeps', async () => {
      const { queue, waiting } = await makeQueue();
      const job = { needId: needIdOf(1), version: 1 };
      for (const attempt of [undefined, undefined, '100', '200']) {
        expect(await queue.enqueue(job, attempt)).toBe(true);
      }
      expect(await waiting()).toEqual([job]);
    });

    it('keeps jobs of different versions and needs apart', async () => {
      const { queue, waiting } = await makeQueue();
      const jobs = [
        { needId: needIdOf(1), version: 1 },
        { needId: needIdOf(1), version: 2 },
        { needId: needIdOf(2), version: 1 },
      ];
      for (const job of jobs) await queue.enqueue(job, '1');
      expect(await waiting()).toEqual(jobs);
    });

    it('keeps one job of 20 racing ones', async () => {
      const { queue, waiting } = await makeQueue();
      const job = { needId: needIdOf(1), version: 1 };
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => queue.enqueue(job, index === 0 ? undefined : `${index}`)),
      );
      expect(await waiting()).toEqual([job]);
    });
  });
}
