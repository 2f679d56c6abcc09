import { describe, expect, it } from 'vitest';
import { ROBUSTNESS_LABELS, type Robustness } from '../../src/domain/robustness.js';
import { ROBUSTNESS_WORDS, robustnessSentence } from '../../src/words/robustness.js';

const result: Robustness = {
  seed: 1,
  samples: 10_000,
  staleAfterDays: 365,
  label: 'leaning',
  first: { parkId: 'p1', acceptability1: 0.6213, acceptability3: 0.9987 },
  parks: [],
  pivotal: [{ criterion: 'chainFit', firstWithout: 'p2', lead: 1.5 }],
  stability: [],
};
const name = (id: string) => `园区${id}`;

describe('robustnessSentence', () => {
  it('says the label, how often first, and what decides', () => {
    expect(robustnessSentence(result, name)).toBe(
      '把握：倾向 · 园区p1 在 10,000 组权重中 62% 排第一、99% 以上 进前三 · 关键指标 产业链契合(去掉则 园区p2 第一)',
    );
  });

  it('counts further pivotal criteria, and says where there is none', () => {
    const two = {
      ...result,
      pivotal: [...result.pivotal, { criterion: 'distance', firstWithout: 'p3', lead: 1 } as const],
    };
    expect(robustnessSentence(two, name)).toContain('(去掉则 园区p2 第一，另有 1 项也会)');
    expect(robustnessSentence({ ...result, pivotal: [] }, name)).toContain('去掉任何一项指标都不改变第一名');
  });

  it.each([
    [0, '0%'],
    [0.004, '不到 1%'],
    [0.5, '50%'],
    [1, '100%'],
  ])('%d is %s', (share, word) => {
    const first = { parkId: 'p1', acceptability1: share, acceptability3: 1 };
    expect(robustnessSentence({ ...result, first }, name)).toContain(`${word} 排第一`);
  });

  it('is silent where no park is ranked', () => {
    expect(robustnessSentence({ ...result, label: null, first: null }, name)).toBe('');
  });

  it('has a word for every label', () => {
    expect(ROBUSTNESS_LABELS.map((label) => ROBUSTNESS_WORDS[label])).toEqual(['稳固', '倾向', '难分']);
  });
});
