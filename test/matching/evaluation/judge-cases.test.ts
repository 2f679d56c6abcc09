import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainUtility } from '../../../src/matching/chain-presence.js';
import { engineWithout, scoreParts, wholeEngine } from '../../../src/matching/evaluation/ablation.js';
import { answerQuestion, evaluateCases } from '../../../src/matching/evaluation/judge-cases.js';
import { candidateCounties } from '../../../src/matching/evaluation/rank-counties.js';
import { devCases, devFile, readCases, reference, snapshot, worded } from './dev-cases.js';

const counties = candidateCounties(snapshot.frame);
const rankings = (cases: typeof devCases) => evaluateCases(snapshot, cases).cases.map(({ ranking }) => ranking);

describe('the evaluation on the seed data', () => {
  const evaluation = evaluateCases(snapshot, devCases, { ablation: true });

  it('ranks the 26 mountain counties in every case, each once', () => {
    expect(counties).toHaveLength(26);
    expect(evaluation.cases).toHaveLength(devCases.length);
    for (const { ranking, rank, truth } of evaluation.cases) {
      expect([...ranking].sort()).toEqual(counties);
      expect(ranking[rank - 1]).toBe(truth);
    }
  });

  it('ranks the same 26 whatever is asked', () => {
    const amount = fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: null });
    const gbt = fc.oneof(
      fc.constantFrom(...reference.industries.map(({ code }) => code)),
      fc.stringMatching(/^\d{2,4}$/),
    );
    const originAdcode = fc.option(fc.constantFrom('310000', ...reference.counties.map(({ adcode }) => adcode)), {
      nil: null,
    });
    const questions = fc.record({
      gbt,
      originAdcode,
      landMu: amount,
      investWan: amount,
      outputWan: amount,
      taxWan: amount,
      jobs: amount,
    });
    fc.assert(
      fc.property(questions, fc.nat(devCases.length - 1), (question, from) => {
        const text = devCases[from]?.text;
        if (text === undefined) throw new Error('no text');
        const { places } = answerQuestion(wholeEngine(snapshot), question, text);
        expect(places.map(({ adcode }) => adcode).sort()).toEqual(counties);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('does not read firm, year, source or destination', () => {
    const changed = devFile.placements.map((record, place) => ({
      ...record,
      firm: '另一家有限公司',
      year: 1999,
      source: '无',
      originCounty: '某县',
      destinationCounty: '某县',
      destinationAdcode: counties[place % counties.length],
    }));
    const read = readCases({ placements: changed });
    expect(read.map(({ truth }) => truth)).not.toEqual(devCases.map(({ placement }) => placement.truth));
    expect(rankings(read.map(worded))).toEqual(rankings(devCases));
  });

  it('does read what was asked', () => {
    const [one, ...rest] = devCases;
    if (one === undefined) throw new Error('no case');
    const other = { ...one, placement: { ...one.placement, question: { ...one.placement.question, gbt: '2411' } } };
    expect(rankings([other, ...rest])[0]).not.toEqual(rankings(devCases)[0]);
  });

  it('takes apart the misses and nothing else', () => {
    for (const { rank, miss, truth, ranking } of evaluation.cases) {
      expect(miss === null).toBe(rank <= 3);
      if (miss === null) continue;
      expect([miss.truth.adcode, miss.truth.rank, miss.first.adcode]).toEqual([truth, rank, ranking[0]]);
      for (const { score, contributions } of [miss.truth, miss.first]) {
        expect(contributions.reduce((sum, { points }) => sum + points, 0)).toBe(score);
      }
    }
  });

  it('gives the same answer again', () => {
    expect(evaluateCases(snapshot, devCases, { ablation: true })).toEqual(evaluation);
  });

  it('refuses a case that landed outside the candidates', () => {
    const [one] = devCases;
    if (one === undefined) throw new Error('no case');
    expect(() => evaluateCases(snapshot, [{ ...one, placement: { ...one.placement, truth: '330782' } }])).toThrow(
      RangeError,
    );
  });

  it('measures the engine without each part', () => {
    const parts = scoreParts(snapshot.frame);
    expect(evaluation.ablation.map(({ without }) => without)).toEqual(parts);
    const names = parts.map(({ kind, name }) => `${kind} ${name}`);
    for (const name of ['chainFit', 'textSimilarity', 'pairing', 'distance'])
      expect(names).toContain(`criterion ${name}`);
    for (const name of ['strengthen', 'complete', 'extend']) expect(names).toContain(`chainPart ${name}`);
    expect(names).not.toContain('criterion landHeadroom');
  });
});

describe('leaving a part of chain fit out', () => {
  const { chains } = snapshot.frame;

  it('rests on the same sum as the engine', () => {
    chains.utility.forEach((column, link) => {
      column.forEach((utility, park) => {
        const [own, filled, reach] = [chains.strength, chains.complete, chains.extend].map(
          (part) => part[link]?.[park],
        );
        expect(chainUtility(own ?? 0, filled ?? 0, reach ?? 0)).toBe(utility);
      });
    });
  });

  it.each(['strengthen', 'complete', 'extend'] as const)('without %s no fit is better, some are worse', (name) => {
    const before = chains.utility.map((column) => column.slice());
    const { utility } = engineWithout(snapshot, { kind: 'chainPart', name }).snapshot.frame.chains;
    let worse = 0;
    utility.forEach((column, link) => {
      column.forEach((value, park) => {
        const whole = before[link]?.[park] ?? 0;
        if (value > whole) throw new Error(`link ${link} in park ${park} fits better`);
        if (value < whole) worse += 1;
      });
    });
    expect(worse).toBeGreaterThan(0);
    expect(chains.utility).toEqual(before);
  });

  it('without the code only the text places a case, and the other way round', () => {
    const [one] = devCases;
    if (one === undefined) throw new Error('no case');
    const links = (name: 'code' | 'text') =>
      answerQuestion(engineWithout(snapshot, { kind: 'placedBy', name }), one.placement.question, one.text).need
        .placement.links;
    expect(links('code').some(({ fromText }) => fromText > 0)).toBe(true);
    expect(links('code').every(({ fromCode }) => fromCode === 0)).toBe(true);
    expect(links('text').some(({ fromCode }) => fromCode > 0)).toBe(true);
    expect(links('text').every(({ fromText }) => fromText === 0)).toBe(true);
  });
});
