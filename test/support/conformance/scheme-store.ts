import { describe, expect, it } from 'vitest';
import type { Outbox } from '../../../src/ports/outbox.js';
import type { SchemeStore } from '../../../src/ports/scheme-store.js';
import { changeOf, makeScheme } from './lead-records.js';

export interface SchemeStoreHarness {
  readonly store: SchemeStore;
  /** Its documents are named by `id@version`. */
  readonly outbox: Outbox;
}

/** What every SchemeStore must do. `make` gives an empty store and its outbox each time. */
export function describeSchemeStoreConformance(name: string, make: () => Promise<SchemeStoreHarness>): void {
  describe(`SchemeStore: ${name}`, () => {
    it('writes a version once, with its change', async () => {
      const { store, outbox } = await make();
      const racers = Array.from({ length: 10 }, (_, index) => makeScheme({ version: 2, title: `第${index}个` }));
      const answers = await Promise.all(
        racers.map((racer) => store.insert(racer, [{ ...changeOf('scheme', racer.id, 2), requestId: racer.title }])),
      );
      const winner = racers[answers.indexOf(true)];
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await store.get('zj-pairing@2')).toEqual(winner);
      expect(await outbox.waiting(5)).toEqual(['zj-pairing@2']);
      const changes = await outbox.of(['zj-pairing@2']);
      expect(changes.map(({ requestId }) => requestId)).toEqual([winner?.title]);
      await outbox.remove(changes);
      expect(await outbox.waiting(5)).toEqual([]);
      expect(await store.get('zj-pairing@2')).toEqual(winner);
    });

    it('gives all versions by id and version', async () => {
      const { store } = await make();
      const of = (id: string, version: number) => makeScheme({ id, version });
      for (const scheme of [of('zj-pairing', 10), of('zj-pairing', 2), of('a', 3)]) await store.insert(scheme, []);
      expect(await store.all()).toEqual([of('a', 3), of('zj-pairing', 2), of('zj-pairing', 10)]);
      expect(await store.get('zj-pairing@3')).toBeNull();
    });
  });
}
