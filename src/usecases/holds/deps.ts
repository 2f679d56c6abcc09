import type { Clock } from '../../ports/clock.js';
import type { HoldExpiry } from '../../ports/hold-expiry.js';
import type { Ids } from '../../ports/ids.js';
import type { LeadStore } from '../../ports/lead-store.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { ParkStore } from '../../ports/park-store.js';
import type { SchemeStore } from '../../ports/scheme-store.js';

/** What holds are kept with. */
export interface HoldDeps {
  readonly parkStore: Pick<ParkStore, 'get' | 'parkOfHold' | 'updateCapacity' | 'withHoldsDue'>;
  readonly leadStore: Pick<LeadStore, 'get' | 'replace' | 'unsettledClaims'>;
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly schemeStore: Pick<SchemeStore, 'get'>;
  readonly holdExpiry: HoldExpiry;
  readonly changes: ChangeSignal;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly ids: Pick<Ids, 'idFor' | 'digest'>;
  readonly log: Log;
}

/** How often a change that others overtook is tried; with the pauses about six seconds. */
const TRIES = 40;
const LONGEST_PAUSE_MS = 250;

/**
 * Does something again until nobody has overtaken it (`null`: overtaken). Pauses grow and differ from caller to caller,
 * so that those who met once do not meet again; `key` is what the caller differs by.
 * @returns null where it was overtaken every time.
 */
export async function untilDone<T>(
  deps: Pick<HoldDeps, 'clock' | 'ids'>,
  key: string,
  attempt: () => Promise<T | null>,
): Promise<T | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const result = await attempt();
    if (result !== null) return result;
    const part = Number.parseInt(deps.ids.digest(`${key}:${tries}`).slice(0, 8), 16) / 0xffffffff;
    await deps.clock.sleep(Math.round(Math.min(4 * 2 ** tries, LONGEST_PAUSE_MS) * (0.25 + 0.75 * part)));
  }
  return null;
}

const MS_PER_DAY = 86_400_000;

/** So many days after a moment, ISO time. */
export function daysAfter(now: string, days: number): string {
  return new Date(Date.parse(now) + days * MS_PER_DAY).toISOString();
}
