import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/change.js';
import { EMPTY_CAPACITY, type Hold, NEVER, type ParkCapacity } from '../../../src/domain/hold.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import type { ParkStore } from '../../../src/ports/park-store.js';
import { DIFFICULT_TEXT, makePark } from './records.js';

const FIRST = { version: 1, capacityVersion: 0 };

/** A change of a park, with nothing in it that matters. */
function changeOf(parkId: string, part: string): Change {
  return {
    id: `${parkId}.${part}`,
    at: '2025-03-01T08:00:00.000Z',
    actor: { kind: 'system', id: 'system', role: 'coordinator', countyAdcode: null },
    requestId: null,
    type: 'hold.placed',
    object: { kind: 'park', id: parkId, version: 1 },
    chains: ['331127'],
    before: null,
    after: { 'parcel:a-1': 20 },
    scheme: null,
  };
}

/** A hold of a small number of mu. */
export function holdOfMu(number: number, mu: number, overrides: Partial<Hold> = {}): Hold {
  return {
    id: `hold_${String(number).padStart(24, '0')}`,
    leadId: `lead_${String(number).padStart(24, '0')}`,
    kind: 'soft',
    amounts: { parcels: [{ parcelId: 'a-1', mu }], factors: { codT: 0.1 } },
    placedAt: '2025-03-01T08:00:00.000Z',
    until: '2025-03-31T08:00:00.000Z',
    expiringToldAt: null,
    extensions: [],
    ...overrides,
  };
}

const holding = (version: number, ...holds: readonly Hold[]): ParkCapacity => ({ ...EMPTY_CAPACITY, version, holds });

