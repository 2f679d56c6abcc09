import { describe, expect, it } from 'vitest';
import { MemoryRematchRunStore } from '../../../src/memory/rematch-run-store.js';
import { createRunDesk } from '../../../src/usecases/rematch/full-run.js';
import type { OpenNeed } from '../../../src/usecases/rematch/load-index.js';
import { makeStoredNeed, needIdOf } from '../../support/conformance/records.js';
import { makeRun, runIdOf } from '../../support/conformance/rematch-run-store.js';
import { ManualClock } from '../manual-clock.js';

const idsOf = (...numbers: number[]): string[] => numbers.map(needIdOf);

/** A run over so many needs, at a desk. */
async function atDesk(count: number) {
  const needs = new Map<string, OpenNeed>();
  for (let number = 1; number <= count; number += 1) {
    const { id, version, need, matching } = makeStoredNeed(number);
    needs.set(id, { id, version, need, matching, resultId: 'r', outcome: null, text: null, heldIn: null });
  }
  const [runStore, clock] = [new MemoryRematchRunStore(), new ManualClock()];
  const book = { ids: () => [...needs.keys()].sort(), get: (id: string) => needs.get(id) };
  const desk = () => createRunDesk({ runStore, book, clock });
  await runStore.insert(makeRun(1), []);
  const first = desk();
  await first.look();
  return {
    ...{ needs, clock, first, desk },
    async stored() {
      await first.save();
      return runStore.get(runIdOf(1));
    },
    run: () => runStore.get(runIdOf(1)),
  };
}

describe('the desk of runs', () => {
  it('takes needs back in whatever order, counts up to the first that is not done, and gives none twice', async () => {
    const { first, stored } = await atDesk(8);
    expect(await first.next(6)).toEqual(idsOf(1, 2, 3, 4, 5, 6));
    await first.done(idsOf(2, 3, 5), 1);
    expect(await stored()).toMatchObject({ cursor: null, done: 0, changed: 1, total: 8 });
    expect(await first.next(6)).toEqual(idsOf(1, 4, 6, 7, 8));
    await first.done(idsOf(1), 0);
    expect(await stored()).toMatchObject({ cursor: needIdOf(3), done: 3, changed: 1 });
    await first.done(idsOf(8, 4), 2);
    expect(await stored()).toMatchObject({ cursor: needIdOf(5), done: 5, changed: 3 });
    expect(await first.next(6)).toEqual(idsOf(6, 7));
    await first.done(idsOf(6, 7), 0);
    expect(await first.next(6)).toEqual([]);
    expect((await stored())?.state).toBe('done');
  });

  it('goes on at another desk from where all are done', async () => {
    const { first, stored, desk, run } = await atDesk(6);
    await first.next(6);
    await first.done(idsOf(1, 2, 4, 6), 4);
    expect(await stored()).toMatchObject({ cursor: needIdOf(2), done: 2 });
    const second = desk();
    await second.look();
    expect(await second.next(9)).toEqual(idsOf(3, 4, 5, 6));
    await second.done(idsOf(6, 5, 4, 3), 0);
    expect(await second.next(9)).toEqual([]);
    expect(await run()).toMatchObject({ state: 'done', done: 6, total: 6 });
  });

  it('passes needs that went while others were done', async () => {
    const { first, needs, stored } = await atDesk(5);
    await first.next(5);
    await first.done(idsOf(2, 4), 0);
    needs.delete(needIdOf(1));
    needs.delete(needIdOf(4));
    await first.done(idsOf(3), 0);
    expect(await stored()).toMatchObject({ cursor: needIdOf(3), done: 2 });
    expect(await first.next(5)).toEqual(idsOf(5));
    await first.done(idsOf(5), 0);
    expect(await first.next(5)).toEqual([]);
    expect(await stored()).toMatchObject({ state: 'done', done: 5 });
  });
});
