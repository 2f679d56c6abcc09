import { describe, expect, it } from 'vitest';
import type { Park, ParkInventory } from '../../../src/domain/park.js';
import { factChanges } from '../../../src/matching/rematch/fact-changes.js';
import { madeParks, withInventory } from '../made.js';

const [made] = madeParks(1, 5);
if (made === undefined) throw new Error('no park made');
const park: Park = withInventory(made, {
  parcels: [
    { id: 'p1', areaMu: 100, availableFrom: '2026-03-01' },
    { id: 'p2', areaMu: 50, availableFrom: '2027-01-01' },
  ],
});
const { inventory } = park;
const { factors, landStandard } = inventory;
const told = (change: Partial<ParkInventory>) =>
  factChanges(park, withInventory(park, change)).map(({ fact, from, to }) => [fact, from, to]);

describe('factChanges', () => {
  it('tells stocks, prices, labour and standards with both ends', () => {
    const value = (fact: { readonly value: number | null }) => fact.value;
    expect(
      told({
        factors: { ...factors, energyTce: { ...factors.energyTce, value: 450 } },
        landPriceWanPerMu: { ...inventory.landPriceWanPerMu, value: 9.5 },
        labourAvailable: { ...inventory.labourAvailable, value: null },
        landStandard: { ...landStandard, taxPerMuWan: { ...landStandard.taxPerMuWan, value: 31 } },
      }),
    ).toEqual([
      ['energyTce', value(factors.energyTce), 450],
      ['landPriceWanPerMu', value(inventory.landPriceWanPerMu), 9.5],
      ['labourAvailable', value(inventory.labourAvailable), null],
      ['landStandard.taxPerMuWan', value(landStandard.taxPerMuWan), 31],
    ]);
  });

  it('tells parcels by id: area, day, come and gone, but not their order', () => {
    const [first, second] = park.inventory.parcels;
    if (first === undefined || second === undefined) throw new Error('two parcels');
    expect(told({ parcels: [second, first] })).toEqual([]);
    expect(
      told({
        parcels: [
          { ...first, areaMu: 80, availableFrom: '2026-06-01' },
          { id: 'p3', areaMu: 7, availableFrom: '2028-01-01' },
        ],
      }),
    ).toEqual([
      ['parcel:p1', 100, 80],
      ['parcel:p1.availableFrom', '2026-03-01', '2026-06-01'],
      ['parcel:p2', 50, null],
      ['parcel:p2.availableFrom', '2027-01-01', null],
      ['parcel:p3', null, 7],
      ['parcel:p3.availableFrom', null, '2028-01-01'],
    ]);
  });

  it('tells a basis only where a fact gains or loses the right to decide', () => {
    const basis = (to: 'confirmed' | 'unverified') => ({
      factors: { ...factors, codT: { ...factors.codT, basis: to } },
      provenance: { ...inventory.provenance, basis: to },
    });
    expect(told(basis('confirmed'))).toEqual([]);
    expect(told(basis('unverified'))).toEqual([
      ['codT.basis', 'sample', 'unverified'],
      ['parcels.basis', 'sample', 'unverified'],
    ]);
  });

  it('tells nothing of a newer day of the same facts', () => {
    expect(told({ provenance: { ...inventory.provenance, asOf: '2026-02-02' } })).toEqual([]);
  });

  it('tells a park that came or went as one change', () => {
    const change = { kind: 'park', parkId: park.id, fact: 'park' };
    expect(factChanges(null, park)).toEqual([{ ...change, from: null, to: park.id }]);
    expect(factChanges(park, null)).toEqual([{ ...change, from: park.id, to: null }]);
    expect(factChanges(null, null)).toEqual([]);
  });
});
