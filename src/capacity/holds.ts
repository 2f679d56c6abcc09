import {
  type CapacityShortfall,
  type Hold,
  type HoldAmounts,
  NEVER,
  type ParkCapacity,
  type WaitEntry,
} from '../domain/hold.js';
import type { Park } from '../domain/park.js';
import { shortfalls } from './available.js';

/** Fenced ids kept: the newest. A writer that sleeps through so many given-up claims finds its claim gone as well. */
const FENCED_KEPT = 200;

/** The park's part a change of its capacity rests on. */
export type HoldingPark = Pick<Park, 'inventory' | 'capacity'>;

/** What came of a change that may not be possible. `there`: it was made before. */
export type Placing =
  | { readonly outcome: 'placed'; readonly capacity: ParkCapacity; readonly hold: Hold }
  | { readonly outcome: 'there'; readonly hold: Hold }
  | { readonly outcome: 'fenced' }
  | { readonly outcome: 'short'; readonly shortfalls: readonly CapacityShortfall[] };

export type Renewal =
  | { readonly outcome: 'changed'; readonly capacity: ParkCapacity; readonly hold: Hold; readonly before: Hold }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'short'; readonly shortfalls: readonly CapacityShortfall[] };

/** The hold with this id that counts at the moment. */
export function activeHold(capacity: Pick<ParkCapacity, 'holds'>, holdId: string, now: string): Hold | null {
  return capacity.holds.find(({ id, until }) => id === holdId && until > now) ?? null;
}

function next(capacity: ParkCapacity, change: Partial<Omit<ParkCapacity, 'version'>>): ParkCapacity {
  return { ...capacity, ...change, version: capacity.version + 1 };
}

/**
 * Places a hold, all of it or nothing, and takes its wait entry out. A hold with the same id that is there already is
 * the answer to a repeated request. Holds whose time is over stay until they are expired; they count for nothing.
 */
export function placeInCapacity({ inventory, capacity }: HoldingPark, hold: Hold, now: string): Placing {
  const there = capacity.holds.find(({ id }) => id === hold.id);
  if (there !== undefined) return { outcome: 'there', hold: there };
  if (capacity.fenced.includes(hold.id)) return { outcome: 'fenced' };
  const short = shortfalls({ inventory, capacity }, hold.amounts, now);
  if (short.length > 0) return { outcome: 'short', shortfalls: short };
  return {
    outcome: 'placed',
    hold,
    capacity: next(capacity, {
      holds: [...capacity.holds, hold],
      waitlist: capacity.waitlist.filter(({ holdId }) => holdId !== hold.id),
    }),
  };
}

/**
 * Puts another form of a hold in its place. It must still count and fit beside the others: clocks of two processes may
 * differ, and one of them may have given the room of a hold that another takes for alive.
 */
function renew(
  { inventory, capacity }: HoldingPark,
  holdId: string,
  now: string,
  change: (hold: Hold) => Hold,
): Renewal {
  const before = activeHold(capacity, holdId, now);
  if (before === null) return { outcome: 'missing' };
  const hold = change(before);
  const short = shortfalls({ inventory, capacity }, hold.amounts, now, holdId);
  if (short.length > 0) return { outcome: 'short', shortfalls: short };
  const holds = capacity.holds.map((other) => (other.id === holdId ? hold : other));
  return { outcome: 'changed', before, hold, capacity: next(capacity, { holds }) };
}

/** Makes a hold firm until then, with its own amounts or others that fit in its place. Extensions count anew. */
export function makeFirm(
  park: HoldingPark,
  holdId: string,
  firm: { readonly until: string; readonly amounts?: HoldAmounts },
  now: string,
): Renewal {
  return renew(park, holdId, now, (hold) => ({
    ...hold,
    kind: 'firm',
    amounts: firm.amounts ?? hold.amounts,
    until: firm.until,
    expiringToldAt: null,
    extensions: [],
  }));
}

