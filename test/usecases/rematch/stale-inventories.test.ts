import { describe, expect, it } from 'vitest';
import type { Park } from '../../../src/domain/park.js';
import { MemoryParkStore } from '../../../src/memory/park-store.js';
import { raiseStaleInventories } from '../../../src/usecases/rematch/stale-inventories.js';
import { makePark } from '../../support/conformance/records.js';

/** All facts are of 2025-01-01 but for what is told. */
function parkWith(id: string, energyAsOf: string, value: number | null = 5_000): Park {
  const park = makePark(id);
  const { factors } = park.inventory;
  const energyTce = { ...factors.energyTce, asOf: energyAsOf, value };
  return { ...park, inventory: { ...park.inventory, factors: { ...factors, energyTce } } };
}

async function world(parks: readonly Park[]) {
  const parkStore = new MemoryParkStore();
  await parkStore.seed(parks);
  const signalled: string[] = [];
  const deps = {
    parkStore,
    changes: { changed: (_outbox: string, id: string) => void signalled.push(id) },
    clock: { now: () => '2026-01-02T00:00:00.000Z' },
  };
  return { parkStore, signalled, raise: (today: string, days = 365) => raiseStaleInventories(deps, days, today) };
}

describe('raiseStaleInventories', () => {
  it('raises once for each version of an inventory with a fact that is too old', async () => {
    const { parkStore, signalled, raise } = await world([parkWith('a', '2024-06-01'), parkWith('b', '2025-01-01')]);
    expect(await raise('2025-06-01')).toBe(0);
    expect(await raise('2025-06-02')).toBe(1);
    expect(await raise('2025-06-03')).toBe(0);
    expect(signalled).toEqual(['a']);
    expect(await parkStore.outbox.of(['a', 'b'])).toMatchObject([
      {
        id: 'a.s1',
        type: 'park.inventory_stale',
        object: { kind: 'park', id: 'a', version: 1 },
        chains: ['331127'],
        after: { version: 1, oldestAsOf: '2024-06-01', staleAfterDays: 365, staleFacts: ['energyTce'] },
      },
    ]);
    const still = parkWith('a', '2024-07-01').inventory;
    await parkStore.updateInventory('a', { version: 1, capacityVersion: 0 }, still, []);
    expect(await raise('2025-07-02')).toBe(1);
    expect((await parkStore.outbox.of(['a'])).map(({ id }) => id)).toEqual(['a.s1', 'a.s2']);
  });

  it('does not ask the age of what nobody knows', async () => {
    const { raise } = await world([parkWith('a', '2020-01-01', null)]);
    expect(await raise('2026-01-01')).toBe(0);
    expect(await raise('2026-01-02')).toBe(1);
  });
});
