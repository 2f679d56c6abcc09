import { describe, expect, it } from 'vitest';
import type { RematchRun } from '../../../src/domain/rematch.js';
import { outcomeOf } from '../../../src/matching/rematch/outcome.js';
import { insertNightly, waitingRun } from '../../../src/usecases/rematch/full-run.js';
import { tinyReference } from '../../matching/tiny.js';
import { makeRematchWorld, type RematchWorld } from './rematcher-world.js';
import { shardsInPlace } from './shards-in-place.js';

const NEEDS = 24;

/** Needs in two counties, matched, and an edition in which a ban takes their answers away. */
async function worldWithWork(count = NEEDS): Promise<RematchWorld & { readonly needIds: readonly string[] }> {
  const world = await makeRematchWorld(4);
  const needIds: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const countyAdcode = number % 3 === 0 ? '331102' : '330782';
    const gbt = number % 2 === 0 ? '2912' : '3985';
    const firm = { name: '不可外传有限公司', countyAdcode };
    needIds.push(await world.need(number, { firm, gbt, energyTce: number }));
  }
  return Object.assign(world, { needIds });
}

async function ban(world: RematchWorld): Promise<void> {
  const provenance = { source: 'test', basis: 'public' as const, asOf: '2026-01-01' };
  const rule = { id: 'r1', level: 'ban' as const, adcodes: ['331101'], gbtPrefixes: ['2912'], text: 'ban', provenance };
  await world.referenceStore.publish('edition-2', tinyReference({ accessRules: [rule] }));
}

const newest = async (world: RematchWorld): Promise<RematchRun | undefined> =>
  (await world.runStore.list(null, null, 1)).items[0];

