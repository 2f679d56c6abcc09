import { describe, expect, it } from 'vitest';
import { BASELINES } from '../../../src/matching/evaluation/baselines.js';
import { evaluateCases } from '../../../src/matching/evaluation/judge-cases.js';
import { devCases, snapshot } from './dev-cases.js';

const { kinds, baselines } = evaluateCases(snapshot, devCases);

describe('the bar on the cases in the repository', () => {
  it('firms from elsewhere: hit@3 and MRR', () => {
    expect(kinds.transferInbound.hit3).toBeGreaterThanOrEqual(0.85);
    expect(kinds.transferInbound.mrr).toBeGreaterThanOrEqual(0.7);
  });

  it('firms of the county: MRR', () => expect(kinds.home.mrr).toBeGreaterThanOrEqual(0.75));

  it.each(BASELINES)('beats %s in MRR', (name) => {
    for (const group of ['transferInbound', 'home', 'all'] as const) {
      expect(kinds[group].mrr, group).toBeGreaterThan(baselines[name][group].mrr ?? 1);
    }
  });
});
