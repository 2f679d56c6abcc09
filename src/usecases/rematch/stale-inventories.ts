import { SYSTEM_CALLER } from '../../domain/access.js';
import { FACTORS } from '../../domain/factors.js';
import type { Fact, Park, ParkInventory } from '../../domain/park.js';
import type { IsoDate } from '../../domain/provenance.js';
import { dayNumber } from '../../domain/units.js';
import type { Clock } from '../../ports/clock.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { ParkStore } from '../../ports/park-store.js';
import { changeBy } from '../leads/lead-changes.js';

/** Days of the facts that count as doubtful once they are old, by name: the parcels', and those of each known number. */
function datedFacts(inventory: ParkInventory): readonly (readonly [string, IsoDate])[] {
  const { factors, landPriceWanPerMu, workshopRentYuanPerM2Month, wageYuanPerMonth, labourAvailable } = inventory;
  const facts: readonly (readonly [string, Fact])[] = [
    ...FACTORS.map((factor) => [factor, factors[factor]] as const),
    ...Object.entries({ landPriceWanPerMu, workshopRentYuanPerM2Month, wageYuanPerMonth, labourAvailable }),
  ];
  const known = facts.filter(([, { value }]) => value !== null);
  return [['parcels', inventory.provenance.asOf], ...known.map(([name, { asOf }]) => [name, asOf] as const)];
}

async function raise(
  deps: { readonly parkStore: Pick<ParkStore, 'tellStale'>; readonly clock: Pick<Clock, 'now'> },
  { id, version, countyAdcode, inventory }: Park,
  staleAfterDays: number,
  today: IsoDate,
): Promise<boolean> {
  const stale = datedFacts(inventory).filter(([, asOf]) => dayNumber(today) - dayNumber(asOf) > staleAfterDays);
  if (stale.length === 0) return false;
  const change = changeBy(SYSTEM_CALLER, {
    type: 'park.inventory_stale',
    at: deps.clock.now(),
    object: { kind: 'park', id, version },
    chains: [countyAdcode],
    scheme: null,
    before: null,
    after: {
      version,
      oldestAsOf: stale.map(([, asOf]) => asOf).sort()[0] ?? null,
      staleAfterDays,
      staleFacts: stale.map(([name]) => name),
    },
  });
  // The version's own change has its plain id.
  return deps.parkStore.tellStale(id, version, [{ ...change, id: `${id}.s${version}` }]);
}

/**
 * Raises `park.inventory_stale` for each park with a fact older than `staleAfterDays`, once for each version of its
 * inventory. Several processes may do it at once.
 * @returns for how many parks it was raised.
 * @throws AppError `storeUnavailable`.
 */
export async function raiseStaleInventories(
  deps: {
    readonly parkStore: Pick<ParkStore, 'all' | 'tellStale'>;
    readonly changes: ChangeSignal;
    readonly clock: Pick<Clock, 'now'>;
  },
  staleAfterDays: number,
  today: IsoDate,
): Promise<number> {
  let raised = 0;
  for (const park of await deps.parkStore.all()) {
    if (!(await raise(deps, park, staleAfterDays, today))) continue;
    deps.changes.changed('park', park.id);
    raised += 1;
  }
  return raised;
}
