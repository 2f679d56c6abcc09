import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../../src/domain/criterion.js';
import type { Need } from '../../../src/domain/need.js';
import type { Park } from '../../../src/domain/park.js';
import { compileNeed } from '../../../src/matching/compile-need.js';
import { compileFrame } from '../../../src/matching/frame.js';
import { MATCH_DEFAULTS } from '../../../src/matching/match.js';
import { changedRows, rowChange } from '../../../src/matching/rematch/facts.js';
import { createNeedIndex } from '../../../src/matching/rematch/need-index.js';
import { sameOutcome } from '../../../src/matching/rematch/outcome.js';
import { standingOf } from '../../../src/matching/rematch/standing.js';
import { compileSnapshot, type Snapshot } from '../../../src/matching/snapshot.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { madeParks, noText, snapshotOf, withInventory } from '../made.js';
import { createFullMatcher, makeWorld } from './world.js';

const PARKS = 40;
const world = makeWorld(21, PARKS, 30);
const SAMPLES = 400;
const match = createFullMatcher(PARKS, {
  ...MATCH_DEFAULTS,
  robustness: { ...MATCH_DEFAULTS.robustness, samples: SAMPLES },
});
const answers = world.needs.map((need) => ({ id: need.id, ...match(world.snapshot, need) }));

/** The same parks with one park changed. */
function changed(from: Snapshot, row: number, change: (park: Park) => Park, id: string): Snapshot {
  return compileSnapshot(
    from.frame,
    from.parks.map((park, at) => (at === row ? change(park) : park)),
    id,
  );
}

const noLand = (park: Park) => withInventory(park, { parcels: [] });

function filled() {
  const index = createNeedIndex(world.snapshot);
  for (const { id, compiled, standing } of answers) index.put(id, compiled, standing);
  return index;
}

/** The row of the park that is first for a need. */
function firstRow(at: number): number {
  const first = answers[at]?.outcome.ranked[0]?.parkId;
  if (first === undefined) throw new Error('no such need');
  return world.snapshot.parks.findIndex(({ id }) => id === first);
}

describe('createNeedIndex', () => {
  it('names the need whose first park loses its land, and goes on naming it until it is put again', () => {
    const index = filled();
    const row = firstRow(0);
    const after = changed(world.snapshot, row, noLand, 'a1');
    const named = index.affected(world.snapshot, after, [row]);
    expect(named).toContain('need0');
    expect(named.length).toBeLessThan(world.needs.length);
    expect(index.counts).toMatchObject({ needs: 30, affected: named.length });
    const same = changed(after, row, (park) => park, 'a2');
    expect(index.affected(after, same, [])).toEqual(named);
    const [need] = world.needs;
    if (need === undefined) throw new Error('no need made');
    const { compiled, standing } = match(same, need);
    index.put('need0', compiled, standing);
    const later = changed(same, row, (park) => park, 'a3');
    expect(index.affected(same, later, [])).toEqual(named.filter((id) => id !== 'need0'));
  });

  it('names nobody where nothing changed, and forgets what is removed', () => {
    const index = filled();
    const copy = changed(world.snapshot, 0, (park) => ({ ...park, inventory: { ...park.inventory } }), 'b1');
    expect(index.affected(world.snapshot, copy, [0, 1, 2])).toEqual([]);
    const row = firstRow(0);
    index.remove('need0');
    expect([index.size, index.has('need0')]).toEqual([29, false]);
    expect(index.affected(copy, changed(copy, row, noLand, 'b2'), [row])).not.toContain('need0');
  });

  it('names a need that was put with a standing of other facts', () => {
    const index = filled();
    const [need] = world.needs;
    if (need === undefined) throw new Error('no need made');
    const { compiled, standing } = match(changed(world.snapshot, 1, noLand, 'd0'), need);
    index.put('need0', compiled, standing);
    expect(
      index.affected(
        world.snapshot,
        changed(world.snapshot, 0, (park) => park, 'd1'),
        [],
      ),
    ).toEqual(['need0']);
  });

  it('refuses a step from where it does not stand, and into another frame', () => {
    const index = filled();
    const after = changed(world.snapshot, 0, noLand, 'e1');
    expect(() => index.affected(after, world.snapshot, [0])).toThrow(RangeError);
    const { reference, today } = world.snapshot.frame;
    const other = compileSnapshot(compileFrame(reference, world.snapshot.parks, today), world.snapshot.parks, 'e2');
    expect(() => index.affected(world.snapshot, other, [])).toThrow(RangeError);
    expect(index.snapshotId).toBe(world.snapshot.id);
  });

  it('is filled alike by a match and by a standing of its own', () => {
    const work = createWorkspace(PARKS);
    for (const { compiled, standing } of answers) {
      expect(standingOf(world.snapshot, compiled, work, standing.samples, standing.firstCount)).toEqual(standing);
    }
  });

  it('doubts every label nobody counted', () => {
    const work = createWorkspace(PARKS);
    const index = createNeedIndex(world.snapshot);
    for (const { id, need, text } of world.needs) {
      const compiled = compileNeed(world.snapshot.frame, need, text);
      index.put(id, compiled, standingOf(world.snapshot, compiled, work, SAMPLES, null));
    }
    const row = firstRow(0);
    const cheaper = (park: Park) =>
      withInventory(park, { landPriceWanPerMu: { ...park.inventory.landPriceWanPerMu, value: 18 } });
    expect(index.affected(world.snapshot, changed(world.snapshot, row, cheaper, 'f1'), [row])).toContain('need0');
  });
});

