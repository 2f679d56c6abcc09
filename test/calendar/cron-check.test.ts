import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCronCheck } from '../../src/calendar/cron-check.js';

const { refusalOf } = createCronCheck();

describe('cron check', () => {
  it.each(['0 18 * * *', '30 19 * * 1-5', '0 * * * *', '5 */6 1,15 * *', '0 0 29 2 *', '59 23 31 12 0'])(
    'takes %s',
    (cron) => {
      expect(refusalOf(cron)).toBeNull();
    },
  );

  it.each(['* * * * *', '*/30 * * * *', '0,59 18 * * *', '0-1 0 1 1 *'])('finds %s too often', (cron) => {
    expect(refusalOf(cron)).toBe('tooOften');
  });

  it.each([
    ...['', 'often', '@hourly', '0 18 * *', '0 0 18 * * *', '0  18 * * *', ' 0 18 * * *', '60 18 * * *', '0 24 * * *'],
    ...[
      '0 0 30 2 *',
      '0 18 * JAN *',
      '0 18 L * *',
      'H 18 * * *',
      '0 18 ? * *',
      '-1 18 * * *',
      '1-0 18 * * *',
      '0 18 */0 * *',
    ],
    ...['0 18 * * 8', '0 18 * * * ', '0\t18 * * *', '0 18 * * *\n0 18 * * *', `${'1,'.repeat(200)}1 1 1 1 1`],
  ])('refuses %j', (cron) => {
    expect(refusalOf(cron)).toBe('badCron');
  });

  it('lets nothing through that comes twice within an hour', () => {
    const part = (most: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.nat(most).map(String),
        fc.tuple(fc.nat(most), fc.nat(most)).map(([from, to]) => `${from}-${to}`),
        fc.integer({ min: 1, max: most }).map((step) => `*/${step}`),
        fc.array(fc.nat(most), { minLength: 2, maxLength: 3 }).map((list) => list.join(',')),
      );
    const cron = fc.tuple(part(59), part(23), part(28), part(12), part(7)).map((parts) => parts.join(' '));
    let taken = 0;
    fc.assert(
      fc.property(cron, (text) => {
        if (refusalOf(text) !== null) return;
        taken += 1;
        const times = CronExpressionParser.parse(text, { tz: 'UTC', currentDate: '2026-01-01T00:00:00Z' });
        const next = Array.from({ length: 4 }, () => times.next().getTime());
        for (const [at, time] of next.entries()) {
          if (at > 0) expect(time - (next[at - 1] ?? 0)).toBeGreaterThanOrEqual(3_600_000);
        }
      }),
      { numRuns: 300, seed: 6 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});
