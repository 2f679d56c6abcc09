import type { LandDemand, ParcelRange } from '../phases.js';
import { GATE_BIT, parcelsOf, type Snapshot } from '../snapshot.js';

const LAND_GATES = GATE_BIT.land | GATE_BIT.date;
/** Allows for the rounding of shares of a wish. */
const ROUNDING = 1e-9;

/** What became of a park's land. */
export interface LandChange {
  readonly before: ParcelRange;
  readonly after: ParcelRange;
  /** True if how sure it is changed. */
  readonly soft: boolean;
  /**
   * Where every parcel is one of before, open the same day and no larger, in their order: the largest area, mu, of before that shrank,
   * 0 where none did. Infinite where land is not only less.
   */
  readonly shrunkFromMu: number;
}

function sameParcels(was: ParcelRange, is: ParcelRange): boolean {
  if (was.to - was.from !== is.to - is.from) return false;
  for (let at = 0; at < was.to - was.from; at += 1) {
    if (was.mu[was.from + at] !== is.mu[is.from + at] || was.day[was.from + at] !== is.day[is.from + at]) return false;
  }
  return true;
}

/**
 * See `LandChange`. Parcels are matched in their order, so that areas are added up in the same order of both: then no
 * rounding makes the sum of less land the larger one.
 */
function shrunkFrom(was: ParcelRange, is: ParcelRange): number {
  let largest = 0;
  let old = was.from;
  for (let at = is.from; at < is.to; at += 1, old += 1) {
    const area = is.mu[at] ?? 0;
    while (old < was.to && (was.day[old] !== is.day[at] || (was.mu[old] ?? 0) < area)) old += 1;
    if (old === was.to) return Number.POSITIVE_INFINITY;
    if (was.mu[old] !== area) largest = Math.max(largest, was.mu[old] ?? 0);
  }
  return largest;
}

/** What became of the land of the park at a row; null where the engine reads the same of both snapshots. */
export function landChange(before: Snapshot, after: Snapshot, row: number): LandChange | null {
  const [was, is] = [parcelsOf(before, row), parcelsOf(after, row)];
  const soft = (((before.softGates[row] ?? 0) ^ (after.softGates[row] ?? 0)) & LAND_GATES) !== 0;
  if (!soft && sameParcels(was, is)) return null;
  return { before: was, after: is, soft, shrunkFromMu: shrunkFrom(was, is) };
}

/** The part of a need's land that tells whether a change matters to it; of a need without phases. */
export type PlainLand = Pick<LandDemand, 'minMu' | 'lastDay' | 'targetMu'>;

/** 0: no parcel is large enough; 1: one is, later than asked; 2: one is in time. */
function answer({ mu, day, from, to }: ParcelRange, minMu: number, lastDay: number): number {
  let best = 0;
  for (let at = from; at < to && best < 2; at += 1) {
    if ((mu[at] ?? 0) >= minMu) best = (day[at] ?? 0) <= lastDay ? 2 : 1;
  }
  return best;
}

/** Whether the land or the date gate of a need without phases answers otherwise than before. */
export function landTurns({ before, after, soft }: LandChange, { minMu, lastDay }: PlainLand): boolean {
  return soft || answer(before, minMu, lastDay) !== answer(after, minMu, lastDay);
}

/**
 * Whether one of the land criteria of a need without phases may have risen where its gates answer as before. Less land
 * is no better, save that a parcel above the wish fits better when it shrinks.
 */
export function landMayRise({ shrunkFromMu }: LandChange, { targetMu }: PlainLand): boolean {
  return !(shrunkFromMu <= targetMu * (1 - ROUNDING));
}
