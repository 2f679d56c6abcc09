import { describe, expect, it } from 'vitest';
import type { Fix, Gate } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Parcel } from '../../src/domain/park.js';
import { M2_PER_MU } from '../../src/domain/units.js';
import { DAY, gateOf, known, matchTiny, tinyNeed, tinyPark } from './tiny.js';

function way(kind: Fix['kind'], parts: Partial<Fix> = {}): Fix {
  return { kind, amount: null, unit: null, costWan: null, date: null, ref: null, ...parts };
}

/** Parcels by id, as [area, first day]. */
function parcels(given: Readonly<Record<string, readonly [number, string?]>>): Parcel[] {
  return Object.entries(given).map(([id, [areaMu, availableFrom = DAY]]) => ({ id, areaMu, availableFrom }));
}

/** Land always comes with a gate on investment; nothing is asked of it here. */
const wish = (land: Need['land'], more: Partial<Need> = {}) => tinyNeed({ land, ...more });
const inventory = { ref: null, basis: 'sample', asOf: '2025-10-01' };

function answer(gate: Gate, given: Parameters<typeof parcels>[0], need: Need) {
  return gateOf(matchTiny([tinyPark('p1', { parcels: parcels(given) })], need), gate);
}

describe('land gate', () => {
  const first = (amount: number, ref: string, date = DAY) =>
    way('smallerFirstPhase', { amount, unit: 'mu', date, ref });
  const hundred = wish({ minMu: 100, idealMu: 120 });
  const phased = wish({
    minMu: 100,
    phases: [
      { mu: 60, by: '2026-06-30' },
      { mu: 40, by: '2027-06-30' },
    ],
  });

  it.each<[string, Parameters<typeof parcels>[0], Need, number]>([
    ['one parcel of the size', { a: [100] }, hundred, 100],
    ['a parcel that opens late, no day being asked', { a: [100, '2040-01-01'] }, hundred, 100],
    ['one parcel for both phases', { a: [100], b: [5] }, phased, 105],
    ['a parcel for each phase', { a: [40], b: [60] }, phased, 100],
  ])('passes with %s', (_what, given, need, available) => {
    const passed = { gate: 'land', outcome: 'pass', required: 100, unit: 'mu', shortfall: null, fixes: [] };
    expect(answer('land', given, need)).toEqual({
      standing: 'eligible',
      report: { ...passed, available, ...inventory },
    });
  });

  it.each<[string, Parameters<typeof parcels>[0], Need, number, readonly Fix[]]>([
    ['one parcel too small', { a: [60.5] }, hundred, 60.5, [first(60.5, 'a')]],
    [
      'enough land in pieces',
      { a: [30], b: [60, '2026-05-01'], c: [20] },
      hundred,
      60,
      [way('splitOverParcels', { amount: 3, unit: 'parcel', ref: 'b,a,c' }), first(60, 'b', '2026-05-01')],
    ],
    ['no parcel', {}, hundred, 0, [way('lookElsewhere')]],
    // 60 mu fit on b, the other 40 on nothing: 39 mu are left of b and a has 30.
    ['phases that do not find a place', { a: [30], b: [99] }, phased, 60, [first(99, 'b')]],
  ])('fails with %s', (_what, given, need, available, fixes) => {
    const failed = { gate: 'land', outcome: 'fail', required: 100, unit: 'mu', shortfall: 100 - available };
    expect(answer('land', given, need)).toEqual({
      standing: 'excluded',
      report: { ...failed, available, fixes, ...inventory },
    });
  });
});

describe('date gate', () => {
  const byJune = wish({ minMu: 100 }, { neededBy: '2026-06-30' });
  const phased = wish({
    minMu: 100,
    phases: [
      { mu: 50, by: '2026-06-30' },
      { mu: 50, by: '2027-06-30' },
    ],
  });
  const wait = (amount: number, date: string) => way('waitForParcel', { amount, unit: 'day', date });

  it('passes where the land opens on the day it is needed', () => {
    expect(answer('date', { a: [100, '2026-06-30'] }, byJune)).toEqual({
      standing: 'eligible',
      report: {
        gate: 'date',
        outcome: 'pass',
        required: '2026-06-30',
        available: '2026-06-30',
        unit: 'date',
        shortfall: null,
        fixes: [],
        ...inventory,
      },
    });
  });

  it.each<[string, Parameters<typeof parcels>[0], Need, string, number, readonly Fix[]]>([
    ['ten days late', { a: [100, '2026-07-10'] }, byJune, '2026-07-10', 10, [wait(10, '2026-07-10')]],
    [
      'less land open in time',
      { a: [100, '2026-07-10'], b: [40, '2026-02-01'], c: [30] },
      byJune,
      '2026-07-10',
      10,
      [wait(10, '2026-07-10'), way('smallerFirstPhase', { amount: 40, unit: 'mu', date: '2026-02-01', ref: 'b' })],
    ],
    // The second parcel opens five days after the second phase must begin: both phases move by five days.
    [
      'the second phase late',
      { a: [50], b: [50, '2027-07-05'] },
      phased,
      '2026-07-05',
      5,
      [wait(5, '2026-07-05'), way('smallerFirstPhase', { amount: 50, unit: 'mu', date: DAY, ref: 'a' })],
    ],
  ])('fails with %s', (_what, given, need, available, shortfall, fixes) => {
    const result = answer('date', given, need);
    expect(result).toEqual({
      standing: 'excluded',
      report: {
        gate: 'date',
        outcome: 'fail',
        required: '2026-06-30',
        available,
        unit: 'date',
        shortfall,
        fixes,
        ...inventory,
      },
    });
    expect(answer('land', given, need).report).toBeUndefined();
  });

  it('is not asked without a day, nor where the land is too small at any time', () => {
    expect(answer('date', { a: [100] }, wish({ minMu: 100 })).report).toBeUndefined();
    expect(answer('date', { a: [99, '2030-01-01'] }, byJune).report).toBeUndefined();
  });
});

