import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber, isIsoDate, isoDate, M2_PER_MU } from '../../src/domain/units.js';

describe('M2_PER_MU', () => {
  it('makes 15 mu a hectare', () => {
    expect(15 * M2_PER_MU).toBeCloseTo(10_000, 9);
    expect(M2_PER_MU).toBeCloseTo(666.67, 2);
  });
});

describe('dayNumber and isoDate', () => {
  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-03-01', 11_017],
    ['2024-02-29', 19_782],
    ['2026-01-01', 20_454],
    ['9999-12-31', 2_932_896],
  ])('%s is day %d', (date, day) => {
    expect([dayNumber(date), isoDate(day)]).toEqual([day, date]);
  });

  it('undo each other and keep the order of days', () => {
    const day = fc.integer({ min: -700_000, max: 2_900_000 });
    fc.assert(
      fc.property(day, day, (a, b) => {
        expect(dayNumber(isoDate(a))).toBe(a);
        expect(isIsoDate(isoDate(a))).toBe(true);
        expect(isoDate(a) < isoDate(b)).toBe(a < b);
      }),
    );
  });
});

describe('isIsoDate', () => {
  it.each(['2026-01-01', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('takes %s', (text) => {
    expect(isIsoDate(text)).toBe(true);
  });

  it.each([
    '2025-02-29',
    '1900-02-29',
    '2025-02-30',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-01-00',
    '2025-1-1',
    '2025/01/01',
    '20250101',
    ' 2025-01-01',
    '2025-01-01\n',
    '2025-01-01T00:00:00Z',
    '２０２５-01-01',
    '+2025-01-01',
    '-2025-01-01',
    '12025-01-01',
    '',
    'today',
  ])('refuses %j', (text) => {
    expect(isIsoDate(text)).toBe(false);
  });
});
