import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchResult } from '../../../src/domain/match.js';
import type { Need } from '../../../src/domain/need.js';
import type { Fact, Park } from '../../../src/domain/park.js';
import { MATCH_DEFAULTS, matchNeed, prepareMatch } from '../../../src/matching/match.js';
import { labelOf } from '../../../src/matching/robustness/report.js';
import { runSmaa } from '../../../src/matching/robustness/smaa.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { madeNeed, madeParks, noText, snapshotOf } from '../made.js';
import { DAY, known, matchTiny, tinyNeed, tinyPark } from '../tiny.js';

const stamp = { needId: 'need_test', version: 1, generatedAt: '2026-01-01T00:00:00.000Z' };

function match(parks: readonly Park[], need: Need, staleAfterDays = 365, samples = 400): MatchResult {
  const snapshot = snapshotOf(parks);
  const options = { ...MATCH_DEFAULTS, robustness: { samples, staleAfterDays } };
  const prepared = prepareMatch(snapshot, need, noText(snapshot), stamp, createWorkspace(snapshot.size), options);
  return prepared.finish(runSmaa(prepared.problem));
}

const old: Fact = { value: 100, basis: 'sample', asOf: '2019-01-01' };
const seeds = fc.record({ parks: fc.integer({ min: 0, max: 1_000 }), need: fc.integer({ min: 0, max: 1_000 }) });

describe('labelOf', () => {
  it.each([
    [1, 'firm'],
    [0.75, 'firm'],
    [0.7499, 'leaning'],
    [0.5, 'leaning'],
    [0.4999, 'tossUp'],
    [0, 'tossUp'],
  ] as const)('%d is %s', (share, label) => {
    expect(labelOf(share)).toBe(label);
  });
});

