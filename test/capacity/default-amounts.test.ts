import { describe, expect, it } from 'vitest';
import { shortfalls } from '../../src/capacity/available.js';
import { defaultAmounts } from '../../src/capacity/default-amounts.js';
import { EMPTY_CAPACITY, type HoldAmounts } from '../../src/domain/hold.js';
import type { Park } from '../../src/domain/park.js';
import { DAY, known, tinyNeed, tinyPark } from '../matching/tiny.js';

const NOW = '2026-03-01T08:00:00.000Z';
const parcel = (id: string, areaMu: number) => ({ id, areaMu, availableFrom: DAY });
const park = tinyPark('p1', {
  parcels: [parcel('large', 100), parcel('small', 30), parcel('middle', 50)],
  factors: { energyTce: known(500), codT: known(1), noxT: known(null), workshopM2: known(900) },
});

function held(amounts: HoldAmounts): Park {
  const hold = {
    ...{ id: 'h', leadId: 'l', kind: 'soft' as const, amounts, placedAt: NOW, until: '2027-01-01T00:00:00.000Z' },
    ...{ expiringToldAt: null, extensions: [] },
  };
  return { ...park, capacity: { ...EMPTY_CAPACITY, version: 1, holds: [hold] } };
}

const land = (minMu: number, ...phases: number[]) =>
  tinyNeed({ land: { minMu, phases: phases.map((mu) => ({ mu, by: '2027-01-01' })) } });
const parcels = (need: ReturnType<typeof tinyNeed>, at = park) => defaultAmounts(need, at, NOW).parcels;

describe('what a need asks a park for', () => {
  it('is its least land on the smallest parcel that has room for it', () => {
    expect(parcels(land(40))).toEqual([{ parcelId: 'middle', mu: 40 }]);
    expect(parcels(land(30))).toEqual([{ parcelId: 'small', mu: 30 }]);
    const taken = held({ parcels: [{ parcelId: 'middle', mu: 10.5 }], factors: {} });
    expect(parcels(land(40), taken)).toEqual([{ parcelId: 'large', mu: 40 }]);
    expect(parcels(land(39.5), taken)).toEqual([{ parcelId: 'middle', mu: 39.5 }]);
    expect(parcels(tinyNeed())).toEqual([]);
  });

  it('is each phase on a parcel of its own or the rest of one, the largest first', () => {
    expect(parcels(land(60, 20, 40))).toEqual([
      { parcelId: 'middle', mu: 40 },
      { parcelId: 'small', mu: 20 },
    ]);
    expect(parcels(land(80, 10, 20, 50))).toEqual([
      { parcelId: 'middle', mu: 50 },
      { parcelId: 'small', mu: 30 },
    ]);
    // What the phases leave of the least land comes with the first.
    expect(parcels(land(70, 20, 40))).toEqual([
      { parcelId: 'middle', mu: 40 },
      { parcelId: 'small', mu: 30 },
    ]);
  });

  it('is asked where it would fit were nothing held, so that the answer says what is lacking', () => {
    const taken = held({
      parcels: [
        { parcelId: 'large', mu: 50 },
        { parcelId: 'middle', mu: 1 },
      ],
      factors: {},
    });
    expect(parcels(land(90), taken)).toEqual([{ parcelId: 'large', mu: 90 }]);
    expect(shortfalls(taken, defaultAmounts(land(90), taken, NOW), NOW)).toMatchObject([{ asked: 90, free: 50 }]);
    expect(parcels(land(101))).toEqual([{ parcelId: 'large', mu: 101 }]);
    const bare = tinyPark('p1', { parcels: [] });
    expect(shortfalls(bare, defaultAmounts(land(10), bare, NOW), NOW)).toMatchObject([{ asked: 10, free: 0 }]);
  });

  it('is every factor it asks for and the park knows the stock of', () => {
    const need = tinyNeed({
      ...{ energyTce: 600, powerKva: 0, workshopM2: 200 },
      emissions: { codT: 0.5, noxT: 3 },
    });
    expect(defaultAmounts(need, park, NOW)).toEqual({
      parcels: [],
      factors: { energyTce: 600, codT: 0.5, workshopM2: 200 },
    });
  });
});
