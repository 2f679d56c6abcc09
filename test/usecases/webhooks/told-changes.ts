import type { Change } from '../../../src/domain/change.js';
import { MemoryParkStore } from '../../../src/memory/park-store.js';
import { expireHolds } from '../../../src/usecases/holds/expire-holds.js';
import { raiseStaleInventories } from '../../../src/usecases/rematch/stale-inventories.js';
import { makePark } from '../../support/conformance/records.js';
import { type HoldWorld, makeHoldWorld } from '../holds/hold-world.js';
import {
  hostStaff,
  makeWorld,
  NOTE,
  OTHER_HOST,
  only,
  parkOf,
  sourceStaff,
  type World,
} from '../leads/writing-world.js';
import { makeRematchWorld } from '../rematch/rematcher-world.js';

type Story = (world: World, id: string) => Promise<unknown>;

const toProduction: Story = async (world, id) => {
  await world.walk(
    id,
    [hostStaff(), { move: 'accept' }],
    [hostStaff(), { move: 'assess' }],
    [hostStaff(), { move: 'giveFeedback', outcome: 'proceed' }],
    [sourceStaff(), { move: 'disclose' }],
  );
  await world.hold(id, 'firm');
  await world.walk(
    id,
    [hostStaff(), { move: 'beginTalk' }],
    [hostStaff(), { move: 'sign' }],
    [hostStaff(), { move: 'supplyLand' }],
    [hostStaff(), { move: 'startConstruction' }],
    [hostStaff(), { move: 'complete' }],
    [hostStaff(), { move: 'startProduction' }],
  );
};

const elsewhere: Story = (world, id) =>
  world.walk(
    id,
    [hostStaff(), { move: 'decline', reason: 'landShort', note: NOTE }],
    [sourceStaff(), { move: 'transfer', parkId: parkOf(OTHER_HOST) }],
    [hostStaff(OTHER_HOST), { move: 'accept' }],
    [sourceStaff(), { move: 'end', reason: 'firmWithdrew' }],
  );

const forgotten: Story = async (world) => {
  for (let halfDays = 0; halfDays < 20; halfDays += 1) {
    await world.clock.advance(12 * 3_600_000);
    await world.raise();
  }
};

/** Changes of a lead from registering to production, of one that goes to another county, and of one nobody looks after. */
export async function leadChanges(): Promise<readonly Change[]> {
  const all: Change[] = [];
  for (const [index, story] of [toProduction, elsewhere, forgotten].entries()) {
    const world = await makeWorld();
    // Each in a world of its own, where no other project is like it, with another id.
    for (let before = 0; before < index; before += 1) await world.need();
    await story(world, only((await world.register(await world.need())).leads).lead.id);
    all.push(...(await world.changes()).filter(({ object }) => object.kind === 'lead'));
  }
  return all;
}

/** What becomes of a hold that runs out, with the one that waited for its room. */
export async function holdChanges(): Promise<readonly Change[]> {
  const world: HoldWorld = await makeHoldWorld();
  const [first, second] = [await world.lead({ land: { minMu: 50 } }), await world.lead({ land: { minMu: 55 } })];
  await world.place(first);
  await world.place(second, { wait: true });
  for (const days of [28, 3]) {
    await world.days(days);
    await expireHolds(world.deps);
  }
  return world.changes();
}

/** A first result, one that is better, and one in which no park is left. */
export async function matchChanges(): Promise<readonly Change[]> {
  const world = await makeRematchWorld(2);
  const id = await world.need(1, { energyTce: 300 });
  const rematcher = world.rematcher();
  await world.work(rematcher);
  for (const [first, second] of [
    [0, 5_000],
    [0, 0],
  ] as const) {
    const ids = (await world.parkStore.all()).map((park) => park.id);
    await world.energy(ids[0] ?? '', first);
    await world.energy(ids[1] ?? '', second);
    await world.work(rematcher);
  }
  return world.needStore.outbox.of([id]);
}

/** Of a park whose facts are old. */
export async function staleChanges(): Promise<readonly Change[]> {
  const parkStore = new MemoryParkStore();
  await parkStore.seed([makePark('old')]);
  const deps = {
    parkStore,
    changes: { changed: () => undefined },
    clock: { now: () => '2029-01-02T00:00:00.000Z' },
  };
  await raiseStaleInventories(deps, 365, '2029-01-02');
  return parkStore.outbox.of(['old']);
}