describe('a run over all needs', () => {
  it('stores nothing where every outcome is the same, and says how many it did', async () => {
    const world = await worldWithWork();
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.clock.advance(10);
    const run = waitingRun({ ids: world.ids, clock: world.clock }, 'by hand', 'manual', null);
    await world.runStore.insert(run, []);
    world.matched.length = 0;
    await world.work(rematcher);
    expect(await world.runStore.get(run.id)).toMatchObject({ state: 'done', total: NEEDS, done: NEEDS, changed: 0 });
    expect(new Set(world.matched).size).toBe(NEEDS);
    expect(world.settled).toEqual([]);
  });

  it('of a county does its needs only; that of all others leaves out counties with a night of their own', async () => {
    const world = await worldWithWork();
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.runStore.putSchedule({ countyAdcode: '331102', cron: '0 20 * * *', version: 1 }, 0, []);
    const parts = { runStore: world.runStore, ids: world.ids, clock: world.clock };
    expect(await insertNightly(parts, '331102', 'repeat:nightly-331102:1')).toBe('done');
    await world.clock.advance(5);
    expect(await insertNightly(parts, null, 'repeat:nightly-rest:1')).toBe('done');
    expect(await insertNightly(parts, null, 'repeat:nightly-rest:1')).toBe('duplicate');
    await world.work(rematcher);
    const runs = (await world.runStore.list(null, null, 10)).items.filter(({ reason }) => reason === 'nightly');
    expect(runs.map(({ countyAdcode, done, state }) => [countyAdcode, done, state])).toEqual([
      [null, 16, 'done'],
      ['331102', 8, 'done'],
    ]);
    expect(await insertNightly(parts, null, 'repeat:nightly-rest:1')).toBe('duplicate');
  });

  it.each([1, 2])('killed after %i waves goes on from there and ends as if nothing had been', async (waves) => {
    const [killed, whole] = [await worldWithWork(), await worldWithWork()];
    for (const world of [killed, whole]) {
      await world.work(world.rematcher());
      await ban(world);
    }
    await whole.work(whole.rematcher());

    const dying = killed.rematcher();
    dying.look();
    for (let turn = 0; turn < waves; turn += 1) {
      await killed.clock.advance(1_100);
      await dying.turn(new AbortController().signal);
    }
    const left = await newest(killed);
    expect(left?.state).toBe('running');
    const settledBefore = killed.settled.length;
    killed.matched.length = 0;
    await killed.work(killed.rematcher());
    expect(await newest(killed)).toMatchObject({ state: 'done', total: NEEDS, done: NEEDS, id: left?.id });
    // What was done before is looked at again, for the index; nothing of it is stored again.
    expect(killed.settled.length).toBe(whole.settled.length);
    expect(settledBefore).toBeGreaterThan(0);
    for (const id of killed.needIds) {
      expect(outcomeOf(await killed.answer(id))).toEqual(outcomeOf(await whole.answer(id)));
      const [one, other] = [await killed.historyStore.list(id, null, 10), await whole.historyStore.list(id, null, 10)];
      expect(one.items.length).toBe(other.items.length);
    }
  });

  it('makes way for a change it hears of: what is with the threads is finished, and no more is sent', async () => {
    const many = 90;
    const world = await worldWithWork(many);
    const shards = shardsInPlace(world.matched);
    let heard: (() => void) | null = null;
    const rematcher = world.rematcher({
      waveSize: 512,
      shards: {
        ...shards,
        match: async (...asked) => {
          const answers = await shards.match(...asked);
          heard?.();
          return answers;
        },
      },
    });
    await world.work(rematcher);
    await world.clock.advance(10);
    const run = waitingRun({ ids: world.ids, clock: world.clock }, 'by hand', 'manual', null);
    await world.runStore.insert(run, []);
    await world.clock.advance(1_100);
    world.matched.length = 0;
    // The first batch comes back when facts have changed again.
    heard = () => rematcher.look();
    const turn = () => rematcher.turn(new AbortController().signal);
    await turn();
    const ofFirst = world.matched.length;
    heard = null;
    await world.energy('p04', 2);
    await turn();
    expect(ofFirst).toBeGreaterThan(0);
    expect(ofFirst).toBeLessThan(many / 2);
    await world.work(rematcher);
    expect(await world.runStore.get(run.id)).toMatchObject({ state: 'done', total: many, done: many });
    for (const id of world.needIds) expect(outcomeOf(await world.answer(id))).toEqual(outcomeOf(await world.fresh(id)));
  });

  it('does not keep needs waiting that a change touches, where it comes to them itself', async () => {
    const many = 90;
    const world = await worldWithWork(many);
    const shards = shardsInPlace(world.matched);
    let heard: (() => void) | null = null;
    const match: typeof shards.match = async (...asked) => {
      heard?.();
      return shards.match(...asked);
    };
    const rematcher = world.rematcher({ waveSize: 512, shards: { ...shards, match } });
    await world.work(rematcher);
    await world.clock.advance(10);
    const run = waitingRun({ ids: world.ids, clock: world.clock }, 'by hand', 'manual', null);
    await world.runStore.insert(run, []);
    // Takes the park from the needs that ask for more: a third of them.
    await world.energy('p04', 60);
    await world.energy('p03', 60);
    world.matched.length = 0;
    heard = () => rematcher.look();
    await rematcher.turn(new AbortController().signal);
    expect(world.matched.length).toBeGreaterThan(30);
    expect(world.matched.length).toBeLessThan(many);
    expect(rematcher.status()).toMatchObject({ touched: 0 });
    heard = null;
    await world.work(rematcher);
    expect(await world.runStore.get(run.id)).toMatchObject({ state: 'done', total: many, done: many });
    for (const id of world.needIds) expect(outcomeOf(await world.answer(id))).toEqual(outcomeOf(await world.fresh(id)));
  });

  it('counts needs that came just before it was asked for', async () => {
    const world = await worldWithWork(3);
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.need(4);
    const [one, two] = ['first', 'second'].map((occasion) =>
      waitingRun({ ids: world.ids, clock: world.clock }, occasion, 'manual', null),
    );
    if (one === undefined || two === undefined) throw new Error('no runs');
    await world.runStore.insert(one, []);
    await world.runStore.insert(two, []);
    await world.work(rematcher);
    for (const { id } of [one, two]) {
      expect(await world.runStore.get(id)).toMatchObject({ state: 'done', total: 4, done: 4 });
    }
  });

  it('is done once by a process that starts when it was done', async () => {
    const world = await worldWithWork(9);
    await world.work(world.rematcher());
    await world.work(world.rematcher());
    expect((await world.runStore.list(null, null, 10)).items).toHaveLength(1);
  });

  it('shows how far it is, and goes on while facts change', async () => {
    const world = await worldWithWork();
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.clock.advance(10);
    const run = waitingRun({ ids: world.ids, clock: world.clock }, 'by hand', 'manual', null);
    await world.runStore.insert(run, []);
    rematcher.look();
    const seen: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      await world.clock.advance(1_100);
      await world.energy('p04', 400 - turn);
      await rematcher.turn(new AbortController().signal);
      seen.push((await world.runStore.get(run.id))?.done ?? 0);
    }
    expect(seen.some((done) => done > 0 && done < NEEDS)).toBe(true);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(seen.at(-1)).toBe(NEEDS);
    await world.work(rematcher);
    expect(await world.runStore.get(run.id)).toMatchObject({ state: 'done', workedMs: expect.any(Number) });
    for (const id of world.needIds) {
      expect(outcomeOf(await world.answer(id))).toEqual(outcomeOf(await world.fresh(id)));
    }
  });
});
