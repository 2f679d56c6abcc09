import chineseDays from 'chinese-days';
import type { WorkCalendar } from '../domain/work-calendar.js';

/** The first year looked for; its arrangement has been in the package since 2024. */
const FIRST_YEAR = 2025;
/**
 * Public holidays with a date of their own (全国年节及纪念日放假办法, in force from 2025-01-01): they hold in years whose
 * arrangement is not out yet. Those by the lunar calendar wait for it.
 */
const FIXED_HOLIDAYS: ReadonlySet<string> = new Set(['01-01', '05-01', '05-02', '10-01', '10-02', '10-03']);

/** The package's days are of the machine's time zone: a day is handed over as its local noon. */
function localNoon(day: string): Date {
  return new Date(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)), 12);
}

/** The last year in a row for which the package has an arrangement. */
function lastKnownYear(): number {
  let year = FIRST_YEAR;
  while (
    chineseDays.getHolidaysInRange(localNoon(`${year + 1}-01-01`), localNoon(`${year + 1}-12-31`), false).length > 0
  )
    year += 1;
  return year;
}

/**
 * Working days by the State Council's yearly arrangements (国务院办公厅关于…部分节假日安排的通知), as the package
 * `chinese-days` keeps them. Later days: weekday, and the public holidays with a fixed date.
 */
export function createWorkCalendar(): WorkCalendar {
  const knownUntil = `${lastKnownYear()}-12-31`;
  return {
    knownUntil,
    isWorkingDay: (day) =>
      chineseDays.isWorkday(localNoon(day)) && (day <= knownUntil || !FIXED_HOLIDAYS.has(day.slice(5))),
  };
}
