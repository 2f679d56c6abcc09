import { describe, expect, it } from 'vitest';
import type { Need } from '../../../src/domain/need.js';
import { M2_PER_MU } from '../../../src/domain/units.js';
import { HOST, known, matchTiny, tinyNeed, tinyPark, tinyReference, trusted } from '../tiny.js';
import { bestOf, COD_PRICE, combinationsOf, excludedOf } from './cases.js';

const parcel = (id: string, areaMu: number, availableFrom = '2025-06-01') => ({ id, areaMu, availableFrom });

/** A need of 100 mu with figures that meet every standard the test does not raise. */
function landNeed(change: Partial<Need> = {}): Need {
  return tinyNeed({ land: { minMu: 100 }, investWan: 20_000, taxWan: 2_000, floorAreaM2: 100 * M2_PER_MU, ...change });
}

const kinds = (combination: ReturnType<typeof bestOf>) => combination.actions.map(({ kind }) => kind);

describe('quota and use', () => {
  it('buys what is missing at the sourced price, and names the source', () => {
    const best = bestOf(tinyPark('p1', { factors: { codT: known(4) } }), tinyNeed({ emissions: { codT: 10 } }));
    expect(best).toMatchObject({ closesAll: true, costWan: 12, costUnknown: false, readyBy: null, open: [] });
    expect(best.actions).toEqual([
      { kind: 'buyDischargeRight', amount: 6, unit: 't/a', costWan: 12, date: null, ref: '价格公告', gates: ['codT'] },
    ]);
  });

  it('says that a cost is unknown where no source gives a price, and invents none', () => {
    const unsourced = { ...COD_PRICE, quota: 'energyTce' as const, priceWan: null };
    const later = { ...COD_PRICE, from: '2027-01-01' };
    const park = tinyPark('p1', { factors: { energyTce: known(6_500) } });
    const reference = tinyReference({ quotaPrices: [unsourced, later] });
    const need = tinyNeed({ energyTce: 8_000, emissions: { codT: 10, vocT: 1 } });
    const best = excludedOf(park, need, reference).remedy?.combinations[0];
    expect(best).toMatchObject({ closesAll: true, costWan: 0, costUnknown: true });
    expect(best?.actions.map(({ kind, amount, costWan }) => [kind, amount, costWan])).toEqual([
      ['buyEnergyRight', 1_500, null],
      ['buyDischargeRight', 10, null],
      ['buyDischargeRight', 1, null],
    ]);
    expect(best?.open).toEqual(['energyTce', 'codT', 'vocT'].map((gate) => ({ kind: 'unpriced', gate })));
  });

  it('uses less of what nobody sells, as an open step, down to half', () => {
    const park = tinyPark('p1', {
      factors: { powerKva: known(600), waterM3PerDay: known(499), workshopM2: known(500) },
    });
    const best = bestOf(park, tinyNeed({ powerKva: 1_000, waterM3PerDay: 1_000, workshopM2: 1_000 }));
    expect(best.actions.map(({ kind, amount, gates }) => [kind, amount, gates])).toEqual([
      ['cutUse', 600, ['powerKva']],
      ['cutUse', 500, ['workshopM2']],
    ]);
    expect(best).toMatchObject({ closesAll: false, costUnknown: true, costWan: 0 });
    expect(best.open).toEqual([
      { kind: 'gateStays', gate: 'waterM3PerDay' },
      { kind: 'unpriced', gate: 'powerKva' },
      { kind: 'unpriced', gate: 'workshopM2' },
    ]);
  });

  it('energy cut for the value-added standard needs that much less quota', () => {
    const park = tinyPark('p1', {
      factors: { energyTce: known(600) },
      landStandard: { energyPerValueAddedTce: known(0.5) },
    });
    const need = tinyNeed({ energyTce: 1_000, valueAddedWan: 1_500 });
    expect(bestOf(park, need).actions.map(({ kind, amount, gates }) => [kind, amount, gates])).toEqual([
      ['cutUse', 750, ['energyPerValueAdded']],
      ['buyEnergyRight', 150, ['energyTce']],
    ]);
    const lean = bestOf(park, { ...need, valueAddedWan: 1_100 });
    expect(lean.actions).toMatchObject([{ kind: 'cutUse', amount: 550, gates: ['energyPerValueAdded', 'energyTce'] }]);
    const tooDeep = bestOf(park, { ...need, valueAddedWan: 900 });
    expect(tooDeep.open).toContainEqual({ kind: 'gateStays', gate: 'energyPerValueAdded' });
    expect(tooDeep.actions).toMatchObject([{ kind: 'buyEnergyRight', amount: 400 }]);
  });
});

