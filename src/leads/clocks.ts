import type { Lead, LeadClock, LeadClockKind } from '../domain/lead.js';
import type { IsoDate } from '../domain/provenance.js';
import type { Scheme } from '../domain/scheme.js';
import { isoDate } from '../domain/units.js';
import type { WorkCalendar } from '../domain/work-calendar.js';

const DAY_MS = 86_400_000;
/** Asia/Shanghai is UTC+8 all year: China has had no summer time since 1991. */
const SHANGHAI_AHEAD_MS = 8 * 3_600_000;
/** The reminder comes at 09:00 of the last day, 15 hours before its end. */
const REMIND_BEFORE_END_MS = 15 * 3_600_000;
/** A calendar without this many working days in a row of days is broken; the search ends here. */
const LONGEST_REST_DAYS = 60;
/** Ten years: far beyond any rule. */
const LONGEST_DAYS = 3_660;

/** The day it is in Asia/Shanghai at a moment (UTC ISO 8601), as a day number and as a date. */
export function shanghaiDay(now: string): { readonly number: number; readonly date: IsoDate } {
  const number = Math.floor((Date.parse(now) + SHANGHAI_AHEAD_MS) / DAY_MS);
  return { number, date: isoDate(number) };
}

/** 24:00 of a day in Asia/Shanghai, as UTC ISO 8601. */
function endOfDay(day: number): string {
  return new Date((day + 1) * DAY_MS - SHANGHAI_AHEAD_MS).toISOString();
}

/**
 * The end (24:00 Asia/Shanghai) of the n-th working day after today's: today does not count, whether it is worked or not
 * (Civil Code art. 201: the day a period begins is not counted).
 * @throws RangeError if `days` is not a whole number from 1 to 3660, or the calendar has no working days.
 */
export function endOfWorkingDay(now: string, days: number, calendar: WorkCalendar): string {
  checkDays(days);
  let day = shanghaiDay(now).number;
  for (let left = days, rest = 0; left > 0; ) {
    day += 1;
    const works = calendar.isWorkingDay(isoDate(day));
    rest = works ? 0 : rest + 1;
    if (works) left -= 1;
    if (rest > LONGEST_REST_DAYS) throw new RangeError('the calendar has no working days');
  }
  return endOfDay(day);
}

/**
 * The end (24:00 Asia/Shanghai) of the n-th calendar day after today's.
 * @throws RangeError if `days` is not a whole number from 1 to 3660.
 */
export function endOfCalendarDay(now: string, days: number): string {
  checkDays(days);
  return endOfDay(shanghaiDay(now).number + days);
}

function checkDays(days: number): void {
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS)
    throw new RangeError(`not 1 to ${LONGEST_DAYS} whole days`);
}

/** A clock of the scheme's length, started now. */
export function startClock(kind: LeadClockKind, now: string, scheme: Scheme, calendar: WorkCalendar): LeadClock {
  const { responseWorkingDays, assessmentWorkingDays, feedbackDays, progressDays } = scheme.rules;
  const dueAt: Readonly<Record<LeadClockKind, () => string>> = {
    response: () => endOfWorkingDay(now, responseWorkingDays.value, calendar),
    assessment: () => endOfWorkingDay(now, assessmentWorkingDays.value, calendar),
    feedback: () => endOfCalendarDay(now, feedbackDays.value),
    progress: () => endOfCalendarDay(now, progressDays.value),
  };
  return { kind, startedAt: now, dueAt: dueAt[kind](), dueToldAt: null, overdueToldAt: null };
}

/** True once the clock's last day is over. */
export function hasRunOut(clock: Pick<LeadClock, 'dueAt'>, now: string): boolean {
  return Date.parse(now) >= Date.parse(clock.dueAt);
}

/** True if any of the lead's clocks has run out. */
export function isOverdue(lead: Pick<Lead, 'clocks'>, now: string): boolean {
  return lead.clocks.some((clock) => hasRunOut(clock, now));
}

/** When a clock's next event is to be raised, ms; null if both were, or it was overdue before it was due. */
function nextEventMs(clock: LeadClock): number | null {
  const dueMs = Date.parse(clock.dueAt);
  if (clock.overdueToldAt !== null) return null;
  return clock.dueToldAt === null ? dueMs - REMIND_BEFORE_END_MS : dueMs;
}

/** When the next clock event is to be raised, UTC ISO 8601; null if none is left. */
export function nextClockAt(clocks: readonly LeadClock[]): string | null {
  const times = clocks.map(nextEventMs).filter((ms) => ms !== null);
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}

/** One event of a clock: its last day has begun (raised from 09:00), or it has run out. */
export interface ClockEvent {
  readonly clock: LeadClockKind;
  readonly event: 'due' | 'overdue';
}

/**
 * Raises the clock events whose time has come, each once: the lead with them noted (one version on), and the events.
 * A clock first looked at after it has run out raises `overdue` alone. Null if there is nothing to raise.
 */
export function raiseClocks(
  lead: Lead,
  now: string,
): { readonly lead: Lead; readonly raised: readonly ClockEvent[] } | null {
  const raised: ClockEvent[] = [];
  const clocks = lead.clocks.map((clock): LeadClock => {
    const nextMs = nextEventMs(clock);
    if (nextMs === null || Date.parse(now) < nextMs) return clock;
    if (hasRunOut(clock, now)) {
      raised.push({ clock: clock.kind, event: 'overdue' });
      return { ...clock, overdueToldAt: now };
    }
    raised.push({ clock: clock.kind, event: 'due' });
    return { ...clock, dueToldAt: now };
  });
  if (raised.length === 0) return null;
  const next = { ...lead, clocks, nextClockAt: nextClockAt(clocks), updatedAt: now, version: lead.version + 1 };
  return { lead: next, raised };
}
