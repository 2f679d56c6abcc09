import { describe, expect, it } from 'vitest';
import type { HoldExpiry } from '../../../src/ports/hold-expiry.js';
import { idOf } from './lead-records.js';

/** Jobs for holds that end, and what waits of them, soonest first. */
export interface HoldExpiryUnderTest {
  readonly expiry: HoldExpiry;
  waiting(): Promise<readonly object[]>;
}

const job = (number: number) => ({ parkId: `331102-0${number}`, holdId: idOf('hold', number) });
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** What every HoldExpiry must do. `makeExpiry` gives one without jobs each time. */
export function describeHoldExpiryConformance(name: string, makeExpiry: () => Promise<HoldExpiryUnderTest>): void {
  describe(`HoldExpiry: ${name}`, () => {
    it('leaves jobs that carry ids and nothing else, soonest first', async () => {
      const { expiry, waiting } = await makeExpiry();
      for (const [number, days] of [
        [1, 30],
        [2, 180],
        [3, 3],
      ] as const) {
        expect(await expiry.schedule({ ...job(number), ...{ firm: '某某公司' } }, inDays(days))).toBe(true);
      }
      expect(await waiting()).toEqual([job(3), job(1), job(2)]);
    });

    it('leaves one job for a hold and a time, another one when it is extended', async () => {
      const { expiry, waiting } = await makeExpiry();
      const [first, second] = [inDays(30), inDays(60)];
      for (const at of [first, first, second, first]) expect(await expiry.schedule(job(1), at)).toBe(true);
      expect(await waiting()).toEqual([job(1), job(1)]);
    });

    it('takes a time that is over for now', async () => {
      const { expiry, waiting } = await makeExpiry();
      await expiry.schedule(job(2), inDays(1));
      expect(await expiry.schedule(job(1), '2020-01-01T00:00:00.000Z')).toBe(true);
      expect(await waiting()).toEqual([job(1), job(2)]);
    });
  });
}