describe('less land', () => {
  const strict = { investPerMuWan: known(250), taxPerMuWan: known(25), plotRatio: known(1.6) };

  it('meets investment, tax, plot ratio and the parcel at one stroke, giving up no more than needed', () => {
    const park = tinyPark('p1', { parcels: [parcel('a', 75)], landStandard: strict });
    const [best, ...others] = combinationsOf(park, landNeed({ floorAreaM2: 66_000 }));
    // Plot ratio binds: 99 mu of floor over 1.6.
    expect(best?.actions).toEqual([
      {
        kind: 'takeLessLand',
        amount: 61.87,
        unit: 'mu',
        costWan: 0,
        date: null,
        ref: null,
        gates: ['land', 'investPerMu', 'taxPerMu', 'plotRatio'],
      },
    ]);
    expect(best).toMatchObject({ closesAll: true, landMu: 61.87, landGivenUpMu: 38.13, costWan: 0, landPlan: [] });
    expect(others).toEqual([]);
  });

  it('costs nothing, so it comes before raising investment, which is offered beside it', () => {
    const park = tinyPark('p1', { landStandard: { investPerMuWan: known(250) } });
    const [best, keep] = combinationsOf(park, landNeed());
    expect(best).toMatchObject({ landMu: 80, landGivenUpMu: 20, costWan: 0 });
    expect(keep?.actions).toMatchObject([{ kind: 'raiseInvestment', amount: 5_000, costWan: 5_000 }]);
    expect(keep).toMatchObject({ landMu: 100, landGivenUpMu: 0, costWan: 5_000, closesAll: true });
  });

  it('stops at half of the least land: then the rest of the investment is raised, but never more than doubled', () => {
    const [half] = combinationsOf(tinyPark('p1', { landStandard: { investPerMuWan: known(500) } }), landNeed());
    expect(half?.actions.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['takeLessLand', 50],
      ['raiseInvestment', 5_000],
    ]);
    const out = bestOf(tinyPark('p1', { landStandard: { investPerMuWan: known(801) } }), landNeed());
    expect(out).toMatchObject({ closesAll: false, open: [{ kind: 'gateStays', gate: 'investPerMu' }] });
    expect(kinds(out)).toEqual(['lookElsewhere']);
  });

  it('half of an odd area meets a standard by a hair without raising anything', () => {
    // 33.33 / 2 lies between two hundredths of a mu; what is promised is enough for just that much.
    const park = tinyPark('p1', { landStandard: { investPerMuWan: known(200) } });
    const best = bestOf(park, tinyNeed({ land: { minMu: 33.33 }, investWan: 3_333 }));
    expect(best).toMatchObject({ closesAll: true, costWan: 0, landMu: 16.665 });
    expect(best.actions).toMatchObject([{ kind: 'takeLessLand', gates: ['investPerMu'] }]);
  });

  it('a standard nothing can meet stays open while the other gates are closed', () => {
    const park = tinyPark('p1', { factors: { codT: known(1) }, landStandard: { taxPerMuWan: known(60) } });
    const best = bestOf(park, landNeed({ emissions: { codT: 2 } }));
    expect(best).toMatchObject({ closesAll: false, landMu: 100, open: [{ kind: 'gateStays', gate: 'taxPerMu' }] });
    expect(kinds(best)).toEqual(['buyDischargeRight']);
  });
});

