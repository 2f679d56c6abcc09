import { EMPTY_CAPACITY, type Hold } from '../../src/domain/hold.js';
import type { Fact, Park, ParkInventory } from '../../src/domain/park.js';

/** A kind of fact change: what becomes of the inventory, or of the holds. */
export interface FactEdit {
  readonly name: string;
  inventory?(inventory: ParkInventory, random: () => number): ParkInventory;
  holds?(park: Park, number: number, at: string): readonly Hold[];
}

const scaled = (fact: Fact, by: number): Fact => ({
  ...fact,
  value: fact.value === null ? 1_000 : Math.round(fact.value * by * 100) / 100,
});
const less = (fact: Fact, by: number): Fact => ({ ...fact, value: Math.max(0, Math.round((fact.value ?? by) - by)) });
const around = (random: () => number, width: number): number => 1 - width / 2 + random() * width;

/** What people and jobs do to parks: small corrections, spent quota, sold land, prices, standards, holds. */
export const FACT_EDITS: readonly FactEdit[] = [
  {
    // By a project of ordinary size.
    name: 'energy quota spent',
    inventory: (inventory, random) => ({
      ...inventory,
      factors: { ...inventory.factors, energyTce: less(inventory.factors.energyTce, 200 + random() * 2_800) },
    }),
  },
  {
    name: 'land price',
    inventory: (inventory, random) => ({
      ...inventory,
      landPriceWanPerMu: scaled(inventory.landPriceWanPerMu, around(random, 0.2)),
    }),
  },
  {
    name: 'parcel sold',
    inventory: (inventory) => ({ ...inventory, parcels: inventory.parcels.slice(1) }),
  },
  {
    name: 'discharge rights bought',
    inventory: (inventory, random) => ({
      ...inventory,
      factors: { ...inventory.factors, codT: scaled(inventory.factors.codT, around(random, 0.3) + 0.2) },
    }),
  },
  {
    name: 'tax standard',
    inventory: (inventory, random) => ({
      ...inventory,
      landStandard: {
        ...inventory.landStandard,
        taxPerMuWan: scaled(inventory.landStandard.taxPerMuWan, around(random, 0.2)),
      },
    }),
  },
  {
    name: 'labour counted anew',
    inventory: (inventory, random) => ({
      ...inventory,
      labourAvailable: scaled(inventory.labourAvailable, around(random, 0.4)),
    }),
  },
  {
    name: 'hold placed',
    holds: ({ capacity, inventory }, number, at) => [
      ...capacity.holds,
      {
        id: `hold_${number.toString(36).padStart(24, '0')}`,
        leadId: `lead_${number.toString(36).padStart(24, '0')}`,
        kind: 'soft',
        amounts: {
          parcels: inventory.parcels.slice(-1).map(({ id, areaMu }) => ({ parcelId: id, mu: Math.ceil(areaMu / 4) })),
          factors: { energyTce: 500 },
        },
        placedAt: at,
        until: '2999-01-01T00:00:00.000Z',
        expiringToldAt: null,
        extensions: [],
      },
    ],
  },
  { name: 'holds released', holds: () => EMPTY_CAPACITY.holds },
];
