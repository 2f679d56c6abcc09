import { FACTORS } from '../../domain/factors.js';
import type { Fact, Park, ParkInventory } from '../../domain/park.js';
import type { FactChange } from '../../domain/rematch.js';

/** Every single fact of an inventory by its name, in the order of reports. */
function namedFacts({
  factors,
  landPriceWanPerMu,
  workshopRentYuanPerM2Month,
  wageYuanPerMonth,
  labourAvailable,
  landStandard,
}: ParkInventory): ReadonlyMap<string, Fact> {
  return new Map<string, Fact>([
    ...FACTORS.map((factor) => [factor, factors[factor]] as const),
    ['landPriceWanPerMu', landPriceWanPerMu],
    ['workshopRentYuanPerM2Month', workshopRentYuanPerM2Month],
    ['wageYuanPerMonth', wageYuanPerMonth],
    ['labourAvailable', labourAvailable],
    ['landStandard.investPerMuWan', landStandard.investPerMuWan],
    ['landStandard.taxPerMuWan', landStandard.taxPerMuWan],
    ['landStandard.energyPerValueAddedTce', landStandard.energyPerValueAddedTce],
    ['landStandard.plotRatio', landStandard.plotRatio],
  ]);
}

type Value = FactChange['from'];

/** The parcels as facts: the area of each, and the day it opens. */
function parcelFacts({ parcels }: ParkInventory): ReadonlyMap<string, Value> {
  return new Map(
    parcels.flatMap(({ id, areaMu, availableFrom }): [string, Value][] => [
      [`parcel:${id}`, areaMu],
      [`parcel:${id}.availableFrom`, availableFrom],
    ]),
  );
}

/** Values as they are, then `<fact>.basis` where it decides otherwise than before. */
function values(inventory: ParkInventory): ReadonlyMap<string, Value> {
  const facts = [...namedFacts(inventory)];
  return new Map<string, Value>([
    ...facts.map(([name, { value }]) => [name, value] as const),
    ...parcelFacts(inventory),
    ...facts.map(([name, { basis }]) => [`${name}.basis`, basis] as const),
    ['parcels.basis', inventory.provenance.basis],
  ]);
}

const decides = (basis: Value) => basis !== 'unverified';

function sameValue(name: string, from: Value, to: Value): boolean {
  return from === to || (name.endsWith('.basis') && decides(from) === decides(to));
}

/**
 * What changed between two states of a park, of the facts an answer can rest on: stocks, parcels (`parcel:<id>` in mu and
 * `parcel:<id>.availableFrom`), prices, labour, land standards, and `<fact>.basis` where a basis gains or loses the right
 * to decide a gate. Give parks as available (inventory less holds). A whole park that came or went is one change of the
 * fact `park`, from or to its id.
 * @param before null: there was no such park.
 * @param after null: there is none any more.
 */
export function factChanges(before: Park | null, after: Park | null): readonly FactChange[] {
  const parkId = (after ?? before)?.id ?? null;
  const change = (fact: string, from: Value, to: Value): FactChange => ({ kind: 'park', parkId, fact, from, to });
  if (before === null || after === null) {
    return before === after ? [] : [change('park', before?.id ?? null, after?.id ?? null)];
  }
  if (before.inventory === after.inventory) return [];
  const [was, is] = [values(before.inventory), values(after.inventory)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((fact) => {
    const [from, to] = [was.get(fact) ?? null, is.get(fact) ?? null];
    return sameValue(fact, from, to) ? [] : [change(fact, from, to)];
  });
}