/** Extends a hold. How often that is allowed is the scheme's to say. */
export function extend(park: HoldingPark, holdId: string, extension: Hold['extensions'][number], now: string): Renewal {
  return renew(park, holdId, now, (hold) => ({
    ...hold,
    until: extension.until,
    expiringToldAt: null,
    extensions: [...hold.extensions, extension],
  }));
}

/** Marks a hold as used by the landed project: it no longer runs out. */
export function markUsed(park: HoldingPark, holdId: string, now: string): Renewal {
  return renew(park, holdId, now, (hold) => ({ ...hold, kind: 'used', until: NEVER, expiringToldAt: null }));
}

/** Takes out the hold, or the wait entry, with this id; null where there is neither. */
export function release(
  capacity: ParkCapacity,
  holdId: string,
): { readonly capacity: ParkCapacity; readonly hold: Hold | null; readonly entry: WaitEntry | null } | null {
  const hold = capacity.holds.find(({ id }) => id === holdId) ?? null;
  const entry = capacity.waitlist.find((waiting) => waiting.holdId === holdId) ?? null;
  if (hold === null && entry === null) return null;
  return {
    hold,
    entry,
    capacity: next(capacity, {
      holds: capacity.holds.filter(({ id }) => id !== holdId),
      waitlist: capacity.waitlist.filter((waiting) => waiting.holdId !== holdId),
    }),
  };
}

/** What time has done to a park's holds. */
export interface Lapse {
  readonly capacity: ParkCapacity;
  /** Taken out: their time is over. What is used never runs out. */
  readonly expired: readonly Hold[];
  /** Noted as warned of: they end by then. */
  readonly warned: readonly Hold[];
}

/**
 * Takes out the holds whose time is over and notes those that end by `warnBy` and were not warned of; null where there
 * are none of either.
 * @param among ids of the holds to look at; all where it is not given.
 */
export function lapse(capacity: ParkCapacity, now: string, warnBy: string, among?: ReadonlySet<string>): Lapse | null {
  const looked = capacity.holds.filter(({ id }) => among === undefined || among.has(id));
  const expired = looked.filter(({ kind, until }) => kind !== 'used' && until <= now);
  const warned = looked.filter(
    ({ until, expiringToldAt }) => until > now && until <= warnBy && expiringToldAt === null,
  );
  if (expired.length === 0 && warned.length === 0) return null;
  const holds = capacity.holds
    .filter((hold) => !expired.includes(hold))
    .map((hold) => (warned.includes(hold) ? { ...hold, expiringToldAt: now } : hold));
  return { expired, warned, capacity: next(capacity, { holds }) };
}

/** Puts a lead at the end of the waitlist; null where the id is fenced, waits or holds already. */
export function joinWaitlist(capacity: ParkCapacity, entry: WaitEntry): ParkCapacity | null {
  const known =
    capacity.fenced.includes(entry.holdId) ||
    capacity.waitlist.some(({ holdId }) => holdId === entry.holdId) ||
    capacity.holds.some(({ id }) => id === entry.holdId);
  return known ? null : next(capacity, { waitlist: [...capacity.waitlist, entry] });
}

/** Bars an id for good: a slow writer cannot place it any more. Null where it is barred already. */
export function fence(capacity: ParkCapacity, holdId: string): ParkCapacity | null {
  if (capacity.fenced.includes(holdId)) return null;
  return next(capacity, { fenced: [...capacity.fenced, holdId].slice(-FENCED_KEPT) });
}

/**
 * The entry whose turn it is, and whether it fits now. Strictly in the order of asking: one that does not fit keeps
 * those behind it waiting, so that a large project is not overtaken for ever by small ones.
 */
export function promotable(
  { inventory, capacity }: HoldingPark,
  now: string,
): { readonly entry: WaitEntry; readonly fits: boolean } | null {
  const entry = capacity.waitlist[0];
  if (entry === undefined) return null;
  return { entry, fits: shortfalls({ inventory, capacity }, entry.amounts, now).length === 0 };
}
