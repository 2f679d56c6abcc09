import { describe, expect, it } from 'vitest';
import type { Criterion } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Park } from '../../src/domain/park.js';
import type { ReferenceData } from '../../src/domain/reference.js';
import { isoDate } from '../../src/domain/units.js';
import {
  DAY,
  HOST,
  known,
  matchTiny,
  ORIGIN,
  OTHER_HOST,
  presence,
  tinyChain,
  tinyCounty,
  tinyLink,
  tinyNeed,
  tinyPark,
  tinyReference,
  trusted,
} from './tiny.js';

const TODAY_NUMBER = 20_454;

/** The utility of a criterion for the park `p1`, rounded to nine decimals. */
function utility(
  criterion: Criterion,
  park: Park,
  need: Need,
  reference: ReferenceData = tinyReference(),
  text: Readonly<Record<string, number>> = {},
): number | undefined {
  const found = matchTiny([park], need, reference, text).ranked[0]?.contributions.find(
    (part) => part.criterion === criterion,
  )?.utility;
  return found === undefined ? undefined : Math.round(found * 1e9) / 1e9;
}

const land = (minMu: number, more: Partial<Need['land']> = {}) => tinyNeed({ land: { minMu, ...more } });
const pieces = (...areas: number[]) =>
  tinyPark('p1', { parcels: areas.map((areaMu, index) => ({ id: `a${index}`, areaMu, availableFrom: DAY })) });

describe('landHeadroom: all usable land over the wish, from once (0) to four times (1)', () => {
  it.each([
    [[50], 0],
    [[50, 75], 0.5],
    [[50, 150], 1],
    [[400], 1],
  ])('parcels %j are worth %d for 50 mu', (areas, worth) => {
    expect(utility('landHeadroom', pieces(...areas), land(50))).toBe(worth);
  });

  it('measures against the ideal area where one is given', () => {
    expect(utility('landHeadroom', pieces(100), land(50, { idealMu: 100 }))).toBe(0);
    expect(utility('landHeadroom', pieces(80), land(50, { idealMu: 100 }))).toBe(0);
  });

  it('leaves out land that opens after the last day it is needed', () => {
    const park = tinyPark('p1', {
      parcels: [
        { id: 'a', areaMu: 50, availableFrom: DAY },
        { id: 'b', areaMu: 75, availableFrom: '2027-01-01' },
      ],
    });
    expect(utility('landHeadroom', park, { ...land(50), neededBy: '2027-01-01' })).toBe(0.5);
    expect(utility('landHeadroom', park, { ...land(50), neededBy: '2026-12-31' })).toBe(0);
  });
});

describe('parcelFit: the best parcel over the wish, best at 1, nothing at 4', () => {
  it.each([
    [50, 0.5],
    [100, 1],
    [250, 0.5],
    [400, 0],
    [900, 0],
  ])('a parcel of %d mu is worth %d for 50 to 100 mu', (area, worth) => {
    expect(utility('parcelFit', pieces(area), land(50, { idealMu: 100 }))).toBe(worth);
  });

  it('takes the parcel that fits best', () => {
    expect(utility('parcelFit', pieces(250, 80, 20), land(50, { idealMu: 100 }))).toBe(0.8);
  });

  it('is worth 0.2 where phases must be put on several parcels', () => {
    const phases = [1, 2].map((year) => ({ mu: 50, by: `202${6 + year}-01-01` }));
    expect(utility('parcelFit', pieces(50, 50), land(100, { phases }))).toBe(0.2);
    expect(utility('parcelFit', pieces(100), land(100, { phases }))).toBe(1);
  });
});

describe('energyHeadroom: free quota over need, from once (0) to five times (1)', () => {
  it.each([
    [100, 0],
    [300, 0.5],
    [500, 1],
    [9_000, 1],
    [null, 0],
  ])('a quota of %s is worth %d for 100', (value, worth) => {
    const park = tinyPark('p1', { factors: { energyTce: known(value) } });
    expect(utility('energyHeadroom', park, tinyNeed({ energyTce: 100 }))).toBe(worth);
  });
});

describe('envHeadroom: the scarcest pollutant, from once (0) to five times (1)', () => {
  const need = tinyNeed({ emissions: { codT: 10, vocT: 5 } });

  it.each([
    [10, 25, 0],
    [30, 20, 0.5],
    [50, 15, 0.5],
    [50, 25, 1],
    [90, 90, 1],
    [null, 25, 0],
  ])('COD %s and VOC %s are worth %d', (cod, voc, worth) => {
    const park = tinyPark('p1', { factors: { codT: known(cod), vocT: known(voc) } });
    expect(utility('envHeadroom', park, need)).toBe(worth);
  });
});

describe('siteCost', () => {
  const price = (wan: number | null, rent: number | null = 10) =>
    tinyPark('p1', {
      landPriceWanPerMu: known(wan),
      workshopRentYuanPerM2Month: known(rent),
      factors: { workshopM2: known(1_000) },
    });

  it.each([
    [50, 0],
    [40, 0],
    [22.5, 0.5],
    [5, 1],
    [1, 1],
    [null, 0],
  ])('a land price of %s wan per mu is worth %d', (wan, worth) => {
    expect(utility('siteCost', price(wan), land(50))).toBe(worth);
  });

  it.each([
    [35, 0],
    [30, 0],
    [17.5, 0.5],
    [5, 1],
    [2, 1],
    [null, 0],
  ])('a rent of %s yuan is worth %d where only workshops are asked for', (rent, worth) => {
    expect(utility('siteCost', price(40, rent), tinyNeed({ workshopM2: 100 }))).toBe(worth);
  });

  it('is the mean of both where both are asked for', () => {
    expect(utility('siteCost', price(22.5, 5), { ...land(50), workshopM2: 100 })).toBe(0.75);
  });

  it('is silent where neither is', () => {
    expect(utility('siteCost', price(5, 5), tinyNeed())).toBeUndefined();
    expect(utility('siteCost', price(5, 5), tinyNeed({ workshopM2: 0 }))).toBeUndefined();
  });
});

