import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  belongsTo,
  FIGURE_KINDS,
  figuresByKind,
  MEASURES,
  scoresOfPlaces,
  scoresOfRank,
  scoresOfValues,
} from '../../../src/matching/evaluation/metrics.js';

describe('scores of one case', () => {
  it.each([
    [1, { hit1: 1, hit3: 1, hit5: 1, mrr: 1 }],
    [3, { hit1: 0, hit3: 1, hit5: 1, mrr: 1 / 3 }],
    [4, { hit1: 0, hit3: 0, hit5: 1, mrr: 0.25 }],
    [26, { hit1: 0, hit3: 0, hit5: 0, mrr: 1 / 26 }],
  ])('rank %i', (rank, scores) => expect(scoresOfRank(rank)).toEqual(scores));

  it('shares places 2 to 5: half of them are among the first three', () => {
    const { mrr, ...hits } = scoresOfPlaces(2, 5);
    expect(hits).toEqual({ hit1: 0, hit3: 0.5, hit5: 1 });
    expect(mrr).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4 + 1 / 5) / 4, 12);
  });

  it('is the analytic expectation of a random order where all are equal', () => {
    const values = new Map(Array.from({ length: 26 }, (_, county) => [String(county), 0]));
    const { hit1, hit3, hit5, mrr } = scoresOfValues(values, '7');
    expect([hit1, hit3, hit5]).toEqual([1 / 26, 3 / 26, 5 / 26]);
    // The 26th harmonic number is 3.854419…
    expect(mrr).toBeCloseTo(3.8544197162 / 26, 9);
  });

  it('counts what is better and what is equal, wherever it stands', () => {
    const values = new Map([
      ['a', 0],
      ['b', 2],
      ['c', 1],
      ['d', 1],
      ['e', 3],
    ]);
    expect(scoresOfValues(values, 'c')).toEqual(scoresOfPlaces(3, 4));
    expect(scoresOfValues(values, 'e')).toEqual(scoresOfRank(1));
    expect(scoresOfValues(values, 'a')).toEqual(scoresOfRank(5));
  });

  it('adds up over tied counties to what their places bring', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 }), (list) => {
        const values = new Map(list.map((value, county) => [String(county), value]));
        for (const measure of MEASURES) {
          const tied = list.reduce((sum, _, county) => sum + scoresOfValues(values, String(county))[measure], 0);
          const drawn = list.reduce((sum, _, county) => sum + scoresOfRank(county + 1)[measure], 0);
          expect(tied).toBeCloseTo(drawn, 9);
        }
      }),
    );
  });
});

describe('figures by kind', () => {
  const kinds = figuresByKind([
    { kind: 'transfer', scores: scoresOfRank(1) },
    { kind: 'inbound', scores: scoresOfRank(4) },
    { kind: 'home', scores: scoresOfRank(2) },
    { kind: 'home', scores: scoresOfRank(6) },
  ]);

  it('are means over the cases of each group', () => {
    expect(kinds.all).toMatchObject({ n: 4, hit1: 0.25, hit3: 0.5, hit5: 0.75 });
    expect(kinds.all.mrr).toBeCloseTo((1 + 1 / 4 + 1 / 2 + 1 / 6) / 4, 12);
    expect(kinds.transferInbound).toMatchObject({ n: 2, hit1: 0.5, hit3: 0.5, hit5: 1, mrr: 0.625 });
    expect(kinds.transfer).toMatchObject({ n: 1, hit1: 1, mrr: 1 });
    expect(kinds.inbound).toMatchObject({ n: 1, hit3: 0, mrr: 0.25 });
    expect(kinds.home.mrr).toBeCloseTo(1 / 3, 12);
  });

  it('have intervals that hold the mean', () => {
    for (const kind of FIGURE_KINDS) {
      for (const measure of MEASURES) {
        const [low = 2, high = -1] = kinds[kind].ci[measure] ?? [];
        expect(low).toBeLessThanOrEqual((kinds[kind][measure] ?? Number.NaN) + 1e-12);
        expect(high).toBeGreaterThanOrEqual((kinds[kind][measure] ?? Number.NaN) - 1e-12);
      }
    }
    expect(kinds.all.ci.mrr).not.toEqual([kinds.all.mrr, kinds.all.mrr]);
  });

  it('say nothing of a group without cases', () => {
    const { home } = figuresByKind([{ kind: 'inbound', scores: scoresOfRank(1) }]);
    expect(home).toMatchObject({ n: 0, hit1: null, mrr: null });
    expect(home.ci).toEqual({ hit1: null, hit3: null, hit5: null, mrr: null });
  });

  it('puts every kind into its own group, and those that came from elsewhere together', () => {
    const groups = (kind: 'transfer' | 'inbound' | 'home') => FIGURE_KINDS.filter((group) => belongsTo(kind, group));
    expect(groups('transfer')).toEqual(['transfer', 'transferInbound', 'all']);
    expect(groups('inbound')).toEqual(['inbound', 'transferInbound', 'all']);
    expect(groups('home')).toEqual(['home', 'all']);
  });
});
