import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/change.js';
import { CHAIN_START, sealEntries, verifyChain } from '../../../src/ports/audit-chain.js';
import type { AuditStore } from '../../../src/ports/audit-store.js';
import { makeChange } from './changes.js';
import { DIFFICULT_TEXT } from './records.js';

/** The digest that stores under test are made with. */
export const testDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

const CHAIN = '330782';
const changesOf = (objectId: string, count: number, overrides: Partial<Change> = {}): readonly Change[] =>
  Array.from({ length: count }, (_, index) => makeChange(index + 1, { objectId, ...overrides }));

/** What every AuditStore must do. `makeStores` gives so many stores on the same empty chains, as processes have them. */
export function describeAuditStoreConformance(
  name: string,
  makeStores: (count: number) => Promise<readonly AuditStore[]>,
): void {
  const makeStore = async (): Promise<AuditStore> => {
    const [store] = await makeStores(1);
    if (store === undefined) throw new Error('no store');
    return store;
  };
  const check = async (store: AuditStore, chain = CHAIN) =>
    verifyChain(testDigest, chain, await store.read(chain, 1, 1_000), { head: await store.head(chain) });

  describe(`AuditStore: ${name}`, () => {
    it('chains what is appended, and keeps every character of it', async () => {
      const store = await makeStore();
      const spoilt = makeChange(9, {
        objectId: 'x',
        requestId: DIFFICULT_TEXT,
        after: { 'a.$b': -0.5, big: 2 ** 53 - 1 },
      });
      await store.append(CHAIN, changesOf('need_1', 2));
      await store.append(CHAIN, [spoilt]);
      const sealed = sealEntries(testDigest, CHAIN, CHAIN_START, [...changesOf('need_1', 2), spoilt]);
      expect(await store.read(CHAIN, 1, 10)).toEqual(sealed);
      expect(await store.head(CHAIN)).toEqual({ position: 3, hash: sealed[2]?.hash });
      expect((await check(store)).fault).toBeNull();
    });

    it('knows nothing of a chain to which nothing was appended', async () => {
      const store = await makeStore();
      await store.append(CHAIN, []);
      expect(await store.head(CHAIN)).toBeNull();
      expect(await store.read(CHAIN, 1, 10)).toEqual([]);
      expect(await store.list({ chain: CHAIN }, null, 10)).toEqual({ items: [], nextCursor: null });
      expect(await store.list({ chain: CHAIN, type: 'need.revised' }, null, 10)).toEqual({
        items: [],
        nextCursor: null,
      });
      expect(await store.chains()).toEqual([]);
    });

    it('keeps chains apart, the same change in each', async () => {
      const store = await makeStore();
      await store.append('330483', changesOf('lead_1', 2));
      await store.append(CHAIN, changesOf('lead_1', 1));
      expect(await store.chains()).toEqual(['330483', CHAIN]);
      expect(await check(store)).toMatchObject({ entries: 1, fault: null });
      expect(await check(store, '330483')).toMatchObject({ entries: 2, fault: null });
    });

    it('passes over what is in the chain already, wherever it stands in what is appended', async () => {
      const store = await makeStore();
      const [first, second, third, fourth] = changesOf('need_1', 4);
      if (first === undefined || second === undefined || third === undefined || fourth === undefined) throw new Error();
      await store.append(CHAIN, [first, third]);
      await store.append(CHAIN, [first, second, third, fourth]);
      await store.append(CHAIN, [fourth]);
      const entries = await store.read(CHAIN, 1, 10);
      expect(entries.map(({ change }) => change.id)).toEqual(['need_1.1', 'need_1.3', 'need_1.2', 'need_1.4']);
      expect((await check(store)).fault).toBeNull();
    });

    it('reads by place', async () => {
      const store = await makeStore();
      await store.append(CHAIN, changesOf('need_1', 7));
      const positions = async (from: number, limit: number) =>
        (await store.read(CHAIN, from, limit)).map(({ position }) => position);
      expect(await positions(1, 3)).toEqual([1, 2, 3]);
      expect(await positions(6, 3)).toEqual([6, 7]);
      expect(await positions(8, 3)).toEqual([]);
    });

    it('takes more than one batch in order', async () => {
      const store = await makeStore();
      await store.append(CHAIN, changesOf('need_1', 450));
      expect(await check(store)).toMatchObject({ entries: 450, head: { position: 450 }, fault: null });
    });

    it.each([1, 2, 3, 7])('lists newest first in pages of %i, each entry once', async (limit) => {
      const store = await makeStore();
      await store.append(CHAIN, changesOf('need_1', 6));
      const seen: number[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page = await store.list({ chain: CHAIN }, cursor, limit);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ position }) => position));
        cursor = page.nextCursor;
        pages += 1;
        // What is appended meanwhile does not move the pages.
        await store.append(CHAIN, [makeChange(pages, { objectId: 'late' })]);
      } while (cursor !== null);
      expect(seen).toEqual([6, 5, 4, 3, 2, 1]);
      expect(pages).toBe(Math.ceil(6 / limit));
    });

    it('lists what is asked for only', async () => {
      const store = await makeStore();
      await store.append(CHAIN, [...changesOf('need_1', 3), ...changesOf('need_2', 3)]);
      await store.append('330483', changesOf('need_1', 1));
      const found = async (filter: object, limit = 10) =>
        (await store.list({ chain: CHAIN, ...filter }, null, limit)).items.map(({ change }) => change.id);
      expect(await found({ objectId: 'need_2' })).toEqual(['need_2.3', 'need_2.2', 'need_2.1']);
      expect(await found({ type: 'need.submitted' })).toEqual(['need_2.1', 'need_1.1']);
      const at = '2026-03-01T08:00:02.000Z';
      expect(await found({ from: at, objectId: 'need_1' })).toEqual(['need_1.3', 'need_1.2']);
      expect(await found({ to: at, objectId: 'need_1' })).toEqual(['need_1.2', 'need_1.1']);
      expect(await found({ from: at, to: at })).toEqual(['need_2.2', 'need_1.2']);
      const first = await store.list({ chain: CHAIN, objectId: 'need_1' }, null, 2);
      const rest = await store.list({ chain: CHAIN, objectId: 'need_1' }, first.nextCursor, 2);
      expect([first, rest].map(({ items }) => items.map(({ position }) => position))).toEqual([[3, 2], [1]]);
      expect(rest.nextCursor).toBeNull();
    });

    it.each(['', 'x', btoa('2026-03-01T08:00:02.000Z need_1'), btoa('2026-03-01T08:00:02.000Z 0')])(
      'refuses the cursor %j',
      async (cursor) => {
        const store = await makeStore();
        const issues = [{ field: 'cursor', code: 'badCursor' }];
        await expect(store.list({ chain: CHAIN }, cursor, 10)).rejects.toMatchObject({ code: 'invalidInput', issues });
      },
    );

    it('never forks and loses nothing when 6 append at once, some of it twice', async () => {
      const stores = await makeStores(6);
      await Promise.all(
        stores.map(async (store, index) => {
          for (let round = 0; round < 8; round += 1) {
            const own = changesOf(`need_${index}_${round}`, 3);
            // Every object is carried by two processes, as after a crash.
            const others = changesOf(`need_${(index + 1) % stores.length}_${round}`, 3);
            await store.append(CHAIN, [...own, ...others]);
          }
        }),
      );
      const [store] = stores;
      if (store === undefined) throw new Error('no store');
      const entries = await store.read(CHAIN, 1, 1_000);
      expect(await check(store)).toMatchObject({ entries: 6 * 8 * 3, head: { position: 6 * 8 * 3 }, fault: null });
      expect(await store.head(CHAIN)).toMatchObject({ position: 6 * 8 * 3 });
      const versions = new Map<string, number>();
      for (const { change } of entries) {
        expect(change.object.version).toBe((versions.get(change.object.id) ?? 0) + 1);
        versions.set(change.object.id, change.object.version);
      }
    });
  });
}