describe('wageCost, labour and time', () => {
  it.each([
    [9_500, 0],
    [9_000, 0],
    [6_500, 0.5],
    [4_000, 1],
    [3_000, 1],
    [null, 0],
  ])('a wage of %s yuan is worth %d', (wage, worth) => {
    expect(utility('wageCost', tinyPark('p1', { wageYuanPerMonth: known(wage) }), tinyNeed())).toBe(worth);
  });

  it.each([
    [50, 0],
    [100, 0],
    [550, 0.5],
    [1_000, 1],
    [5_000, 1],
    [null, 0],
  ])('%s people to be had are worth %d for 100 workers', (people, worth) => {
    const park = tinyPark('p1', { labourAvailable: known(people) });
    expect(utility('labour', park, tinyNeed({ workers: 100 }))).toBe(worth);
  });

  it.each([
    [-400, 1],
    [0, 1],
    [219, 0.8],
    [1_095, 0],
    [3_000, 0],
  ])('land that opens in %d days is worth %d', (days, worth) => {
    const parcels = [{ id: 'a', areaMu: 50, availableFrom: isoDate(TODAY_NUMBER + days) }];
    expect(utility('time', tinyPark('p1', { parcels }), land(50))).toBe(worth);
  });

  it('counts the days to the first parcel that holds the first phase', () => {
    const park = tinyPark('p1', {
      parcels: [
        { id: 'small', areaMu: 20, availableFrom: DAY },
        { id: 'first', areaMu: 50, availableFrom: isoDate(TODAY_NUMBER + 219) },
        { id: 'later', areaMu: 50, availableFrom: isoDate(TODAY_NUMBER + 600) },
      ],
    });
    const phases = [1, 2].map((year) => ({ mu: 50, by: `202${7 + year}-01-01` }));
    expect(utility('time', park, land(100, { phases }))).toBe(0.8);
  });
});

describe('chainFit and textSimilarity', () => {
  const reference = (strength: number) =>
    tinyReference({
      chains: [tinyChain('c', [tinyLink('l', ['3985'])])],
      presences: [presence('l', strength, { parkId: 'p1' })],
    });

  it.each([
    [0, 0],
    [0.5, 0.4],
    [1, 0.8],
  ])('a lone link of strength %d is worth %d', (strength, worth) => {
    expect(utility('chainFit', tinyPark('p1'), tinyNeed(), reference(strength))).toBe(worth);
  });

  it('chainFit is silent for a need that is on no link', () => {
    expect(utility('chainFit', tinyPark('p1'), tinyNeed({ gbt: '2912' }), reference(1))).toBeUndefined();
  });

  it.each([0, 0.37, 1])('a likeness of %d to the county is worth itself', (likeness) => {
    const text = { [HOST]: likeness, [OTHER_HOST]: 0.5 };
    expect(utility('textSimilarity', tinyPark('p1'), tinyNeed(), tinyReference(), text)).toBe(likeness);
  });

  it('textSimilarity is silent where the words are like no county', () => {
    expect(utility('textSimilarity', tinyPark('p1'), tinyNeed())).toBeUndefined();
  });
});

describe('pairing and distance', () => {
  const paired = (from: string, to: string | null, sourceAdcode = ORIGIN, hostAdcode = HOST) =>
    tinyReference({ pairings: [{ id: 'x', scheme: 's', sourceAdcode, hostAdcode, from, to, provenance: trusted() }] });

  it.each([
    ['in force', paired('2023-01-01', null), 1],
    ['on its first day', paired(DAY, null), 1],
    ['on its last day', paired('2023-01-01', DAY), 1],
    ['ended the day before', paired('2023-01-01', '2025-12-31'), 0],
    ['beginning tomorrow', paired('2026-01-02', null), 0],
    ['the other way round', paired('2023-01-01', null, HOST, ORIGIN), 0],
    ['with another county', paired('2023-01-01', null, ORIGIN, OTHER_HOST), 0],
  ])('a pairing %s', (_what, reference, worth) => {
    expect(utility('pairing', tinyPark('p1'), tinyNeed(), reference)).toBe(worth);
  });

  /** Degrees along a meridian for a distance on a sphere with the mean radius of the earth. */
  const degrees = (km: number) => (km / 6_371.0088) * (180 / Math.PI);

  it.each([
    [0, 1],
    [200, 0.5],
    [400, 0],
    [700, 0],
  ])('%d km are worth %d', (km, worth) => {
    const reference = tinyReference({ counties: [tinyCounty(ORIGIN, 26), tinyCounty(HOST, 26 + degrees(km))] });
    expect(utility('distance', tinyPark('p1'), tinyNeed(), reference)).toBeCloseTo(worth, 8);
  });
});
