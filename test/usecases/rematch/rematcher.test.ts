import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { EMPTY_CAPACITY, type Hold } from '../../../src/domain/hold.js';
import { outcomeOf } from '../../../src/matching/rematch/outcome.js';
import type { NeedShards } from '../../../src/usecases/rematch/batches.js';
import { tinyReference } from '../../matching/tiny.js';
import { idOf, makeLead } from '../../support/conformance/lead-records.js';
import { makeRematchWorld, numberedPark, type RematchWorld } from './rematcher-world.js';
import { shardsInPlace } from './shards-in-place.js';

/** Every need says what matching would say now. */
async function expectTrue(world: RematchWorld, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    expect(outcomeOf(await world.answer(id)), id).toEqual(outcomeOf(await world.fresh(id)));
  }
}

const holdOf = (leadId: string, mu: number, until = '2999-01-01T00:00:00.000Z'): Hold => ({
  id: idOf('hold', 1),
  leadId,
  kind: 'soft',
  amounts: { parcels: [{ parcelId: 'a', mu }], factors: {} },
  placedAt: '2026-01-01T00:00:00.000Z',
  until,
  expiringToldAt: null,
  extensions: [],
});

async function placeHold(world: RematchWorld, parkId: string, hold: Hold): Promise<void> {
  const park = await world.parkStore.get(parkId);
  if (park === null) throw new Error('no such park');
  const expected = { version: park.version, capacityVersion: park.capacity.version };
  const capacity = { ...EMPTY_CAPACITY, version: expected.capacityVersion + 1, holds: [hold] };
  await world.parkStore.updateCapacity(parkId, expected, capacity, []);
}

describe('a change of facts', () => {
  it('moves the answers it touches, with what changed, and stores nothing for the others', async () => {
    const world = await makeRematchWorld();
    const touched = await world.need(1, { energyTce: 550 });
    const other = await world.need(2, { land: { minMu: 110 } });
    const rematcher = world.rematcher();
    await world.work(rematcher);
    expect(world.settled).toEqual([]);
    const before = await world.answer(other);

    await world.energy('p06', 500);
    await world.work(rematcher);
    expect(world.settled.map(({ needId, changes }) => [needId, changes])).toEqual([
      [touched, [{ kind: 'park', parkId: 'p06', fact: 'energyTce', from: 600, to: 500 }]],
    ]);
    expect((await world.answer(touched)).rankedTotal).toBe(0);
    expect(await world.answer(other)).toEqual(before);
    await expectTrue(world, [touched, other]);
  });

  it('is looked at once where nothing changed', async () => {
    const world = await makeRematchWorld();
    await world.need(1, { energyTce: 550 });
    const rematcher = world.rematcher();
    await world.work(rematcher);
    const before = world.matched.length;
    await world.work(rematcher);
    await world.work(rematcher);
    expect(world.matched.length).toBe(before);
  });

  it('folds with those that come before its turn; all of them are named', async () => {
    const world = await makeRematchWorld();
    const id = await world.need(1, { energyTce: 550 });
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.energy('p06', 500);
    await world.energy('p06', 560);
    await world.energy('p05', 700);
    await world.work(rematcher);
    expect(world.settled).toHaveLength(1);
    expect(world.settled[0]?.changes.map(({ parkId, from, to }) => [parkId, from, to])).toEqual([
      ['p05', 500, 700],
      ['p06', 600, 560],
    ]);
    await expectTrue(world, [id]);
  });

  it('that comes while the store fails is not lost', async () => {
    const world = await makeRematchWorld();
    const id = await world.need(1, { energyTce: 550 });
    let away = 0;
    const rematcher = world.rematcher({
      async settle(inputs) {
        if (away > 0) {
          away -= 1;
          throw new AppError('storeUnavailable');
        }
        return world.deps.settle(inputs);
      },
    });
    await world.work(rematcher);
    await world.energy('p06', 500);
    away = 1;
    await expect(world.work(rematcher)).rejects.toMatchObject({ code: 'storeUnavailable' });
    await world.work(rematcher);
    expect(world.settled.map(({ changes }) => changes.length)).toEqual([1]);
    await expectTrue(world, [id]);
  });

  it('reaches needs whose thread has ended, before it or while it is worked on', async () => {
    const world = await makeRematchWorld();
    const ids: string[] = [];
    for (let number = 1; number <= 12; number += 1) ids.push(await world.need(number, { energyTce: 500 + number }));
    const shards = shardsInPlace();
    let losing = false;
    const failing: NeedShards = {
      ...shards,
      async match(batch, facts, signal) {
        if (losing && batch.kind === 'outline') shards.lose(shards.shardOf(batch.needs[0]?.needId ?? ''));
        losing = false;
        return shards.match(batch, facts, signal);
      },
    };
    const rematcher = world.rematcher({ shards: failing });
    await world.work(rematcher);
    for (const [at, tce] of [505, 510, 490, 600].entries()) {
      if (at % 2 === 0) shards.lose(at / 2);
      else losing = true;
      await world.energy('p06', tce);
      await world.work(rematcher);
      await expectTrue(world, ids);
    }
    expect(world.lines.filter(({ message }) => message.includes('index of needs lost'))).toHaveLength(4);
  });

  it('found at the start is made good, whatever happened while no rematcher ran', async () => {
    const world = await makeRematchWorld();
    const [first, second] = [await world.need(1, { energyTce: 550 }), await world.need(2, { energyTce: 100 })];
    await world.energy('p06', 500);
    await world.work(world.rematcher());
    await expectTrue(world, [first, second]);
    expect(world.settled.map(({ needId }) => needId)).toContain(first);
    const stored = world.settled.length;
    await world.work(world.rematcher());
    expect(world.settled).toHaveLength(stored);
  });
});

