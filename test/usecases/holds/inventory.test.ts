import { describe, expect, it } from 'vitest';
import { getPark, listParks, updateInventory } from '../../../src/usecases/browse.js';
import { DAY, known, tinyPark } from '../../matching/tiny.js';
import { auditor, coordinator, HOST, host, makeHoldWorld, mu, otherHost, program, source } from './hold-world.js';

const inventory = (areaMu: number, codT: number | null = 10) =>
  tinyPark('p1', {
    parcels: [
      { id: 'a', areaMu, availableFrom: DAY },
      { id: 'b', areaMu: 40, availableFrom: DAY },
    ],
    factors: { codT: known(codT), noxT: known(null), energyTce: known(1_000) },
  }).inventory;

async function heldWorld() {
  const world = await makeHoldWorld();
  const id = await world.lead();
  await world.place(id, { amounts: { ...mu(20), factors: { codT: 4 } } });
  const { parkStore, references, clock } = world;
  return { ...world, id, deps: { ...world.deps, parkStore, references, clock } };
}

describe('the inventory of a park', () => {
  it('may not be recorded below what is held of it', async () => {
    const { deps, park, days } = await heldWorld();
    await expect(updateInventory(deps, host, 'p1', 1, inventory(19, 3))).rejects.toMatchObject({
      code: 'invalidInput',
      issues: [
        { field: 'parcels[0].areaMu', code: 'belowHeld', value: 19, limit: 20 },
        { field: 'factors.codT', code: 'belowHeld', value: 3, limit: 4 },
      ],
    });
    expect((await park()).version).toBe(1);
    expect((await updateInventory(deps, host, 'p1', 1, inventory(20, 4))).version).toBe(2);
    await days(30);
    expect((await updateInventory(deps, host, 'p1', 2, inventory(1, null))).version).toBe(3);
  });

  it('is judged anew over holds that come in between, under the version its writer saw', async () => {
    const { deps, parkStore, place, lead, park } = await heldWorld();
    const update = parkStore.updateInventory.bind(parkStore);
    const another = await lead();
    let first = true;
    parkStore.updateInventory = async (...given) => {
      if (first) await place(another, { amounts: mu(30) });
      first = false;
      return update(...given);
    };
    await expect(updateInventory(deps, host, 'p1', 1, inventory(45))).rejects.toMatchObject({
      issues: [{ code: 'belowHeld', limit: 50 }],
    });
    first = true;
    expect((await updateInventory(deps, host, 'p1', 1, inventory(55))).version).toBe(2);
    expect((await park()).capacity.holds).toHaveLength(2);
    await expect(updateInventory(deps, host, 'p1', 1, inventory(60))).rejects.toMatchObject({
      code: 'versionConflict',
      params: { currentVersion: 2 },
    });
  });

  it('tells what was changed, number by number', async () => {
    const { deps, changes } = await heldWorld();
    await updateInventory(deps, host, 'p1', 1, inventory(80, 12));
    expect((await changes()).at(-1)).toMatchObject({
      id: 'p1.2',
      type: 'park.inventory_changed',
      object: { kind: 'park', id: 'p1', version: 2 },
      chains: [HOST],
      before: { 'parcel:a': 60, codT: 10 },
      after: { 'parcel:a': 80, codT: 12 },
    });
  });

  it('is for the county and the province to change', async () => {
    const { deps } = await heldWorld();
    for (const who of [source, otherHost, auditor, program(HOST, 'park.read')]) {
      await expect(updateInventory(deps, who, 'p1', 1, inventory(60))).rejects.toMatchObject({ code: 'forbidden' });
    }
    await updateInventory(deps, coordinator, 'p1', 1, inventory(61));
    await updateInventory(deps, program(HOST, 'park.write'), 'p1', 2, inventory(62));
  });

  it('is shown whole, without whose holds there are', async () => {
    const { deps, id, snapshots } = await heldWorld();
    const shown = [await getPark(deps, 'p1'), ...(await listParks(deps, {}, null, 10)).items];
    for (const park of shown) expect(park.capacity.holds).toEqual([]);
    expect(shown[0]?.inventory.parcels[0]?.areaMu).toBe(60);
    expect(JSON.stringify(shown)).not.toContain(id);
    const { snapshot, stock } = await snapshots.current();
    expect(snapshot.parks[0]?.inventory.parcels[0]?.areaMu).toBe(40);
    expect(snapshot.parks[0]?.inventory.factors.codT.value).toBe(6);
    // Where nothing is held the park is the same object: nothing was copied.
    expect(snapshot.parks[1]).toBe(stock[1]);
  });
});
