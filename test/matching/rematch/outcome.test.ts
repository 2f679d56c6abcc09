import { describe, expect, it } from 'vitest';
import type { MatchOutcome } from '../../../src/domain/rematch.js';
import { outcomeDifference, outcomeOf, sameOutcome } from '../../../src/matching/rematch/outcome.js';
import { createFullMatcher, makeWorld } from './world.js';

const base: MatchOutcome = {
  ranked: [
    { parkId: 'a', rank: 1, status: 'eligible', open: [] },
    { parkId: 'b', rank: 2, status: 'conditional', open: ['energyTce', 'land'] },
  ],
  rankedTotal: 2,
  excluded: [{ parkId: 'c', failing: ['codT', 'taxPerMu'] }],
  excludedTotal: 1,
  label: 'firm',
};

const changes: readonly (readonly [string, Partial<MatchOutcome>])[] = [
  ['the order', { ranked: [...base.ranked].reverse() }],
  ['a rank', { ranked: base.ranked.map((park) => ({ ...park, rank: park.rank + 1 })) }],
  ['a status', { ranked: base.ranked.map((park) => ({ ...park, status: 'eligible' as const })) }],
  ['an open gate', { ranked: base.ranked.map((park) => ({ ...park, open: [] })) }],
  ['a ranked park less', { ranked: base.ranked.slice(0, 1) }],
  ['the number of ranked parks', { rankedTotal: 3 }],
  ['a failing gate', { excluded: [{ parkId: 'c', failing: ['codT'] }] }],
  ['another excluded park', { excluded: [{ parkId: 'd', failing: ['codT', 'taxPerMu'] }] }],
  ['the number of excluded parks', { excludedTotal: 2 }],
  ['the label', { label: 'tossUp' as const }],
];

describe('sameOutcome and outcomeDifference', () => {
  it('find no difference between equal outcomes', () => {
    const copy = structuredClone(base);
    expect(sameOutcome(base, copy)).toBe(true);
    expect(outcomeDifference(base, copy)).toBeNull();
  });

  it.each(changes)('see %s', (_name, change) => {
    const other = { ...base, ...change };
    expect(sameOutcome(base, other)).toBe(false);
    expect(sameOutcome(other, base)).toBe(false);
    expect(outcomeDifference(base, other)).not.toBeNull();
  });

  it('name what moved: first park, ranks, gates, statuses, label', () => {
    const after: MatchOutcome = {
      ranked: [
        { parkId: 'b', rank: 1, status: 'eligible', open: [] },
        { parkId: 'c', rank: 2, status: 'conditional', open: ['taxPerMu'] },
      ],
      rankedTotal: 2,
      excluded: [{ parkId: 'a', failing: ['land'] }],
      excludedTotal: 1,
      label: 'leaning',
    };
    expect(outcomeDifference(base, after)).toEqual({
      first: { from: 'a', to: 'b' },
      ranks: [
        { parkId: 'b', from: 2, to: 1 },
        { parkId: 'c', from: null, to: 2 },
        { parkId: 'a', from: 1, to: null },
      ],
      gates: [
        { parkId: 'b', gate: 'land', from: 'unknown', to: 'pass' },
        { parkId: 'b', gate: 'energyTce', from: 'unknown', to: 'pass' },
        { parkId: 'c', gate: 'codT', from: 'fail', to: 'pass' },
        { parkId: 'c', gate: 'taxPerMu', from: 'fail', to: 'unknown' },
        { parkId: 'a', gate: 'land', from: 'pass', to: 'fail' },
      ],
      statuses: [
        { parkId: 'b', from: 'conditional', to: 'eligible' },
        { parkId: 'c', from: 'excluded', to: 'conditional' },
        { parkId: 'a', from: 'eligible', to: 'excluded' },
      ],
      label: { from: 'firm', to: 'leaning' },
    });
  });

  it('does not say that a gate passed where an excluded park may have left it open', () => {
    const after: MatchOutcome = {
      ...base,
      ranked: base.ranked.slice(0, 1),
      rankedTotal: 1,
      excluded: [{ parkId: 'b', failing: ['energyTce'] }, ...base.excluded],
      excludedTotal: 2,
    };
    expect(outcomeDifference(base, after)?.gates).toEqual([
      { parkId: 'b', gate: 'energyTce', from: 'unknown', to: 'fail' },
    ]);
  });

  it('tell a first outcome against nothing, empty ones too', () => {
    const difference = outcomeDifference(null, base);
    expect(difference?.first).toEqual({ from: null, to: 'a' });
    expect(difference?.statuses).toHaveLength(3);
    expect(difference?.gates).toEqual([]);
    const empty: MatchOutcome = { ranked: [], rankedTotal: 0, excluded: [], excludedTotal: 0, label: null };
    expect(outcomeDifference(null, empty)).toMatchObject({ first: { from: null, to: null }, label: null });
  });
});

describe('outcomeOf', () => {
  it('keeps order, open and failing gates, totals and label of a result, and none of its numbers', () => {
    const world = makeWorld(3, 60, 8);
    const match = createFullMatcher(60);
    for (const need of world.needs) {
      const { result } = match(world.snapshot, need);
      const outcome = outcomeOf(result);
      expect(outcome.ranked.map(({ parkId, rank }) => [parkId, rank])).toEqual(
        result.ranked.map(({ park, rank }) => [park.id, rank]),
      );
      for (const { status, open } of outcome.ranked) expect(open.length > 0).toBe(status === 'conditional');
      for (const { failing } of outcome.excluded) expect(failing.length).toBeGreaterThan(0);
      expect([outcome.rankedTotal + outcome.excludedTotal, outcome.label]).toEqual([60, result.robustness.label]);
      const rescored = { ...result, ranked: result.ranked.map((park) => ({ ...park, score: park.score / 2 })) };
      expect(sameOutcome(outcome, outcomeOf(rescored))).toBe(true);
    }
  });
});
