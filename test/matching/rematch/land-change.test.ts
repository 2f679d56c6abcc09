import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoDate } from '../../../src/domain/units.js';
import { compileNeed } from '../../../src/matching/compile-need.js';
import { landChange, landMayRise, landTurns } from '../../../src/matching/rematch/land-change.js';
import { createRowFigures, judgeRow, type RowFigures } from '../../../src/matching/row-figures.js';
import { compileSnapshot, type Snapshot } from '../../../src/matching/snapshot.js';
import { withInventory } from '../made.js';
import { makeWorld } from './world.js';

const PARKS = 24;
const world = makeWorld(31, PARKS, 40);
const TODAY = world.snapshot.frame.todayNumber;

const parcel = fc.record({
  mu: fc.oneof(fc.integer({ min: 5, max: 260 }), fc.constantFrom(40, 80)),
  day: fc.integer({ min: 0, max: 5 }),
});
const parcels = fc.array(parcel, { maxLength: 6 });
/** What becomes of each parcel: it stays, goes, or shrinks to a part. */
const fates = fc.array(fc.constantFrom(1, 1, 0, 0.75, 0.5), { minLength: 6, maxLength: 6 });

function withParcels(list: readonly { readonly mu: number; readonly day: number }[], id: string): Snapshot {
  const { frame, parks } = world.snapshot;
  const made = list.map(({ mu: areaMu, day }, at) => ({
    ...{ id: `p${at}`, areaMu },
    availableFrom: isoDate(TODAY + 200 * day),
  }));
  return compileSnapshot(
    frame,
    parks.map((park, row) => (row === 0 ? withInventory(park, { parcels: made }) : park)),
    id,
  );
}

const LAND_CRITERIA = [0, 1, 7];
const judged = (snapshot: Snapshot, at: number): RowFigures => {
  const need = world.needs[at];
  if (need === undefined) throw new Error('no such need');
  const figures = createRowFigures();
  judgeRow(snapshot, compileNeed(snapshot.frame, need.need, need.text), 0, figures);
  return figures;
};

/** Holds what is told of a change of land against the judgement before and after; tells what was told. */
function heldAgainst(before: Snapshot, after: Snapshot) {
  const change = landChange(before, after, 0);
  const told = { turns: 0, may: 0, not: 0 };
  for (const [at, { need, text }] of world.needs.entries()) {
    const { land } = compileNeed(before.frame, need, text);
    if (land === null || land.phased) continue;
    const [was, is] = [judged(before, at), judged(after, at)];
    if (change !== null && landTurns(change, land)) {
      told.turns += 1;
      continue;
    }
    expect([is.live, is.live && is.open]).toEqual([was.live, was.live && was.open]);
    const rises = LAND_CRITERIA.some((place) => (is.weighted[place] ?? 0) > (was.weighted[place] ?? 0));
    if (change !== null && landMayRise(change, land)) told.may += 1;
    else {
      told.not += 1;
      if (was.live) expect(rises).toBe(false);
    }
  }
  return told;
}

describe('landChange', () => {
  it('tells for every need whether gates turn or a utility rises, where land goes or shrinks', () => {
    const told = { turns: 0, may: 0, not: 0 };
    fc.assert(
      fc.property(parcels, fates, (list, fate) => {
        const less = list.flatMap((one, at) => {
          const mu = one.mu * (fate[at] ?? 1);
          return mu === 0 ? [] : [{ ...one, mu }];
        });
        const { turns, may, not } = heldAgainst(withParcels(list, 'a'), withParcels(less, 'b'));
        told.turns += turns;
        told.may += may;
        told.not += not;
      }),
      { numRuns: 60 },
    );
    for (const count of Object.values(told)) expect(count).toBeGreaterThan(50);
  });

  it('tells it of any change', () => {
    fc.assert(
      fc.property(parcels, parcels, (one, other) => {
        heldAgainst(withParcels(one, 'a'), withParcels(other, 'b'));
      }),
      { numRuns: 40 },
    );
  });

  it('is none where the engine reads the same', () => {
    expect(landChange(withParcels([{ mu: 40, day: 1 }], 'a'), withParcels([{ mu: 40, day: 1 }], 'b'), 0)).toBeNull();
  });
});
