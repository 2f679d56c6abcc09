import { describe, expect, it } from 'vitest';
import { settleTogether } from '../../../src/usecases/rematch/settle-result.js';
import { known } from '../../matching/tiny.js';
import { makeRematchWorld, type RematchWorld } from './rematcher-world.js';

/** Longer than facts have to rest before results are made whole. */
const REST_MS = 1_000;

function ended(): never {
  throw new Error('the process ended here');
}

/** Needs of which one change of a park touches every one. */
async function withNeeds(count: number): Promise<{ readonly world: RematchWorld; readonly ids: readonly string[] }> {
  const world = await makeRematchWorld();
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) ids.push(await world.need(number, { energyTce: 540 + number }));
  return { world, ids };
}

async function storedResult(world: RematchWorld, id: string) {
  const resultId = (await world.needStore.get(id))?.matching.resultId ?? '';
  return {
    resultId,
    whole: await world.resultStore.get(resultId),
    outline: await world.historyStore.outline(resultId),
  };
}

describe('a change that touches needs', () => {
  it('stores outlines first, with history and pointers, and the whole results once facts rest', async () => {
    const { world, ids } = await withNeeds(5);
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.energy('p06', 500);
    await world.work(rematcher);
    expect(rematcher.status()).toMatchObject({ touched: 0, waiting: 0, outlines: 5 });
    for (const id of ids) {
      const { resultId, whole, outline } = await storedResult(world, id);
      expect(whole).toBeNull();
      expect(outline).not.toBeNull();
      expect((await world.historyStore.last(id))?.toResultId).toBe(resultId);
    }
    expect(await world.factsStore.notes(10)).toHaveLength(1);

    world.clock.advance(REST_MS);
    await world.work(rematcher);
    expect(rematcher.status().outlines).toBe(0);
    for (const id of ids) {
      const { whole, outline } = await storedResult(world, id);
      expect(whole).toEqual({ ...(await world.fresh(id)), generatedAt: outline?.generatedAt });
    }
    expect(await world.factsStore.notes(10)).toEqual([]);
  });

  it('is read whole before anybody has filled it in, from the facts of then', async () => {
    const { world, ids } = await withNeeds(4);
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.energy('p06', 500);
    await world.work(rematcher);
    const expected = await Promise.all(ids.map((id) => world.fresh(id)));
    // The facts move on in a way that no answer shows.
    await world.edit('p01', (inventory) => ({ ...inventory, wageYuanPerMonth: known(9_999) }));
    for (const [at, id] of ids.entries()) {
      const { outline } = await storedResult(world, id);
      expect(await world.answer(id)).toEqual({ ...expected[at], generatedAt: outline?.generatedAt });
    }
  });

  it('is filled in by the next process where this one ended, of older facts too', async () => {
    const { world, ids } = await withNeeds(4);
    const first = world.rematcher();
    await world.work(first);
    await world.energy('p06', 500);
    await world.work(first);
    await world.energy('p06', 600);
    await world.work(first);
    const notes = await world.factsStore.notes(10);
    expect(new Set(notes.map(({ snapshotId }) => snapshotId)).size).toBe(2);

    world.clock.advance(REST_MS);
    const next = world.rematcher();
    await world.work(next);
    world.clock.advance(REST_MS);
    await world.work(next);
    expect(next.status().outlines).toBe(0);
    for (const resultId of notes.flatMap(({ resultIds }) => resultIds)) {
      if ((await world.historyStore.outline(resultId)) === null) continue;
      expect(await world.resultStore.get(resultId), resultId).not.toBeNull();
    }
    for (const id of ids) expect((await storedResult(world, id)).whole).not.toBeNull();
    expect(await world.factsStore.notes(10)).toEqual([]);
  });

  it('loses nothing where the store fails between the note and the pointers', async () => {
    const { world, ids } = await withNeeds(4);
    const rematcher = world.rematcher({
      async settle(inputs) {
        const needStore = { settle: async () => ended(), settleMany: async () => ended() };
        return settleTogether({ ...world.settling, needStore }, inputs);
      },
    });
    await world.work(rematcher);
    await world.energy('p06', 500);
    await expect(world.work(rematcher)).rejects.toThrow('ended here');
    const next = world.rematcher();
    await world.work(next);
    world.clock.advance(REST_MS);
    await world.work(next);
    for (const id of ids) {
      const { whole } = await storedResult(world, id);
      expect(whole?.ranked.map(({ park }) => park.id)).toEqual(
        (await world.fresh(id)).ranked.map(({ park }) => park.id),
      );
      expect((await world.historyStore.list(id, null, 10)).items).toHaveLength(2);
    }
    expect(await world.factsStore.notes(10)).toEqual([]);
  });
});