describe('parks that are not shown', () => {
  /** Ranked by wage alone: the park at row r has rank r + 1. */
  const wage = (park: Park, value: number) =>
    withInventory(park, { wageYuanPerMonth: { value, basis: 'confirmed', asOf: '2026-01-01' } });
  const parks = madeParks(40, 8)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((park, row) => wage(park, 4_100 + 50 * row));
  const weights = { ...Object.fromEntries(CRITERIA.map((criterion) => [criterion, 0])), wageCost: 1 };
  const need: Need = {
    ...{ firm: { name: '示例企业', countyAdcode: parks[0]?.countyAdcode ?? '' }, title: '示例', description: '示例' },
    ...{ gbt: '1300', land: { minMu: 0 }, investWan: 100, weights },
  };
  const start = snapshotOf(parks);
  const one = { id: 'need0', need, text: noText(start) };
  /** Steps one after the other; which of them the index names, the need being put again where it does. */
  function steps(...changes: readonly (readonly [row: number, wage: number])[]): readonly boolean[] {
    const index = createNeedIndex(start);
    const first = match(start, one);
    index.put(one.id, first.compiled, first.standing);
    let [before, outcome] = [start, first.outcome];
    return changes.map(([row, value], at) => {
      const after = changed(before, row, (park) => wage(park, value), `w${at}`);
      const named = index.affected(before, after, [row]).length > 0;
      const full = match(after, one);
      expect(sameOutcome(outcome, full.outcome) || named).toBe(true);
      if (named) index.put(one.id, full.compiled, full.standing);
      [before, outcome] = [after, full.outcome];
      return named;
    });
  }

  it('are no matter while they stay below the twentieth, and are one once they pass it or it falls behind them', () => {
    expect(steps([25, 5_200], [30, 4_000])).toEqual([false, true]);
    expect(steps([19, 5_080])).toEqual([false]);
    // Row 25 comes up unseen to right behind the twentieth, which then falls behind it, not behind the old next.
    expect(steps([25, 5_070], [19, 5_080])).toEqual([false, true]);
    expect(steps([25, 5_070], [19, 5_060], [25, 5_055])).toEqual([false, false, true]);
  });
});

describe('rowChange', () => {
  it('sees only what the engine reads', () => {
    const { snapshot } = world;
    const change = (edit: (park: Park) => Park) => rowChange(snapshot, changed(snapshot, 0, edit, 'g'), 0);
    expect(change((park) => ({ ...park, name: '别名' }))).toBeNull();
    const basis = (to: 'confirmed' | 'unverified') => (park: Park) =>
      withInventory(park, {
        factors: { ...park.inventory.factors, codT: { ...park.inventory.factors.codT, basis: to } },
      });
    expect(change(basis('confirmed'))).toBeNull();
    expect(change(basis('unverified'))?.gates).toHaveLength(1);
    expect(change(noLand)).toMatchObject({ row: 0, gates: [] });
  });

  it('names the rows that changed between two snapshots', () => {
    const after = changed(changed(world.snapshot, 3, noLand, 'h1'), 9, noLand, 'h2');
    expect(changedRows(world.snapshot, after)).toEqual([3, 9]);
  });
});
