import type { FieldIssue } from '../domain/errors.js';
import { FACTOR_UNITS, FACTORS, type Factor } from '../domain/factors.js';
import type { CapacityShortfall, HoldAmounts, ParkCapacity } from '../domain/hold.js';
import type { Fact, Park, ParkInventory } from '../domain/park.js';
import { flatMillionths, fromMillionths, heldMillionths, parcelName, toMillionths } from './amounts.js';

/** What is left of a stock; never below 0, which an inventory recorded before this rule could give. */
function left(stock: number, held: number): number {
  return held === 0 ? stock : fromMillionths(Math.max(0, toMillionths(stock) - held));
}

/**
 * What a park can still give: its inventory without what is held at the moment. Parcels lose the mu held and are left
 * out where nothing of them is left; factors are reduced where their stock is known. The very same object where nothing
 * is held.
 */
export function availableInventory(park: Pick<Park, 'inventory' | 'capacity'>, now: string): ParkInventory {
  const { inventory, capacity } = park;
  const held = heldMillionths(capacity, now);
  if (held.size === 0) return inventory;
  const free = (factor: Factor): Fact => {
    const fact = inventory.factors[factor];
    const taken = held.get(factor) ?? 0;
    return fact.value === null || taken === 0 ? fact : { ...fact, value: left(fact.value, taken) };
  };
  return {
    ...inventory,
    parcels: inventory.parcels.flatMap((parcel) => {
      const taken = held.get(parcelName(parcel.id)) ?? 0;
      if (taken === 0) return [parcel];
      const areaMu = left(parcel.areaMu, taken);
      return areaMu === 0 ? [] : [{ ...parcel, areaMu }];
    }),
    factors: Object.fromEntries(FACTORS.map((factor) => [factor, free(factor)])) as Record<Factor, Fact>,
  };
}

/** The stock of a named thing: 0 for a parcel the park has not got, null where nobody knows. */
function stockOf(inventory: ParkInventory, what: string): number | null {
  const factor = FACTORS.find((name) => name === what);
  if (factor !== undefined) return inventory.factors[factor].value;
  return inventory.parcels.find(({ id }) => parcelName(id) === what)?.areaMu ?? 0;
}

const unitOf = (what: string): string => {
  const factor = FACTORS.find((name) => name === what);
  return factor === undefined ? 'mu' : FACTOR_UNITS[factor];
};

/**
 * What a hold of these amounts would lack at the moment; empty if it fits. Stock nobody knows is lacking (`free: null`).
 * @param exceptHoldId a hold that would be replaced, and so does not count.
 */
export function shortfalls(
  park: Pick<Park, 'inventory' | 'capacity'>,
  amounts: HoldAmounts,
  now: string,
  exceptHoldId?: string,
): readonly CapacityShortfall[] {
  const held = heldMillionths(park.capacity, now, exceptHoldId);
  return [...flatMillionths(amounts)].flatMap(([what, asked]): readonly CapacityShortfall[] => {
    const stock = stockOf(park.inventory, what);
    const free = stock === null ? null : Math.max(0, toMillionths(stock) - (held.get(what) ?? 0));
    if (free !== null && asked <= free) return [];
    return [
      {
        what,
        asked: fromMillionths(asked),
        free: free === null ? null : fromMillionths(free),
        unit: unitOf(what),
      },
    ];
  });
}

/** Shortfalls as issues of a request: `amounts.<what>`, `capacityShort` with what is free, or `unknownStock`. */
export function shortfallIssues(short: readonly CapacityShortfall[]): readonly FieldIssue[] {
  return short.map(({ what, asked, free }) => {
    const field = `amounts.${what}`;
    return free === null
      ? { field, code: 'unknownStock', value: asked }
      : { field, code: 'capacityShort', value: asked, limit: free };
  });
}

/** Fields of an inventory that state less than is held of them: `belowHeld`, with what is held as the limit. */
export function belowHeld(
  inventory: ParkInventory,
  capacity: Pick<ParkCapacity, 'holds'>,
  now: string,
): readonly FieldIssue[] {
  return [...heldMillionths(capacity, now)].flatMap(([what, held]): readonly FieldIssue[] => {
    const stock = stockOf(inventory, what);
    if (stock !== null && toMillionths(stock) >= held) return [];
    const row = inventory.parcels.findIndex(({ id }) => parcelName(id) === what);
    const isFactor = FACTORS.some((factor) => factor === what);
    const field = isFactor ? `factors.${what}` : row < 0 ? 'parcels' : `parcels[${row}].areaMu`;
    return [{ field, code: 'belowHeld', value: stock, limit: fromMillionths(held) }];
  });
}

/** Stock, held and free of one thing, for the capacity page. */
export function balanceOf(
  park: Pick<Park, 'inventory' | 'capacity'>,
  now: string,
): (what: string) => { readonly stock: number | null; readonly held: number; readonly free: number | null } {
  const held = heldMillionths(park.capacity, now);
  return (what) => {
    const stock = stockOf(park.inventory, what);
    const taken = held.get(what) ?? 0;
    return {
      stock,
      held: fromMillionths(taken),
      free: stock === null ? null : left(stock, taken),
    };
  };
}