describe('why an answer changed', () => {
  it('is told of a need that was matched just before the change, too', async () => {
    const world = await makeRematchWorld();
    const rematcher = world.rematcher();
    await world.work(rematcher);
    const id = await world.need(1, { energyTce: 550 });
    await world.energy('p06', 500);
    await world.work(rematcher);
    // Needs that came meanwhile are seen a second after the look before, at most.
    expect(rematcher.restMs()).toBe(1_000);
    await world.clock.advance(1_000);
    expect(rematcher.restMs()).toBe(0);
    await world.work(rematcher);
    expect(world.settled.map(({ needId, changes }) => [needId, changes])).toEqual([
      [id, [{ kind: 'park', parkId: 'p06', fact: 'energyTce', from: 600, to: 500 }]],
    ]);
  });

  it('is at least the day, where a process finds an answer of another day', async () => {
    const world = await makeRematchWorld();
    await world.need(1, { energyTce: 550 });
    await world.clock.advance(86_400_000 * 3);
    await world.energy('p06', 500);
    await world.work(world.rematcher());
    expect(world.settled.map(({ changes }) => changes)).toEqual([
      [{ kind: 'day', parkId: null, fact: null, from: '2026-03-01', to: '2026-03-04' }],
    ]);
  });
});

describe('needs', () => {
  it('that come, change or get a result by matching are taken up', async () => {
    const world = await makeRematchWorld();
    const rematcher = world.rematcher();
    await world.work(rematcher);
    const id = await world.need(1, { energyTce: 550 });
    await world.clock.advance(4_000);
    await world.work(rematcher);
    expect(rematcher.status().needs).toBe(1);
    await world.energy('p06', 500);
    await world.work(rematcher);
    expect(world.settled.map(({ needId }) => needId)).toEqual([id]);

    const stored = await world.needStore.get(id);
    if (stored === null) throw new Error('no need');
    const need = { ...stored.need, energyTce: 50 };
    const at = world.clock.now();
    const matching = { ...stored.matching, status: 'pending' as const, resultId: null };
    const next = { ...stored, version: 2, need, history: [...stored.history, { version: 2, need, at }], updatedAt: at };
    await world.needStore.replace({ ...next, matching }, 1, []);
    await world.clock.advance(4_000);
    await world.work(rematcher);
    expect(rematcher.status().needs).toBe(0);
    await world.matchNeed(id, 2);
    await world.clock.advance(4_000);
    await world.work(rematcher);
    await world.energy('p01', 20);
    await world.work(rematcher);
    expect((await world.answer(id)).version).toBe(2);
    await expectTrue(world, [id]);
  });

  it('with a signed lead are left as they are', async () => {
    const world = await makeRematchWorld();
    const [signed, open] = [await world.need(1, { energyTce: 550 }), await world.need(2, { energyTce: 540 })];
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.leadStore.insert(makeLead(1, { needId: signed, stage: 'signed' }), []);
    const before = await world.answer(signed);
    await world.energy('p06', 500);
    await world.work(rematcher);
    expect(world.settled.map(({ needId }) => needId)).toEqual([open]);
    expect(await world.answer(signed)).toEqual(before);
  });

  it('are not kept out by what is held for them, and others are', async () => {
    const world = await makeRematchWorld();
    const [own, other] = [await world.need(1, { land: { minMu: 115 } }), await world.need(2, { land: { minMu: 115 } })];
    const lead = makeLead(1, { needId: own, parkId: 'p06', stage: 'accepted' });
    await world.leadStore.insert(lead, []);
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await placeHold(world, 'p06', holdOf(lead.id, 115));
    await world.work(rematcher);
    expect(world.settled.map(({ needId }) => needId)).toEqual([other]);
    expect((await world.answer(own)).rankedTotal).toBe(1);
    await expectTrue(world, [own, other]);
    await world.edit('p06', (inventory) => ({ ...inventory, parcels: [] }));
    await world.work(rematcher);
    await expectTrue(world, [own, other]);
  });

  it('get back what a hold kept when its time is over, though nobody wrote anything', async () => {
    const world = await makeRematchWorld();
    const id = await world.need(1, { land: { minMu: 115 } });
    const rematcher = world.rematcher();
    const until = new Date(Date.parse(world.clock.now()) + 60_000).toISOString();
    await placeHold(world, 'p06', holdOf(idOf('lead', 9), 115, until));
    await world.work(rematcher);
    expect((await world.answer(id)).rankedTotal).toBe(0);
    await world.clock.advance(61_000);
    await world.work(rematcher);
    expect((await world.answer(id)).rankedTotal).toBe(1);
  });

  it('whose county no edition knows any more do not hold up the others', async () => {
    const world = await makeRematchWorld();
    const [gone, open] = [await world.need(1, { energyTce: 550 }), await world.need(2, { energyTce: 540 })];
    const rematcher = world.rematcher();
    await world.work(rematcher);
    const stored = await world.needStore.get(gone);
    if (stored === null) throw new Error('no need');
    const need = { ...stored.need, firm: { ...stored.need.firm, countyAdcode: '999999' } };
    await world.needStore.replace({ ...stored, need, version: 2, updatedAt: world.clock.now() }, 1, []);
    await world.clock.advance(4_000);
    await world.energy('p06', 500);
    await world.work(rematcher);
    await expectTrue(world, [open]);
    expect(rematcher.status().waiting).toBe(0);
  });
});

