/** China keeps one time all year, eight hours ahead of UTC. */
const AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** From this year on a time stands for "never" (see `NEVER` of holds). */
const NEVER_YEAR = '9999';

/** A time (UTC, ISO 8601) in China's time, to the minute: `2026-11-24 09:30`. */
export function timeText(time: string): string {
  const china = new Date(Date.parse(time) + AHEAD_MS).toISOString();
  return `${china.slice(0, 10)} ${china.slice(11, 16)}`;
}

/**
 * The end of a time limit in China's time. Midnight is told as the end of the day before, `2026-11-24 24:00`, as staff
 * say it; so is a limit in the last second of a day. A limit that never comes is 长期.
 */
export function dueText(time: string): string {
  if (time.startsWith(NEVER_YEAR)) return '长期';
  const china = Date.parse(time) + AHEAD_MS;
  const intoDay = china % DAY_MS;
  if (intoDay === 0) return `${new Date(china - 1).toISOString().slice(0, 10)} 24:00`;
  if (intoDay >= DAY_MS - 1_000) return `${new Date(china).toISOString().slice(0, 10)} 24:00`;
  return timeText(time);
}