/** What every ParkStore must do. `makeBoth` gives an empty store, and its outbox, each time. */
export function describeParkStoreConformance(
  name: string,
  makeBoth: () => Promise<{ readonly store: ParkStore; readonly outbox: Outbox }>,
): void {
  const makeStore = async (): Promise<ParkStore> => (await makeBoth()).store;
  describe(`ParkStore: ${name}`, () => {
    it('gives back seeded parks ordered by id', async () => {
      const store = await makeStore();
      const parks = ['c', 'a', 'b'].map((id) => makePark(id, { name: DIFFICULT_TEXT }));
      expect(await store.seed(parks)).toEqual({ added: 3, updated: 0, kept: 0 });
      expect(await store.all()).toEqual(['a', 'b', 'c'].map((id) => makePark(id, { name: DIFFICULT_TEXT })));
      expect(await store.versions()).toEqual(['a', 'b', 'c'].map((id) => ({ id, ...FIRST, holdsUntil: [] })));
      expect(await store.get('b')).toEqual(makePark('b', { name: DIFFICULT_TEXT }));
    });

    it('is empty before it is seeded', async () => {
      const store = await makeStore();
      expect(await store.all()).toEqual([]);
      expect(await store.versions()).toEqual([]);
      expect(await store.get('a')).toBeNull();
      expect(await store.updateInventory('a', FIRST, makePark('a').inventory, [])).toEqual({ outcome: 'missing' });
    });

    it('replaces an inventory once for a version', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const inventory = { ...makePark('a').inventory, parcels: [] };
      const park = makePark('a', { inventory, version: 2 });
      expect(await store.updateInventory('a', FIRST, inventory, [])).toEqual({ outcome: 'replaced', park });
      expect(await store.updateInventory('a', FIRST, makePark('a').inventory, [])).toEqual({
        outcome: 'stale',
        currentVersion: 2,
        currentCapacityVersion: 0,
      });
      expect(await store.get('a')).toEqual(park);
      expect(await store.versions()).toEqual([{ id: 'a', version: 2, capacityVersion: 0, holdsUntil: [] }]);
    });

    it('lets exactly one of 20 racing updates win', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.updateInventory(
            'a',
            FIRST,
            {
              ...makePark('a').inventory,
              parcels: [{ id: `p${index}`, areaMu: index, availableFrom: '2025-01-01' }],
            },
            [],
          ),
        ),
      );
      const won = answers.filter((answer) => answer.outcome === 'replaced');
      expect(won).toHaveLength(1);
      expect(answers.filter((answer) => answer.outcome === 'stale' && answer.currentVersion === 2)).toHaveLength(19);
      expect(await store.get('a')).toEqual(won[0]?.outcome === 'replaced' ? won[0].park : null);
    });

    it('changes nothing when the same seeds come again', async () => {
      const store = await makeStore();
      await store.seed([makePark('a'), makePark('b')]);
      expect(await store.seed([makePark('a'), makePark('b')])).toEqual({ added: 0, updated: 0, kept: 2 });
      expect(await store.versions()).toEqual([
        { id: 'a', ...FIRST, holdsUntil: [] },
        { id: 'b', ...FIRST, holdsUntil: [] },
      ]);
    });

    it('takes changed seeds for a park nobody edited, under a new version so that snapshots notice', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const changed = makePark('a', { inventory: { ...makePark('a').inventory, parcels: [] } });
      expect(await store.seed([changed])).toEqual({ added: 0, updated: 1, kept: 0 });
      expect(await store.get('a')).toEqual({ ...changed, version: 2 });
      expect(await store.seed([makePark('a')])).toEqual({ added: 0, updated: 1, kept: 0 });
      expect(await store.get('a')).toEqual(makePark('a', { version: 3 }));
    });

    it('keeps the inventory that people edited, and takes the rest of the seed', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const inventory = { ...makePark('a').inventory, parcels: [] };
      await store.updateInventory('a', FIRST, inventory, []);
      expect(await store.seed([makePark('a', { name: '新名' })])).toEqual({ added: 0, updated: 0, kept: 1 });
      expect(await store.get('a')).toEqual(makePark('a', { name: '新名', inventory, version: 3 }));
      expect(await store.seed([makePark('a', { name: '新名' })])).toEqual({ added: 0, updated: 0, kept: 1 });
      expect((await store.get('a'))?.version).toBe(3);
    });

    it('adds each park once when several seed at the same time', async () => {
      const store = await makeStore();
      const parks = Array.from({ length: 5 }, (_, index) => makePark(`p${index}`));
      const counts = await Promise.all([store.seed(parks), store.seed(parks), store.seed(parks)]);
      expect(counts.reduce((sum, { added }) => sum + added, 0)).toBe(5);
      expect(await store.all()).toEqual(parks);
    });

    it('puts a capacity in place of the one expected, with its changes, and tells of it everywhere', async () => {
      const { store, outbox } = await makeBoth();
      await store.seed([makePark('a'), makePark('b')]);
      const capacity: ParkCapacity = {
        version: 1,
        holds: [holdOfMu(1, 20), holdOfMu(2, 5, { kind: 'used', until: NEVER })],
        waitlist: [
          { holdId: 'hold_w', leadId: 'lead_w', amounts: { parcels: [], factors: { codT: 1 } }, askedAt: 'x' },
        ],
        fenced: ['hold_f'],
      };
      const changes = [changeOf('a', 'c1'), changeOf('a', 'c1.1')];
      const park = makePark('a', { capacity });
      expect(await store.updateCapacity('a', FIRST, capacity, changes)).toEqual({ outcome: 'replaced', park });
      expect(await store.get('a')).toEqual(park);
      expect(await store.all()).toEqual([park, makePark('b')]);
      expect(await store.versions()).toEqual([
        { id: 'a', version: 1, capacityVersion: 1, holdsUntil: ['2025-03-31T08:00:00.000Z', NEVER] },
        { id: 'b', ...FIRST, holdsUntil: [] },
      ]);
      expect(await outbox.of(['a'])).toEqual(changes);
      expect(await outbox.of(['b'])).toEqual([]);
      for (const id of [holdOfMu(1, 1).id, holdOfMu(2, 1).id, 'hold_w']) expect(await store.parkOfHold(id)).toBe('a');
      for (const id of ['hold_f', 'hold_x', '']) expect(await store.parkOfHold(id)).toBeNull();
    });

    it('refuses a capacity that rests on another version of either, and writes no change then', async () => {
      const { store, outbox } = await makeBoth();
      await store.seed([makePark('a')]);
      const change = changeOf('a', 'c9');
      for (const expected of [
        { version: 2, capacityVersion: 0 },
        { version: 1, capacityVersion: 1 },
      ]) {
        const refused = await store.updateCapacity('a', expected, holding(expected.capacityVersion + 1), [change]);
        expect(refused).toEqual({ outcome: 'stale' });
      }
      expect(await store.updateCapacity('x', FIRST, holding(1), [change])).toEqual({ outcome: 'missing' });
      expect(await store.get('a')).toEqual(makePark('a'));
      expect(await outbox.of(['a', 'x'])).toEqual([]);
    });

    it('changes an inventory only on top of the holds its writer saw, with its changes', async () => {
      const { store, outbox } = await makeBoth();
      await store.seed([makePark('a')]);
      await store.updateCapacity('a', FIRST, holding(1, holdOfMu(1, 20)), []);
      const { inventory } = makePark('a');
      expect(await store.updateInventory('a', FIRST, inventory, [changeOf('a', '2')])).toEqual({
        outcome: 'stale',
        currentVersion: 1,
        currentCapacityVersion: 1,
      });
      expect(await outbox.of(['a'])).toEqual([]);
      const changed = await store.updateInventory('a', { version: 1, capacityVersion: 1 }, inventory, [
        changeOf('a', '2'),
      ]);
      expect(changed).toEqual({
        outcome: 'replaced',
        park: makePark('a', { version: 2, capacity: holding(1, holdOfMu(1, 20)) }),
      });
      expect(await outbox.of(['a'])).toEqual([changeOf('a', '2')]);
      // A hold placed by somebody who saw the old inventory comes too late.
      const late = await store.updateCapacity('a', { version: 1, capacityVersion: 1 }, holding(2), []);
      expect(late).toEqual({ outcome: 'stale' });
    });

    it('lets each of 200 racing writers in once, none on top of what it did not see', { timeout: 60_000 }, async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const fits = 24;
      const place = async (number: number): Promise<boolean> => {
        for (;;) {
          const park = await store.get('a');
          if (park === null) throw new Error('no park');
          const { version, capacity } = park;
          if (capacity.holds.length === fits) return false;
          const next = { ...capacity, version: capacity.version + 1, holds: [...capacity.holds, holdOfMu(number, 5)] };
          const { outcome } = await store.updateCapacity('a', { version, capacityVersion: capacity.version }, next, [
            changeOf('a', `c${next.version}`),
          ]);
          if (outcome === 'replaced') return true;
        }
      };
      const placed = await Promise.all(Array.from({ length: 200 }, (_, number) => place(number)));
      const capacity = (await store.get('a'))?.capacity;
      expect(placed.filter(Boolean)).toHaveLength(fits);
      expect(capacity?.version).toBe(fits);
      const winners = placed.flatMap((won, number) => (won ? [holdOfMu(number, 5).id] : []));
      expect(capacity?.holds.map(({ id }) => id).sort()).toEqual(winners.sort());
    });

    it('names parks with holds that end by a time, or with a waitlist, and no others', async () => {
      const store = await makeStore();
      const ids = ['a', 'b', 'c', 'd', 'e'];
      await store.seed(ids.map((id) => makePark(id)));
      const at = (day: string): string => `2025-03-${day}T08:00:00.000Z`;
      await store.updateCapacity('a', FIRST, holding(1, holdOfMu(1, 1, { until: at('10') })), []);
      await store.updateCapacity('b', FIRST, holding(1, holdOfMu(2, 1, { until: at('20') })), []);
      const waiting = { holdId: 'h', leadId: 'l', amounts: { parcels: [], factors: {} }, askedAt: at('01') };
      await store.updateCapacity('d', FIRST, { ...holding(1), waitlist: [waiting] }, []);
      await store.updateCapacity('e', FIRST, holding(1, holdOfMu(3, 1, { kind: 'used', until: NEVER })), []);
      expect(await store.withHoldsDue(at('01'), 10)).toEqual(['d']);
      expect(await store.withHoldsDue(at('10'), 10)).toEqual(['a', 'd']);
      expect(await store.withHoldsDue(at('31'), 10)).toEqual(['a', 'b', 'd']);
      expect(await store.withHoldsDue(at('31'), 2)).toEqual(['a', 'b']);
      expect(await store.withHoldsDue(NEVER, 10)).toEqual(['a', 'b', 'd', 'e']);
    });

    it('tells once for each version of the inventory that it is stale', async () => {
      const { store, outbox } = await makeBoth();
      await store.seed([makePark('a'), makePark('b')]);
      const told = (part: string) => ({ ...changeOf('a', part), type: 'park.inventory_stale' });
      expect(await store.tellStale('a', 2, [told('s2')])).toBe(false);
      expect(await store.tellStale('nowhere', 1, [])).toBe(false);
      const answers = await Promise.all(Array.from({ length: 10 }, () => store.tellStale('a', 1, [told('s1')])));
      expect(answers.filter(Boolean)).toHaveLength(1);
      await outbox.remove([told('s1')]);
      expect(await store.tellStale('a', 1, [told('s1')])).toBe(false);
      await store.updateCapacity('a', FIRST, holding(1, holdOfMu(1, 1)), []);
      expect(await store.tellStale('a', 1, [told('s1')])).toBe(false);
      await store.updateInventory('a', { version: 1, capacityVersion: 1 }, makePark('a').inventory, []);
      expect(await store.tellStale('a', 2, [told('s2')])).toBe(true);
      expect(await outbox.of(['a', 'b'])).toEqual([told('s2')]);
      expect(await store.get('a')).toEqual(makePark('a', { version: 2, capacity: holding(1, holdOfMu(1, 1)) }));
    });

    it('keeps the holds, and the inventory they rest on, when seeds come again', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const capacity = holding(1, holdOfMu(1, 20));
      await store.updateCapacity('a', FIRST, capacity, []);
      const seeded = makePark('a', { name: '新名', inventory: { ...makePark('a').inventory, parcels: [] } });
      expect(await store.seed([seeded])).toEqual({ added: 0, updated: 0, kept: 1 });
      expect(await store.get('a')).toEqual(makePark('a', { name: '新名', version: 2, capacity }));
      // Once nothing is held the seed's inventory comes.
      const empty = holding(2);
      await store.updateCapacity('a', { version: 2, capacityVersion: 1 }, empty, []);
      expect(await store.seed([seeded])).toEqual({ added: 0, updated: 1, kept: 0 });
      expect(await store.get('a')).toEqual({ ...seeded, version: 3, capacity: empty });
    });
  });
}
