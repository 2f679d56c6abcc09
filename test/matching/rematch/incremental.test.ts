import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/matching/evaluate.js';
import { MATCH_DEFAULTS, type MatchOptions } from '../../../src/matching/match.js';
import { followCount } from '../../../src/matching/rematch/count-problem.js';
import { changedRows } from '../../../src/matching/rematch/facts.js';
import { firstCount } from '../../../src/matching/rematch/first-count.js';
import { createNeedIndex, type NeedStanding } from '../../../src/matching/rematch/need-index.js';
import { outcomeDifference } from '../../../src/matching/rematch/outcome.js';
import { rowOfEntry } from '../../../src/matching/rematch/standing.js';
import type { Snapshot } from '../../../src/matching/snapshot.js';
import { createWorkspace, type Workspace } from '../../../src/matching/workspace.js';
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
 * The standing with the count as it may be known: with those that take from the first park, without, and of the quick
 * counting, which stops early.
 */
function knownBy(at: number, { frame }: Snapshot, { compiled, standing }: Matched, work: Workspace): NeedStanding {
  const { firstCount: count, samples, top } = standing;
  const [first] = top;
  if (count === null || first === undefined || at % 3 === 0) return standing;
  const { low, high } = count;
  const quick = () => firstCount(frame, compiled, work, rowOfEntry(first), samples);
  return { ...standing, firstCount: at % 3 === 1 ? { low, high } : quick() };
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
  const work = createWorkspace(parks);
  const put = (at: number, id: string, snapshot: Snapshot, matched: Matched) => {
    held.set(id, matched);
    evaluate(snapshot, matched.compiled, work);
    index.put(id, matched.compiled, knownBy(at, snapshot, matched, work));
  };
  for (const [at, need] of world.needs.entries()) put(at, need.id, world.snapshot, match(world.snapshot, need));
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
        put(at, need.id, after, full);
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