describe('parcels and dates', () => {
  const dated = landNeed({ neededBy: '2026-06-30' });

  it('parts the land where that needs no waiting', () => {
    const park = tinyPark('p1', { parcels: [parcel('a', 70), parcel('b', 40), parcel('c', 200, '2028-01-01')] });
    const [best, ...others] = combinationsOf(park, landNeed({ neededBy: '2027-06-30' }));
    expect(others).toEqual([]);
    expect(best?.actions).toMatchObject([{ kind: 'splitOverParcels', amount: 2, ref: 'a,b', gates: ['date'] }]);
    expect(best).toMatchObject({ readyBy: null, landMu: 100, costWan: 0 });
    expect(best?.landPlan).toEqual([
      { parcelId: 'a', mu: 70, by: '2027-06-30' },
      { parcelId: 'b', mu: 30, by: '2027-06-30' },
    ]);
  });

  it('takes less land now, and offers beside it to begin smaller with the rest on a dated parcel', () => {
    const park = tinyPark('p1', { parcels: [parcel('a', 60), parcel('b', 90, '2027-03-01')] });
    const [best, keep] = combinationsOf(park, dated);
    expect(best).toMatchObject({ landMu: 60, readyBy: null });
    expect(keep).toMatchObject({ landMu: 100, readyBy: '2027-03-01', costWan: 0, closesAll: true });
    expect(keep?.actions).toMatchObject([
      { kind: 'smallerFirstPhase', amount: 60, unit: 'mu', date: '2026-06-30', ref: 'a', gates: ['land'] },
      { kind: 'waitForParcel', amount: 244, unit: 'day', date: '2027-03-01', ref: 'b' },
    ]);
    expect(keep?.landPlan).toEqual([
      { parcelId: 'a', mu: 60, by: '2026-06-30' },
      { parcelId: 'b', mu: 40, by: '2027-03-01' },
    ]);
  });

  it('waits for one parcel where too little is open in time', () => {
    const park = tinyPark('p1', { parcels: [parcel('a', 15), parcel('b', 120, '2026-12-31')] });
    const [best] = combinationsOf(park, dated);
    expect(best?.actions).toMatchObject([{ kind: 'waitForParcel', amount: 184, date: '2026-12-31', ref: 'b' }]);
    expect(best).toMatchObject({ readyBy: '2026-12-31', landMu: 100, landGivenUpMu: 0 });
  });

  it('says that land stays short where half of it can never be had', () => {
    const best = bestOf(tinyPark('p1', { parcels: [parcel('a', 49)] }), dated);
    expect(best.open).toEqual([{ kind: 'gateStays', gate: 'land' }]);
    expect(kinds(best)).toEqual(['lookElsewhere']);
  });

  it('keeps named phases in their order, parting what no parcel holds', () => {
    const park = tinyPark('p1', { parcels: [parcel('a', 50), parcel('b', 30), parcel('c', 30, '2026-09-01')] });
    const need = landNeed({
      land: {
        minMu: 100,
        phases: [
          { mu: 60, by: '2026-03-31' },
          { mu: 40, by: '2027-03-31' },
        ],
      },
    });
    const best = bestOf(park, need);
    expect(best).toMatchObject({ closesAll: true, readyBy: null, landMu: 100 });
    expect(best.landPlan.filter(({ by }) => by === '2026-03-31').reduce((sum, { mu }) => sum + mu, 0)).toBeCloseTo(60);
    expect(best.landPlan.reduce((sum, { mu }) => sum + mu, 0)).toBeCloseTo(100);
  });
});

describe('what nothing helps', () => {
  it.each([
    ['a ban', tinyReference({ accessRules: [ban('public')] }), {}, 'accessRule'],
    ['an excluded county', tinyReference(), { exclude: { counties: [HOST] } }, 'excludedCounty'],
  ] as const)('%s leaves looking elsewhere, whatever else fails', (_name, reference, change, gate) => {
    const { remedy } = excludedOf(tinyPark('p1'), landNeed({ ...change, emissions: { codT: 5 } }), reference);
    expect(remedy?.combinations).toHaveLength(1);
    expect(remedy?.combinations[0]).toMatchObject({
      closesAll: false,
      costWan: 0,
      actions: [{ kind: 'lookElsewhere' }],
    });
    expect(remedy?.combinations[0]?.open).toEqual([
      { kind: 'gateStays', gate },
      { kind: 'gateStays', gate: 'codT' },
    ]);
  });

  it('facts nobody knows are listed, and are no gate left shut', () => {
    const park = tinyPark('p1', { factors: { codT: known(1), powerKva: known(null) } });
    const best = bestOf(park, tinyNeed({ emissions: { codT: 2 }, powerKva: 100 }));
    expect(best).toMatchObject({ closesAll: true, open: [{ kind: 'unknownFact', gate: 'powerKva' }] });
  });
});

it('stands in a match result beside the failed gates', () => {
  const park = tinyPark('p1', { factors: { codT: known(4) } });
  const need = tinyNeed({ emissions: { codT: 10 } });
  const reference = tinyReference({ quotaPrices: [COD_PRICE] });
  expect(matchTiny([park], need, reference).excluded).toEqual([
    { ...excludedOf(park, need), ifMet: { gate: 'codT', score: expect.any(Number), rank: 1, status: 'eligible' } },
  ]);
});

function ban(basis: 'public') {
  const rule = { id: 'r1', level: 'ban', adcodes: [HOST], gbtPrefixes: ['3985'], text: '禁止' } as const;
  return { ...rule, provenance: trusted(basis) };
}
