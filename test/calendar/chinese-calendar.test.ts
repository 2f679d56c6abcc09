import { describe, expect, it } from 'vitest';
import { createWorkCalendar } from '../../src/calendar/chinese-calendar.js';

const calendar = createWorkCalendar();

/** The days from the first to the last. */
function days(first: string, last: string): string[] {
  const found: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += 86_400_000)
    found.push(new Date(ms).toISOString().slice(0, 10));
  return found;
}

/** 国务院办公厅关于2026年部分节假日安排的通知 (2025-11-04): days off, and weekend days worked. */
const OFF_2026 = [
  ...days('2026-01-01', '2026-01-03'),
  ...days('2026-02-15', '2026-02-23'),
  ...days('2026-04-04', '2026-04-06'),
  ...days('2026-05-01', '2026-05-05'),
  ...days('2026-06-19', '2026-06-21'),
  ...days('2026-09-25', '2026-09-27'),
  ...days('2026-10-01', '2026-10-07'),
];
const WORKED_2026 = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'];

describe('the work calendar', () => {
  it("keeps the State Council's arrangement of 2026, day by day", () => {
    for (const day of days('2026-01-01', '2026-12-31')) {
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
      const expected = WORKED_2026.includes(day) || (weekday % 6 !== 0 && !OFF_2026.includes(day));
      expect(calendar.isWorkingDay(day), day).toBe(expected);
    }
  });

  it('knows how far it knows', () => {
    expect(calendar.knownUntil >= '2026-12-31').toBe(true);
    expect(calendar.knownUntil).toMatch(/^\d{4}-12-31$/);
  });

  it('goes by weekday and fixed holidays where no arrangement is out', () => {
    const year = Number(calendar.knownUntil.slice(0, 4)) + 1;
    for (const day of ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'])
      expect(calendar.isWorkingDay(`${year}-${day}`), day).toBe(false);
    for (const day of days(`${year}-07-01`, `${year}-07-14`))
      expect(calendar.isWorkingDay(day), day).toBe(new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0);
  });

  it.each(['America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Shanghai'])(
    'says the same on a machine in %s',
    (zone) => {
      const before = process.env['TZ'];
      process.env['TZ'] = zone;
      try {
        expect(['2026-10-10', '2026-10-11', '2026-10-12'].map(calendar.isWorkingDay)).toEqual([true, false, true]);
        expect(['2026-03-06', '2026-03-07', '2026-03-09'].map(calendar.isWorkingDay)).toEqual([true, false, true]);
      } finally {
        if (before === undefined) Reflect.deleteProperty(process.env, 'TZ');
        else process.env['TZ'] = before;
      }
    },
  );
});