describe('land-standard gates', () => {
  const STANDARD = {
    investPerMu: 'investPerMuWan',
    taxPerMu: 'taxPerMuWan',
    energyPerValueAdded: 'energyPerValueAddedTce',
    plotRatio: 'plotRatio',
  } as const;

  const cases = [
    {
      gate: 'investPerMu' as const,
      need: wish({ minMu: 100 }, { investWan: 90_000, fixedInvestWan: 20_000 }),
      offered: 200,
      threshold: 250,
      shortfall: 50,
      unit: 'wan/mu',
      fixes: [
        way('takeLessLand', { amount: 80, unit: 'mu', costWan: 0 }),
        way('raiseInvestment', { amount: 5_000, unit: 'wan', costWan: 5_000 }),
      ],
    },
    {
      gate: 'taxPerMu' as const,
      need: wish({ minMu: 100 }, { taxWan: 1_000 }),
      offered: 10,
      threshold: 15,
      shortfall: 5,
      unit: 'wan/mu/a',
      // 1,000 / 15 = 66.666…, rounded down so that the standard is met.
      fixes: [way('takeLessLand', { amount: 66.66, unit: 'mu', costWan: 0 })],
    },
    {
      gate: 'energyPerValueAdded' as const,
      need: tinyNeed({ energyTce: 523, valueAddedWan: 1_000 }),
      offered: 0.523,
      threshold: 0.52,
      shortfall: 0.003,
      unit: 'tce/wan',
      fixes: [way('cutUse', { amount: 0.52, unit: 'tce/wan' })],
    },
    {
      gate: 'plotRatio' as const,
      need: wish({ minMu: 100 }, { floorAreaM2: 90 * M2_PER_MU }),
      offered: 0.9,
      threshold: 1.2,
      shortfall: 0.3,
      unit: 'ratio',
      fixes: [way('takeLessLand', { amount: 75, unit: 'mu', costWan: 0 })],
    },
  ];

  describe.each(cases)('$gate', ({ gate, need, offered, threshold, shortfall, unit, fixes }) => {
    const stand = (value: number | null, basis: 'sample' | 'unverified') =>
      gateOf(
        matchTiny(
          [
            tinyPark('p1', {
              factors: { energyTce: known(1_000) },
              landStandard: { [STANDARD[gate]]: known(value, basis) },
            }),
          ],
          need,
        ),
        gate,
      );
    const fact = { ref: null, asOf: '2025-11-01', unit, available: offered };

    it('passes where the project offers exactly what the park asks', () => {
      expect(stand(offered, 'sample')).toEqual({
        standing: 'eligible',
        report: { gate, outcome: 'pass', required: offered, shortfall: null, basis: 'sample', fixes: [], ...fact },
      });
    });

    it('fails where it offers less, and says what to do', () => {
      expect(stand(threshold, 'sample')).toEqual({
        standing: 'excluded',
        report: { gate, outcome: 'fail', required: threshold, shortfall, basis: 'sample', fixes, ...fact },
      });
    });

    it('cannot answer where the threshold is unknown or unverified', () => {
      const open = { gate, outcome: 'unknown', fixes: [way('confirmFact', { ref: gate })], ...fact };
      expect(stand(null, 'sample')).toEqual({
        standing: 'conditional',
        report: { ...open, required: null, shortfall: null, basis: 'sample' },
      });
      expect(stand(threshold, 'unverified')).toEqual({
        standing: 'conditional',
        report: { ...open, required: threshold, shortfall, basis: 'unverified' },
      });
    });
  });

  it('reads total investment where no fixed investment is given', () => {
    const park = tinyPark('p1', { landStandard: { investPerMuWan: known(250) } });
    const need = (investWan: number) => wish({ minMu: 100 }, { investWan });
    expect(gateOf(matchTiny([park], need(25_000)), 'investPerMu').report?.outcome).toBe('pass');
    expect(gateOf(matchTiny([park], need(24_999)), 'investPerMu').report).toMatchObject({
      outcome: 'fail',
      available: 249.99,
      shortfall: 0.01,
    });
  });

  it('gives the land a promise is enough for to the hundredth, and none for no promise', () => {
    const park = tinyPark('p1', { landStandard: { investPerMuWan: known(150), taxPerMuWan: known(20) } });
    const result = matchTiny([park], wish({ minMu: 21 }, { investWan: 2_835, taxWan: 0 }));
    // 2,835 / 150 = 18.9 mu, which 2,835 / 21 x 21 / 150 misses in binary.
    expect(gateOf(result, 'investPerMu').report?.fixes[0]).toMatchObject({ kind: 'takeLessLand', amount: 18.9 });
    expect(gateOf(result, 'taxPerMu').report?.fixes).toEqual([way('lookElsewhere')]);
  });

  it('asks nothing per mu of a need without land', () => {
    const strict = { investPerMuWan: known(300), taxPerMuWan: known(20), plotRatio: known(2) };
    const result = matchTiny([tinyPark('p1', { landStandard: strict })], tinyNeed({ taxWan: 0, floorAreaM2: 1 }));
    expect(result.ranked[0]?.gates.map(({ gate }) => gate)).toEqual(['accessRule']);
  });
});