describe('robustness of a match', () => {
  it('goes with the ranked parks, adds up to 1, and is the same every time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const parks = madeParks(30, seed.parks);
        const need = madeNeed(seed.need);
        const result = match(parks, need);
        const { robustness, ranked } = result;
        expect(match(parks, need)).toEqual(result);
        expect(robustness.parks.map(({ parkId }) => parkId)).toEqual(ranked.map(({ park }) => park.id));
        expect(robustness.first?.parkId).toBe(ranked[0]?.park.id);
        if (ranked.length === 0) {
          expect(robustness).toMatchObject({ label: null, first: null, parks: [], pivotal: [] });
          return;
        }
        if (ranked.length === result.rankedTotal) {
          const sum = (key: 'acceptability1' | 'acceptability3') =>
            robustness.parks.reduce((total, park) => total + park[key], 0);
          expect(sum('acceptability1')).toBeCloseTo(1, 2);
          expect(sum('acceptability3')).toBeCloseTo(Math.min(3, ranked.length), 2);
        }
        for (const [index, park] of robustness.parks.entries()) {
          const own = ranked[index];
          expect(park.scoreRange.low).toBeLessThanOrEqual(own?.score ?? 0);
          expect(park.scoreRange.high).toBeGreaterThanOrEqual(own?.score ?? 0);
          expect(park.rankRange.low).toBeLessThanOrEqual(own?.rank ?? 0);
          expect(park.rankRange.high).toBeGreaterThanOrEqual(own?.rank ?? 0);
          expect(park.rankRange.high).toBeLessThanOrEqual(result.rankedTotal);
          expect(park.centralWeights === null).toBe(park.acceptability1 === 0);
          expect(park.confidence === null).toBe(park.centralWeights === null);
          if (park.doubtful.length === 0) expect(park.scoreRange).toEqual({ low: own?.score, high: own?.score });
        }
        expect(robustness.stability.map(({ weight }) => weight).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('is sure of a park that is better on everything, under its own weights with full confidence', () => {
    const { robustness } = matchTiny(
      [tinyPark('p1', { wageYuanPerMonth: known(4_000), landPriceWanPerMu: known(5) }), tinyPark('p2')],
      tinyNeed({ land: { minMu: 10 } }),
    );
    expect(robustness).toMatchObject({ label: 'firm', first: { parkId: 'p1', acceptability1: 1, acceptability3: 1 } });
    expect(robustness.parks[0]).toMatchObject({ confidence: 1, rankRange: { low: 1, high: 1 } });
    expect(robustness.parks[1]).toMatchObject({ centralWeights: null, confidence: null });
    expect(robustness.pivotal).toEqual([]);
    for (const { from, to } of robustness.stability) expect([from, to]).toEqual([0, 1]);
  });

  it('can’t tell two parks that trade evenly, and names what decides', () => {
    const weights = { wageCost: 1, siteCost: 1.02 } as const;
    const none = Object.fromEntries(
      [
        'landHeadroom',
        'parcelFit',
        'time',
        'textSimilarity',
        'chainFit',
        'pairing',
        'distance',
        'endowment',
        'scale',
      ].map((name) => [name, 0]),
    );
    const { robustness } = matchTiny(
      [
        tinyPark('p1', { wageYuanPerMonth: known(4_000), landPriceWanPerMu: known(40) }),
        tinyPark('p2', { wageYuanPerMonth: known(9_000), landPriceWanPerMu: known(5) }),
      ],
      tinyNeed({ land: { minMu: 10 }, weights: { ...none, ...weights } }),
    );
    expect(robustness.first?.parkId).toBe('p2');
    expect(robustness.first?.acceptability1).toBeGreaterThan(0.45);
    expect(robustness.first?.acceptability1).toBeLessThan(0.57);
    expect(robustness.pivotal).toEqual([{ criterion: 'siteCost', firstWithout: 'p1', lead: 100 }]);
    const site = robustness.stability.find(({ criterion }) => criterion === 'siteCost');
    expect(site?.from).toBeCloseTo(0.5, 9);
    expect(site?.to).toBe(1);
    const central = robustness.parks[0]?.centralWeights;
    expect(central?.siteCost).toBeGreaterThan(0.5);
  });

  it('draws the same weightings for every need of a profile', () => {
    const parks = madeParks(10, 1);
    expect(match(parks, madeNeed(1)).robustness.seed).toBe(
      match(parks, { ...madeNeed(2), weights: { chainFit: 9 } }).robustness.seed,
    );
  });

  it('is as good as matching in one go', () => {
    const snapshot = snapshotOf(madeParks(20, 3));
    const need = madeNeed(3);
    const whole = matchNeed(snapshot, need, noText(snapshot), stamp);
    const prepared = prepareMatch(snapshot, need, noText(snapshot), stamp, createWorkspace(snapshot.size));
    expect(prepared.finish(runSmaa(structuredClone(prepared.problem)))).toEqual(whole);
    expect(whole.robustness.samples).toBe(10_000);
  });
});

describe('doubt about facts', () => {
  const labour = (p1: Fact, p2: Fact) =>
    matchTiny(
      [tinyPark('p1', { labourAvailable: p1 }), tinyPark('p2', { labourAvailable: p2 })],
      tinyNeed({ workers: 20, weights: { labour: 1 } }),
    );

  it('leaves fresh facts their word', () => {
    const { robustness } = labour(known(100), known(90));
    for (const park of robustness.parks) {
      expect(park.doubtful).toEqual([]);
      expect(park.rankRange.low).toBe(park.rankRange.high);
    }
  });

  it('lets a stale stock be a quarter less or more', () => {
    const { robustness, ranked } = labour(old, known(90));
    const [first, second] = robustness.parks;
    expect(first).toMatchObject({ parkId: 'p1', doubtful: ['labour'], rankRange: { low: 1, high: 2 } });
    expect(second).toMatchObject({ parkId: 'p2', doubtful: [], rankRange: { low: 1, high: 2 } });
    const part = ranked[0]?.contributions.find(({ criterion }) => criterion === 'labour');
    // (workers / 20 - 1) / 9: 75 gives 0.3056, 100 gives 0.4444, 125 gives 0.5833.
    expect(part?.utility).toBeCloseTo(4 / 9, 9);
    const step = ((part?.weight ?? 0) * 100 * 25) / 180;
    expect(first?.scoreRange.low).toBeCloseTo((ranked[0]?.score ?? 0) - step, 2);
    expect(first?.scoreRange.high).toBeCloseTo((ranked[0]?.score ?? 0) + step, 2);
    expect(first?.confidence).toBeGreaterThan(0.5);
    expect(first?.confidence).toBeLessThan(1);
  });

  it('leaves an unknown stock the whole interval', () => {
    const { robustness, ranked } = labour(known(90), { ...known(0), value: null });
    const unknown = robustness.parks.find(({ parkId }) => parkId === 'p2');
    const weight = ranked[0]?.contributions.find(({ criterion }) => criterion === 'labour')?.weight ?? 0;
    expect((unknown?.scoreRange.high ?? 0) - (unknown?.scoreRange.low ?? 0)).toBeCloseTo(100 * weight, 2);
  });

  it.each([
    ['an unknown price', { landPriceWanPerMu: { ...known(0), value: null } }, 'siteCost'],
    ['an unverified wage', { wageYuanPerMonth: { value: 6_000, basis: 'unverified', asOf: DAY } }, 'wageCost'],
    ['a stale rent is not asked for', { workshopRentYuanPerM2Month: old }, null],
  ] as const)('%s', (_, change, criterion) => {
    const { robustness } = matchTiny([tinyPark('p1', change)], tinyNeed({ land: { minMu: 10 } }));
    expect(robustness.parks[0]?.doubtful).toEqual(criterion === null ? [] : [criterion]);
  });

  it('doubts a stale list of parcels: size, fit and date', () => {
    const provenance = { source: 'test', basis: 'sample', asOf: '2019-01-01' } as const;
    const { robustness } = matchTiny([tinyPark('p1', { provenance })], tinyNeed({ land: { minMu: 60 } }));
    expect(robustness.parks[0]?.doubtful).toEqual(['landHeadroom', 'parcelFit', 'time']);
  });

  it('counts facts as stale by the age it is told', () => {
    const parks = madeParks(12, 5);
    const doubts = (days: number) =>
      match(parks, madeNeed(7), days).robustness.parks.flatMap((park) => park.doubtful).length;
    expect(match(parks, madeNeed(7), 30).robustness.staleAfterDays).toBe(30);
    expect(doubts(3_650)).toBeLessThanOrEqual(doubts(1));
  });

  it('says where a conditional park would rank if its open gate were confirmed', () => {
    const result = matchTiny(
      [
        tinyPark('p1', { factors: { powerKva: known(50) }, wageYuanPerMonth: known(8_000) }),
        tinyPark('p2', { factors: { powerKva: { ...known(0), value: null } }, wageYuanPerMonth: known(4_000) }),
        tinyPark('p3', {
          factors: { powerKva: { ...known(0), value: null }, energyTce: { ...known(0), value: null } },
          wageYuanPerMonth: known(5_000),
        }),
      ],
      tinyNeed({ powerKva: 10 }),
    );
    expect(result.ranked.map(({ park, confirmations }) => [park.id, confirmations])).toEqual([
      ['p1', []],
      ['p2', [{ gate: 'powerKva', rank: 1, settles: true }]],
      ['p3', [{ gate: 'powerKva', rank: 1, settles: true }]],
    ]);
    expect(result.robustness.parks[1]?.rankRange).toMatchObject({ low: 1 });
    expect(result.robustness.parks[0]?.rankRange).toEqual({ low: 1, high: 3 });
    expect(result.robustness.first).toMatchObject({ parkId: 'p1', acceptability1: 1 });
  });

  it('says of several open gates that one alone is not enough', () => {
    const unknown = { ...known(0), value: null };
    const result = matchTiny(
      [
        tinyPark('p1', { factors: { powerKva: known(50), waterM3PerDay: known(50) }, wageYuanPerMonth: known(8_000) }),
        tinyPark('p2', { factors: { powerKva: unknown, waterM3PerDay: unknown }, wageYuanPerMonth: known(4_000) }),
      ],
      tinyNeed({ powerKva: 10, waterM3PerDay: 10 }),
    );
    expect(result.ranked[1]?.rankIfConfirmed).toBe(1);
    expect(result.ranked[1]?.confirmations).toEqual([
      { gate: 'powerKva', rank: 2, settles: false },
      { gate: 'waterM3PerDay', rank: 2, settles: false },
    ]);
  });
});
