import type { IsoDate } from './provenance.js';

/** Square metres in one mu (亩); 15 mu are one hectare. */
export const M2_PER_MU = 10_000 / 15;

const MS_PER_DAY = 86_400_000;

/** Whole days since 1970-01-01 for a calendar date; the date must be a real one (see `isIsoDate`). */
export function dayNumber(date: IsoDate): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY);
}

/** The calendar date of a day number as made by `dayNumber`. */
export function isoDate(day: number): IsoDate {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** True for `YYYY-MM-DD` that names a day of the calendar (2025-02-30 does not). */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
