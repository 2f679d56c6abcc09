/** China keeps one time all year, eight hours ahead of UTC. */
const AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** The first moment of a day in China, as UTC. */
export function dayStart(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - AHEAD_MS).toISOString();
}

/** The last millisecond of a day in China, as UTC. */
export function dayEnd(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - AHEAD_MS + DAY_MS - 1).toISOString();
}
