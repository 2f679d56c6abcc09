import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './stack.js';

/** One process ends when so many events have been made, and is started again after a while. */
export interface PlannedKill {
  readonly kind: string;
  readonly afterEvents: number;
  readonly downMs: number;
}

/** `each` kills of every kind, at random moments between the first event and the last. */
export function planKills(
  kinds: readonly string[],
  each: number,
  events: number,
  random: () => number,
): readonly PlannedKill[] {
  return kinds
    .flatMap((kind) =>
      Array.from({ length: each }, () => ({
        kind,
        afterEvents: Math.floor((0.02 + 0.96 * random()) * events),
        downMs: Math.round(50 + random() * 450),
      })),
    )
    .sort((a, b) => a.afterEvents - b.afterEvents);
}

/** Kills one process as a crash would and starts it again. @throws if it had ended by itself. */
export async function killAndRestart(kind: string, part: Part, downMs: number): Promise<void> {
  const ending = await part.end('SIGKILL');
  if (ending.signal !== 'SIGKILL') throw new Error(`${kind} had ended by itself: ${JSON.stringify(ending)}`);
  await sleep(downMs);
  await part.start();
}

/**
 * Carries out a plan as the events come; outages of different processes may overlap. Resolves when every process is
 * started again, with the kills of each kind.
 */
export async function killAsEventsCome(
  parts: Readonly<Record<string, Part>>,
  plan: readonly PlannedKill[],
  made: () => number,
): Promise<Readonly<Record<string, number>>> {
  const kills: Record<string, number> = {};
  const restarting = new Map<string, Promise<void>>();
  for (const { kind, afterEvents, downMs } of plan) {
    const part = parts[kind];
    if (part === undefined) throw new Error(`no process ${kind}`);
    while (made() < afterEvents) await sleep(20);
    await restarting.get(kind);
    const again = killAndRestart(kind, part, downMs);
    // Awaited before the next kill of this kind and at the end.
    again.catch(() => undefined);
    restarting.set(kind, again);
    kills[kind] = (kills[kind] ?? 0) + 1;
  }
  await Promise.all(restarting.values());
  return kills;
}
