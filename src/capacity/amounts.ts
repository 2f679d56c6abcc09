import { FACTORS, type Factor } from '../domain/factors.js';
import type { HoldAmounts, ParkCapacity } from '../domain/hold.js';

/**
 * Amounts are added and compared as whole millionths of their unit: sums are exact then (the finest amount anybody may
 * state is 0.0001, the largest 20 million), so that placing and releasing leaves no trace.
 */
const MILLION = 1_000_000;

/** An amount in whole millionths. */
export function toMillionths(amount: number): number {
  return Math.round(amount * MILLION);
}

/** The amount of whole millionths. */
export function fromMillionths(millionths: number): number {
  return millionths / MILLION;
}

/** What one thing is called in shortfalls and changes: `parcel:<id>`, or a factor's own name. */
export function parcelName(parcelId: string): string {
  return `parcel:${parcelId}`;
}

/** Amounts by name (`parcel:<id>` or a factor), in millionths; nothing that is 0. */
export function flatMillionths(amounts: HoldAmounts): ReadonlyMap<string, number> {
  const flat = new Map<string, number>();
  const add = (what: string, amount: number): void => {
    const millionths = toMillionths(amount);
    if (millionths !== 0) flat.set(what, (flat.get(what) ?? 0) + millionths);
  };
  for (const { parcelId, mu } of amounts.parcels) add(parcelName(parcelId), mu);
  for (const factor of FACTORS) add(factor, amounts.factors[factor] ?? 0);
  return flat;
}

/** Amounts as changes show them, e.g. `{'parcel:p1': 20, energyTce: 300}`. */
export function flatAmounts(amounts: HoldAmounts): Readonly<Record<string, number>> {
  return Object.fromEntries([...flatMillionths(amounts)].map(([what, value]) => [what, fromMillionths(value)]));
}

/** The same amounts in one form: each parcel once, by id; nothing that is 0; rounded to millionths. */
export function normalAmounts(amounts: HoldAmounts): HoldAmounts {
  const parcels = new Map<string, number>();
  for (const { parcelId, mu } of amounts.parcels) {
    parcels.set(parcelId, (parcels.get(parcelId) ?? 0) + toMillionths(mu));
  }
  const factors: Partial<Record<Factor, number>> = {};
  for (const factor of FACTORS) {
    const millionths = toMillionths(amounts.factors[factor] ?? 0);
    if (millionths !== 0) factors[factor] = fromMillionths(millionths);
  }
  return {
    parcels: [...parcels]
      .filter(([, millionths]) => millionths !== 0)
      .map(([parcelId, millionths]) => ({ parcelId, mu: fromMillionths(millionths) }))
      .sort((a, b) => (a.parcelId < b.parcelId ? -1 : 1)),
    factors,
  };
}

/** True if two holds ask for the same. */
export function sameAmounts(left: HoldAmounts, right: HoldAmounts): boolean {
  const [a, b] = [flatMillionths(left), flatMillionths(right)];
  return a.size === b.size && [...a].every(([what, millionths]) => b.get(what) === millionths);
}

/** What is held at a moment, by name, in millionths. A hold counts until `until`; `exceptHoldId` is left out. */
export function heldMillionths(
  capacity: Pick<ParkCapacity, 'holds'>,
  now: string,
  exceptHoldId?: string,
): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const hold of capacity.holds) {
    if (hold.until <= now || hold.id === exceptHoldId) continue;
    for (const [what, millionths] of flatMillionths(hold.amounts)) {
      held.set(what, (held.get(what) ?? 0) + millionths);
    }
  }
  return held;
}
