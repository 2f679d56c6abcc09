import { describe, expect, it } from 'vitest';
import { outcomeText } from '../../../src/domain/outcome-text.js';
import { compileNeed } from '../../../src/matching/compile-need.js';
import { evaluate } from '../../../src/matching/evaluate.js';
import { MATCH_DEFAULTS, type MatchOptions } from '../../../src/matching/match.js';
import { changedRows } from '../../../src/matching/rematch/facts.js';
import { firstRivals } from '../../../src/matching/rematch/first-count.js';
import { outlineOfMade } from '../../../src/matching/rematch/made-result.js';
import { contendersOf, problemRows } from '../../../src/matching/rematch/narrowed-smaa.js';
import { createNeedIndex } from '../../../src/matching/rematch/need-index.js';
import { outlineOf } from '../../../src/matching/rematch/outline.js';
import { quickOutline } from '../../../src/matching/rematch/quick-outline.js';
import { labelOfCount, problemOf } from '../../../src/matching/robustness/report.js';
import { runSmaa } from '../../../src/matching/robustness/smaa.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { createFullMatcher, createOutcomeMatcher, makeWorld } from './world.js';

const OPTIONS: MatchOptions = { ...MATCH_DEFAULTS, robustness: { ...MATCH_DEFAULTS.robustness, samples: 160 } };
const NOTHING = { known: null, able: null };
const stampOf = (needId: string) => ({ needId, version: 1, generatedAt: '2026-01-01T00:00:00.000Z' });

describe('quickOutline', () => {
  it('is the outline of the whole result, with all weightings', () => {
    const parks = 130;
    const world = makeWorld(11, parks, 12);
    const match = createFullMatcher(parks);
    const work = createWorkspace(parks);
    let snapshot = world.snapshot;
    for (let round = 0; round < 3; round += 1) {
      for (const one of world.needs) {
        const { result } = match(snapshot, one);
        const compiled = compileNeed(snapshot.frame, one.need, one.text);
        const quick = quickOutline(snapshot, compiled, stampOf(one.id), work, MATCH_DEFAULTS, NOTHING);
        expect(outlineOfMade(quick)).toEqual(outlineOf(result));
        expect(quick.outcome).toBe(outcomeText(outlineOf(result).outcome));
      }
      snapshot = world.next();
    }
  });

  /**
   * Follows a province through changes as rematching does: what the index knows of labels and what an old count knows of
   * contenders is used wherever it may be.
   */
  it('stays so with all that is known from before, through a thousand changes', () => {
    let [byIndex, byContenders, counted] = [0, 0, 0];
    for (const [seed, parks, needs, steps] of [
      [21, 24, 20, 400],
      [22, 60, 12, 400],
      [23, 130, 6, 200],
    ] as const) {
      const world = makeWorld(seed, parks, needs);
      const match = createOutcomeMatcher(parks, OPTIONS);
      const [work, scratch] = [createWorkspace(parks), createWorkspace(parks)];
      const index = createNeedIndex(world.snapshot);
      const contenders = new Map<string, { readonly rows: Int32Array; readonly changed: Set<number> }>();
      for (const one of world.needs) {
        const { compiled, standing } = match(world.snapshot, one);
        index.put(one.id, compiled, standing);
        evaluate(world.snapshot, compiled, scratch);
        const { problem } = problemOf(world.snapshot, compiled, scratch, OPTIONS.robustness.samples);
        contenders.set(one.id, { rows: contendersOf(runSmaa(problem), problemRows(scratch)), changed: new Set() });
      }
      let before = world.snapshot;
      for (let step = 1; step <= steps; step += 1) {
        const after = world.next();
        const rows = changedRows(before, after);
        const named = new Set(index.affected(before, after, rows));
        for (const one of world.needs) {
          const known = contenders.get(one.id);
          for (const row of rows) known?.changed.add(row);
          if (!named.has(one.id)) continue;
          const { outcome, compiled, standing } = match(after, one);
          const earlier = known === undefined ? null : { contenders: known.rows, changed: [...known.changed] };
          const able = firstRivals(earlier);
          const hint = index.countOf(one.id);
          const quick = quickOutline(after, compiled, stampOf(one.id), work, OPTIONS, { known: hint, able });
          const first = quick.standing.firstCount;
          const exact = standing.firstCount;
          if (first === null || exact === null) throw new Error('not counted');
          expect({ seed, step, outcome: quick.outcome }).toEqual({ seed, step, outcome: outcomeText(outcome) });
          expect({ ...quick.standing, firstCount: null }).toEqual({ ...standing, firstCount: null });
          expect(exact.low).toBeGreaterThanOrEqual(first.low);
          expect(exact.high).toBeLessThanOrEqual(first.high);
          expect(labelOfCount(first.low, OPTIONS.robustness.samples)).toBe(outcome.label ?? 'tossUp');
          if (hint !== null) byIndex += 1;
          else if (able !== null) byContenders += 1;
          else counted += 1;
          index.put(one.id, compiled, quick.standing);
        }
        before = after;
      }
    }
    expect(byIndex).toBeGreaterThan(300);
    expect(byContenders).toBeGreaterThan(20);
    expect(counted).toBeGreaterThan(20);
  }, 120_000);
});
