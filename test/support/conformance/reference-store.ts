import { describe, expect, it } from 'vitest';
import type { ReferenceStore } from '../../../src/ports/reference-store.js';
import { makeReference } from './records.js';

/** What every ReferenceStore must do. `makeStore` gives an empty store each time. */
export function describeReferenceStoreConformance(name: string, makeStore: () => Promise<ReferenceStore>): void {
  describe(`ReferenceStore: ${name}`, () => {
    it('has no edition before one is published', async () => {
      const store = await makeStore();
      expect(await store.edition()).toBeNull();
      expect(await store.load()).toBeNull();
    });

    it('gives back the edition in force, every character of it', async () => {
      const store = await makeStore();
      expect(await store.publish('e1', makeReference('甲'))).toEqual({ changed: true });
      expect(await store.edition()).toBe('e1');
      expect(await store.load()).toEqual({ edition: 'e1', data: makeReference('甲') });
    });

    it('changes nothing when the same edition is published again', async () => {
      const store = await makeStore();
      await store.publish('e1', makeReference('甲'));
      expect(await store.publish('e1', makeReference('甲'))).toEqual({ changed: false });
      expect(await store.load()).toEqual({ edition: 'e1', data: makeReference('甲') });
    });

    it('switches editions, forwards and back', async () => {
      const store = await makeStore();
      for (const edition of ['e1', 'e2', 'e3', 'e1', 'e3', 'e2']) {
        expect(await store.publish(edition, makeReference(edition))).toEqual({ changed: true });
        expect(await store.load()).toEqual({ edition, data: makeReference(edition) });
      }
    });

    it('holds data of several megabytes', async () => {
      const store = await makeStore();
      const data = makeReference('大', 12_000);
      await store.publish('big', data);
      expect(await store.load()).toEqual({ edition: 'big', data });
    });

    it('shows readers whole editions while others are published', async () => {
      const store = await makeStore();
      await store.publish('e0', makeReference('e0', 200));
      const publishing = (async () => {
        for (let number = 1; number <= 6; number += 1) {
          await store.publish(`e${number}`, makeReference(`e${number}`, 200));
        }
      })();
      let over = false;
      void publishing.finally(() => {
        over = true;
      });
      let reads = 0;
      do {
        const read = await store.load();
        expect(read?.data).toEqual(makeReference(read?.edition ?? '', 200));
        reads += 1;
      } while (!over && reads < 200);
      await publishing;
      expect(await store.edition()).toBe('e6');
    });

    it('lets one of several publishers of the same edition change it', async () => {
      const store = await makeStore();
      const answers = await Promise.all(Array.from({ length: 8 }, () => store.publish('e1', makeReference('甲'))));
      expect(answers.filter(({ changed }) => changed)).toHaveLength(1);
      expect(await store.load()).toEqual({ edition: 'e1', data: makeReference('甲') });
    });

    it('ends with one whole edition when different ones are published at the same time', async () => {
      const store = await makeStore();
      await store.publish('e0', makeReference('e0'));
      await Promise.all(['e1', 'e2', 'e3'].map((edition) => store.publish(edition, makeReference(edition))));
      const last = await store.load();
      expect(['e1', 'e2', 'e3']).toContain(last?.edition);
      expect(last?.data).toEqual(makeReference(last?.edition ?? ''));
    });
  });
}
