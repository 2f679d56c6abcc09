import { describe, expect, it } from 'vitest';
import type { ParkStore } from '../../../src/ports/park-store.js';
import { DIFFICULT_TEXT, makePark } from './records.js';

/** What every ParkStore must do. `makeStore` gives an empty store each time. */
export function describeParkStoreConformance(name: string, makeStore: () => Promise<ParkStore>): void {
  describe(`ParkStore: ${name}`, () => {
    it('gives back seeded parks ordered by id', async () => {
      const store = await makeStore();
      const parks = ['c', 'a', 'b'].map((id) => makePark(id, { name: DIFFICULT_TEXT }));
      expect(await store.seed(parks)).toEqual({ added: 3, updated: 0, kept: 0 });
      expect(await store.all()).toEqual(['a', 'b', 'c'].map((id) => makePark(id, { name: DIFFICULT_TEXT })));
      expect(await store.versions()).toEqual(['a', 'b', 'c'].map((id) => ({ id, version: 1 })));
      expect(await store.get('b')).toEqual(makePark('b', { name: DIFFICULT_TEXT }));
    });

    it('is empty before it is seeded', async () => {
      const store = await makeStore();
      expect(await store.all()).toEqual([]);
      expect(await store.versions()).toEqual([]);
      expect(await store.get('a')).toBeNull();
      expect(await store.updateInventory('a', 1, makePark('a').inventory)).toEqual({ outcome: 'missing' });
    });

    it('replaces an inventory once for a version', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const inventory = { ...makePark('a').inventory, parcels: [] };
      const park = makePark('a', { inventory, version: 2 });
      expect(await store.updateInventory('a', 1, inventory)).toEqual({ outcome: 'replaced', park });
      expect(await store.updateInventory('a', 1, makePark('a').inventory)).toEqual({
        outcome: 'stale',
        currentVersion: 2,
      });
      expect(await store.get('a')).toEqual(park);
      expect(await store.versions()).toEqual([{ id: 'a', version: 2 }]);
    });

    it('lets exactly one of 20 racing updates win', async () => {
      const store = await makeStore();
      await store.seed([makePark('a')]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.updateInventory('a', 1, {
            ...makePark('a').inventory,
            parcels: [{ id: `p${index}`, areaMu: index, availableFrom: '2025-01-01' }],
          }),
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
        { id: 'a', version: 1 },
        { id: 'b', version: 1 },
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
      await store.updateInventory('a', 1, inventory);
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
  });
}
