import { describe, expect, it } from 'vitest';
import { changedRows } from '../../src/matching/rematch/facts.js';
import { compileSnapshot } from '../../src/matching/snapshot.js';
import { makeWorld } from './rematch/world.js';

describe('compileSnapshot', () => {
  it('gives the same snapshot over one before as from nothing, through a hundred changes', () => {
    for (const seed of [3, 4]) {
      const world = makeWorld(seed, 25, 1);
      let before = world.snapshot;
      let moved = 0;
      for (let step = 0; step < 100; step += 1) {
        const { frame, parks, id } = world.next();
        const whole = compileSnapshot(frame, parks, id);
        expect(compileSnapshot(frame, parks, id, before)).toEqual(whole);
        moved += changedRows(before, whole).length;
        before = whole;
      }
      expect(moved).toBeGreaterThan(50);
    }
  });

  it('takes nothing over from a snapshot of another frame', () => {
    const { snapshot } = makeWorld(3, 5, 1);
    const other = { ...snapshot, frame: { ...snapshot.frame }, labour: snapshot.labour.map(() => 7) };
    expect(compileSnapshot(snapshot.frame, snapshot.parks, 'a', other)).toEqual({ ...snapshot, id: 'a' });
  });
});
