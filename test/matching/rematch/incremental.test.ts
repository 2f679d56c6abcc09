import { describe, expect, it } from 'vitest';
import { MATCH_DEFAULTS, type MatchOptions } from '../../../src/matching/match.js';
import { followCount } from '../../../src/matching/rematch/count-problem.js';
import { changedRows } from '../../../src/matching/rematch/facts.js';
import { createNeedIndex } from '../../../src/matching/rematch/need-index.js';
import { outcomeDifference } from '../../../src/matching/rematch/outcome.js';
import { createFullMatcher, createOutcomeMatcher, type Matched, makeWorld } from './world.js';

/** Few weightings, so that one thousand changes are quick; a label then turns as easily. */
const OPTIONS: MatchOptions = { ...MATCH_DEFAULTS, robustness: { ...MATCH_DEFAULTS.robustness, samples: 160 } };

/** Every so many matches, the quick one is held against the service's own. */
const FULL_EVERY = 50;

interface Run {
  recomputed: number;
  changed: number;
  labels: number;
}

/**
 * Changes facts step by step; after each, every need is matched in full, and the needs the index names are taken over
 * from that. What the index did not name must be as the full match says.
 */
function run(seed: number, parks: number, needs: number, steps: number, options: MatchOptions): Run {
  const world = makeWorld(seed, parks, needs);
  const match = createOutcomeMatcher(parks, options);
  const matchInFull = createFullMatcher(parks, options);
  const index = createNeedIndex(world.snapshot);
  const held = new Map<string, Matched>();
  for (const need of world.needs) {
    const first = match(world.snapshot, need);
    held.set(need.id, first);
    index.put(need.id, first.compiled, first.standing);
  }
  const counts: Run = { recomputed: 0, changed: 0, labels: 0 };
  let before = world.snapshot;
  for (let step = 1; step <= steps; step += 1) {
    const after = world.next();
    // As rematching does it: what is sure first, labels in doubt a few at a time.
    const named = new Set(index.affectedAtOnce(before, after, changedRows(before, after)));
    for (const doubt of index.doubts()) {
      if (index.weighed(doubt, followCount(structuredClone(doubt.problem)))) named.add(doubt.needId);
    }
    expect(index.doubtful).toBe(0);
    for (const [at, need] of world.needs.entries()) {
      const full = match(after, need);
      if ((step + at) % FULL_EVERY === 0) expect(matchInFull(after, need)).toMatchObject(full);
      const kept = held.get(need.id);
      const difference = outcomeDifference(kept?.outcome ?? null, full.outcome);
      if (difference !== null) counts.changed += 1;
      if (difference?.label) counts.labels += 1;
      if (named.has(need.id)) {
        counts.recomputed += 1;
        held.set(need.id, full);
        index.put(need.id, full.compiled, full.standing);
      } else if (difference !== null) {
        expect({ seed, step, need: need.id, difference }).toEqual(null);
      }
    }
    before = after;
  }
  return counts;
}

describe('incremental equals full', () => {
  const shapes = [
    { seed: 1, parks: 24, needs: 30, steps: 250 },
    { seed: 2, parks: 40, needs: 30, steps: 250 },
    { seed: 3, parks: 32, needs: 30, steps: 250 },
    { seed: 4, parks: 130, needs: 8, steps: 250 },
  ];
  it.each(shapes)(
    'after every one of $steps changes, $needs needs, $parks parks, seed $seed',
    (shape) => {
      const { recomputed, changed, labels } = run(shape.seed, shape.parks, shape.needs, shape.steps, OPTIONS);
      expect(labels).toBeGreaterThan(3);
      expect(changed).toBeGreaterThan(100);
      // Named beyond need are few: most are found out by counting, and most needs are not named at all.
      expect(recomputed).toBeLessThan(1.25 * changed);
      expect(recomputed / (shape.steps * shape.needs)).toBeLessThan(0.2);
    },
    120_000,
  );
});