describe('another edition or day', () => {
  it('matches everything anew in a run that says why', async () => {
    const world = await makeRematchWorld();
    const ids = [await world.need(1, { energyTce: 550 }), await world.need(2, { gbt: '2912' })];
    const rematcher = world.rematcher();
    await world.work(rematcher);
    const [profile] = tinyReference().profiles;
    if (profile === undefined) throw new Error('no profile');
    const rule = {
      ...{ id: 'r1', level: 'ban' as const, adcodes: ['331101'], gbtPrefixes: ['2912'], text: 'ban' },
      provenance: { source: 'test', basis: 'public' as const, asOf: '2026-01-01' },
    };
    await world.referenceStore.publish('edition-2', tinyReference({ accessRules: [rule] }));
    await world.work(rematcher);
    await expectTrue(world, ids);
    expect(world.settled.map(({ needId, changes }) => [needId, changes])).toEqual([
      [ids[1], [{ kind: 'edition', parkId: null, fact: null, from: 'edition-1', to: 'edition-2' }]],
    ]);
    const [run] = (await world.runStore.list(null, null, 1)).items;
    expect(run).toMatchObject({ reason: 'edition', state: 'done', total: 2, done: 2, changed: 1 });
  });

  it('a parcel whose day has come is found', async () => {
    const world = await makeRematchWorld();
    await world.edit('p06', (inventory) => ({
      ...inventory,
      parcels: [{ id: 'a', areaMu: 120, availableFrom: '2026-03-03' }],
    }));
    const id = await world.need(1, { land: { minMu: 115 } });
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.clock.advance(86_400_000 * 3);
    await world.work(rematcher);
    await expectTrue(world, [id]);
    const runs = (await world.runStore.list(null, null, 10)).items;
    expect(runs.every(({ state, reason }) => state === 'done' && reason === 'day')).toBe(true);
    expect(runs).toHaveLength(2);
  });

  it('another set of parks too', async () => {
    const world = await makeRematchWorld();
    const id = await world.need(1, { energyTce: 550 });
    const rematcher = world.rematcher();
    await world.work(rematcher);
    await world.parkStore.seed([numberedPark(8)]);
    await world.work(rematcher);
    await expectTrue(world, [id]);
    expect(world.settled[0]?.changes).toMatchObject([{ kind: 'park', parkId: 'p08', fact: 'park' }]);
  });
});

it('leaves off where it is not the leader any more', async () => {
  const world = await makeRematchWorld();
  await world.need(1, { energyTce: 550 });
  let leads = true;
  const rematcher = world.rematcher({ confirm: async () => leads });
  await world.work(rematcher);
  await world.energy('p06', 500);
  leads = false;
  await world.work(rematcher);
  expect(world.settled).toEqual([]);
  leads = true;
  await world.work(rematcher);
  expect(world.settled).toHaveLength(1);
});

it('says nothing of a firm in its log', async () => {
  const world = await makeRematchWorld();
  await world.need(1, { energyTce: 550 });
  const rematcher = world.rematcher();
  await world.work(rematcher);
  await world.energy('p06', 500);
  await world.work(rematcher);
  expect(JSON.stringify(world.lines)).not.toContain('不可外传');
});
