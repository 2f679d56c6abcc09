import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkCalendar } from '../../src/calendar/chinese-calendar.js';
import { endOfCalendarDay, endOfWorkingDay, isOverdue, nextClockAt, raiseClocks } from '../../src/leads/clocks.js';
import { madeClock, madeLead, weekdays } from './made.js';

const calendar = createWorkCalendar();
/** A time of day in Asia/Shanghai. */
const shanghai = (day: string, time = '10:00') => new Date(`${day}T${time}:00+08:00`).toISOString();
/** 24:00 of a day in Asia/Shanghai. */
const endOf = (day: string) => new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000).toISOString();

describe('due times', () => {
  it.each([
    ['an ordinary day', '2026-03-04', 1, '2026-03-05'],
    ['Friday: Monday', '2026-03-06', 1, '2026-03-09'],
    ['Friday, three days: Wednesday', '2026-03-06', 3, '2026-03-11'],
    ['Saturday: Monday', '2026-03-07', 1, '2026-03-09'],
    ['before New Year 2026, with a Sunday worked', '2025-12-31', 1, '2026-01-04'],
    ['into the Spring Festival, over a Saturday worked', '2026-02-13', 2, '2026-02-24'],
    ['Spring Festival itself', '2026-02-18', 1, '2026-02-24'],
    ['the last day before National Day', '2026-09-30', 1, '2026-10-08'],
    ['National Day, with the Saturday after it worked', '2026-10-01', 3, '2026-10-10'],
    ['Thursday after National Day, three days', '2026-10-08', 3, '2026-10-12'],
    ['year end, the next arrangement not known: 1 January is fixed', '2026-12-31', 1, '2027-01-04'],
  ])('%s', (_, today, days, last) => {
    expect(endOfWorkingDay(shanghai(today), days, calendar)).toBe(endOf(last));
  });

  it('go by the day in Shanghai, to the minute', () => {
    expect(endOfWorkingDay(shanghai('2026-03-04', '23:59'), 1, weekdays)).toBe('2026-03-05T16:00:00.000Z');
    expect(endOfWorkingDay(shanghai('2026-03-05', '00:00'), 1, weekdays)).toBe('2026-03-06T16:00:00.000Z');
  });

  it('count every calendar day', () => {
    expect(endOfCalendarDay(shanghai('2026-09-30'), 7)).toBe(endOf('2026-10-07'));
    expect(endOfCalendarDay(shanghai('2026-12-25'), 14)).toBe(endOf('2027-01-08'));
    expect(endOfCalendarDay(shanghai('2028-02-28'), 1)).toBe(endOf('2028-02-29'));
  });

  it('are refused for lengths that are none, and for a calendar without work', () => {
    for (const days of [0, -1, 1.5, Number.NaN, 3_661]) {
      expect(() => endOfCalendarDay(shanghai('2026-03-04'), days)).toThrow(RangeError);
      expect(() => endOfWorkingDay(shanghai('2026-03-04'), days, weekdays)).toThrow(RangeError);
    }
    const idle = { knownUntil: '2026-12-31', isWorkingDay: () => false };
    expect(() => endOfWorkingDay(shanghai('2026-03-04'), 1, idle)).toThrow(RangeError);
  });

  it('always end a working day later than today, with as many working days up to it as asked', () => {
    const moments = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 30 }), (ms, days) => {
        const due = Date.parse(endOfWorkingDay(new Date(ms).toISOString(), days, calendar));
        const dayOf = (time: number) => Math.floor((time + 8 * 3_600_000) / 86_400_000);
        const iso = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
        let worked = 0;
        for (let day = dayOf(ms) + 1; day < dayOf(due); day += 1) worked += calendar.isWorkingDay(iso(day)) ? 1 : 0;
        expect(worked).toBe(days);
        expect(calendar.isWorkingDay(iso(dayOf(due) - 1))).toBe(true);
        expect(due).toBeGreaterThan(ms);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('clock events', () => {
  const due = endOf('2026-03-05');
  const lead = madeLead({ stage: 'pushed', clocks: [madeClock('response', due)], nextClockAt: null });

  it('come at 09:00 of the last day and at its end, each once', () => {
    expect(nextClockAt(lead.clocks)).toBe(shanghai('2026-03-05', '09:00'));
    expect(raiseClocks(lead, shanghai('2026-03-05', '08:59'))).toBeNull();
    const first = raiseClocks(lead, shanghai('2026-03-05', '09:00'));
    expect(first?.raised).toEqual([{ clock: 'response', event: 'due' }]);
    const told = first?.lead ?? lead;
    expect(told).toMatchObject({ version: lead.version + 1, nextClockAt: due, stage: 'pushed' });
    expect(raiseClocks(told, shanghai('2026-03-05', '23:59'))).toBeNull();
    expect(isOverdue(told, shanghai('2026-03-05', '23:59'))).toBe(false);
    const second = raiseClocks(told, due);
    expect(second?.raised).toEqual([{ clock: 'response', event: 'overdue' }]);
    expect(second?.lead).toMatchObject({ version: lead.version + 2, nextClockAt: null });
    expect(isOverdue(second?.lead ?? lead, due)).toBe(true);
    expect(raiseClocks(second?.lead ?? lead, endOf('2026-04-01'))).toBeNull();
  });

  it('looked at too late is overdue only', () => {
    const late = raiseClocks(lead, endOf('2026-03-20'));
    expect(late?.raised).toEqual([{ clock: 'response', event: 'overdue' }]);
    expect(late?.lead.nextClockAt).toBeNull();
    expect(raiseClocks(late?.lead ?? lead, endOf('2026-03-21'))).toBeNull();
  });

  it('of several clocks come together in one version, the next being the soonest', () => {
    const two = { ...lead, clocks: [madeClock('feedback', due), madeClock('progress', endOf('2026-03-06'))] };
    const at = shanghai('2026-03-06', '09:00');
    const raised = raiseClocks(two, at);
    expect(raised?.raised).toEqual([
      { clock: 'feedback', event: 'overdue' },
      { clock: 'progress', event: 'due' },
    ]);
    expect(raised?.lead).toMatchObject({ version: lead.version + 1, nextClockAt: endOf('2026-03-06') });
    expect(nextClockAt([])).toBeNull();
  });
});
