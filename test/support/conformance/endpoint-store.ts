import { describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../../src/domain/webhook.js';
import type { Page } from '../../../src/ports/need-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';
import type { EndpointStore } from '../../../src/ports/webhook-store.js';
import { changeOf, idOf } from './lead-records.js';
import { DIFFICULT_TEXT } from './records.js';
import { makeEndpoint, timeOf } from './webhook-records.js';

export interface EndpointStoreHarness {
  readonly store: EndpointStore;
  readonly outbox: Outbox;
}

/** What every EndpointStore must do. `make` gives an empty store and its outbox each time. */
export function describeEndpointStoreConformance(name: string, make: () => Promise<EndpointStoreHarness>): void {
  describe(`EndpointStore: ${name}`, () => {
    const withSome = async (endpoints: readonly WebhookEndpoint[]): Promise<EndpointStoreHarness> => {
      const harness = await make();
      for (const endpoint of endpoints) await harness.store.insert(endpoint, []);
      return harness;
    };
    const changeTo = (number: number, version: number) => changeOf('endpoint', idOf('ep', number), version);

    it('gives back what was inserted, every character of it, and keeps the change for carrying on', async () => {
      const { store, outbox } = await make();
      const endpoint = makeEndpoint(1, {
        types: ['lead.pushed', 'match.lost'],
        description: DIFFICULT_TEXT,
        signature: 'v1a',
        keys: [
          { sealed: 'b', publicKey: 'whpk_b', createdAt: timeOf(2), validUntil: null },
          { sealed: 'a', publicKey: 'whpk_a', createdAt: timeOf(1), validUntil: timeOf(3) },
        ],
      });
      await store.insert(endpoint, [changeTo(1, 1)]);
      expect(await store.get(endpoint.id)).toEqual(endpoint);
      expect((await store.list(null, null, 5)).items).toEqual([endpoint]);
      expect(await outbox.of([endpoint.id])).toEqual([changeTo(1, 1)]);
      expect(await store.get(idOf('ep', 2))).toBeNull();
    });

    it('replaces only the version that was read', async () => {
      const { store, outbox } = await withSome([makeEndpoint(1)]);
      const next = makeEndpoint(1, { state: 'paused', version: 2, countyAdcode: null });
      expect(await store.replace(next, 1, [changeTo(1, 2)])).toBe(true);
      expect(await store.replace({ ...next, state: 'active' }, 1, [changeTo(1, 3)])).toBe(false);
      expect(await store.replace(makeEndpoint(2), 1, [])).toBe(false);
      expect(await store.get(next.id)).toEqual(next);
      expect(await outbox.of([next.id])).toEqual([changeTo(1, 2)]);
    });

    it('lets one of several edits of the same version win', async () => {
      const { store } = await withSome([makeEndpoint(1)]);
      const won = await Promise.all(
        [1, 2, 3, 4, 5].map((number) =>
          store.replace(makeEndpoint(1, { description: `${number}`, version: 2 }), 1, [changeTo(1, 2)]),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('forgets a removed one, but for the change that tells so', async () => {
      const { store, outbox } = await withSome([makeEndpoint(1), makeEndpoint(2)]);
      expect(await store.remove(idOf('ep', 1), 2, [])).toBe(false);
      expect(await store.remove(idOf('ep', 1), 1, [changeTo(1, 2)])).toBe(true);
      expect(await store.remove(idOf('ep', 1), 1, [])).toBe(false);
      expect(await store.get(idOf('ep', 1))).toBeNull();
      expect(await store.replace(makeEndpoint(1, { version: 3 }), 2, [])).toBe(false);
      expect((await store.list(null, null, 5)).items.map(({ id }) => id)).toEqual([idOf('ep', 2)]);
      expect((await store.subscribed()).map(({ id }) => id)).toEqual([idOf('ep', 2)]);
      expect(await outbox.of([idOf('ep', 1)])).toEqual([changeTo(1, 2)]);
    });

    it('lists newest first, page by page, of all or of one county', async () => {
      const { store } = await withSome(
        [1, 2, 3, 4, 5, 6, 7].map((number) =>
          makeEndpoint(number, {
            createdAt: timeOf(Math.min(number, 4)),
            countyAdcode: number % 2 ? '331102' : null,
          }),
        ),
      );
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<WebhookEndpoint> = await store.list(null, cursor, 3);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((number) => idOf('ep', number)));
      expect((await store.list('331102', null, 10)).items.map(({ id }) => id)).toEqual(
        [7, 5, 3, 1].map((number) => idOf('ep', number)),
      );
      await expect(store.list(null, 'nonsense', 5)).rejects.toMatchObject({ code: 'invalidInput' });
    });

    it('tells which may be told, and which were disabled of whom', async () => {
      const disabled = { state: 'disabled', disabledReason: 'gone' } as const;
      const { store } = await withSome([
        makeEndpoint(1),
        makeEndpoint(2, { state: 'paused' }),
        makeEndpoint(3, disabled),
        makeEndpoint(4, { ...disabled, countyAdcode: null }),
      ]);
      expect((await store.subscribed()).map(({ id }) => id)).toEqual([idOf('ep', 1), idOf('ep', 2)]);
      expect((await store.disabledOf('331102')).map(({ id }) => id)).toEqual([idOf('ep', 3)]);
      expect((await store.disabledOf(null)).map(({ id }) => id)).toEqual([idOf('ep', 4)]);
      expect(await store.disabledOf('330782')).toEqual([]);
    });

    it('marks since when all fails, the first time only, without an edit', async () => {
      const { store } = await withSome([makeEndpoint(1)]);
      await store.markFailing(idOf('ep', 1), timeOf(5));
      await store.markFailing(idOf('ep', 1), timeOf(9));
      expect(await store.get(idOf('ep', 1))).toEqual(makeEndpoint(1, { failingSince: timeOf(5) }));
      await store.markFailing(idOf('ep', 1), null);
      expect(await store.get(idOf('ep', 1))).toEqual(makeEndpoint(1));
      await store.markFailing(idOf('ep', 404), timeOf(5));
      expect(await store.get(idOf('ep', 404))).toBeNull();
    });
  });
}
