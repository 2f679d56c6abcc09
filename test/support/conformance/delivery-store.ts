import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/domain/webhook.js';
import type { Page } from '../../../src/ports/need-store.js';
import type { DeliveryFilter, DeliveryStore, Settlement } from '../../../src/ports/webhook-store.js';
import { idOf } from './lead-records.js';
import { DIFFICULT_TEXT } from './records.js';
import { makeAttempt, makeDelivery, timeOf } from './webhook-records.js';

const ALL: DeliveryFilter = { countyAdcode: null };
const LATER = timeOf(3_600_000);
const MUCH_LATER = timeOf(7_200_000);

const delivered = (delivery: Delivery, at = LATER): Settlement => {
  return { delivery, attempt: makeAttempt(at), next: { state: 'delivered' } };
};
const failedOnce = (delivery: Delivery, at = LATER, nextAt = MUCH_LATER): Settlement => ({
  delivery,
  attempt: makeAttempt(at, { status: 503, answer: 'busy' }),
  next: { state: 'pending', at: nextAt },
});
const failed = (delivery: Delivery, at = LATER): Settlement => ({
  delivery,
  attempt: makeAttempt(at, { status: null, error: 'timeout' }),
  next: { state: 'failed' },
});

async function everyPage(store: DeliveryStore, filter: DeliveryFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 50; pages += 1) {
    const page: Page<Delivery> = await store.list(filter, cursor, limit);
    ids.push(...page.items.map(({ id }) => id));
    expect(page.items.length).toBeLessThanOrEqual(limit);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return ids;
}

/** What every DeliveryStore must do. `make` gives an empty one each time. */
export function describeDeliveryStoreConformance(name: string, make: () => Promise<DeliveryStore>): void {
  describe(`DeliveryStore: ${name}`, () => {
    const withSome = async (deliveries: readonly Delivery[]): Promise<DeliveryStore> => {
      const store = await make();
      await store.add(deliveries);
      return store;
    };
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    const dueIds = async (store: DeliveryStore, endpoint: number, now = LATER) =>
      (await store.due(idOf('ep', endpoint), now, 1_000)).map(({ id }) => id);

    it('gives back what was added, every character of it', async () => {
      const delivery = makeDelivery(1, 1, { payload: JSON.stringify({ text: DIFFICULT_TEXT }), countyAdcode: null });
      const store = await withSome([delivery, makeDelivery(2, 1)]);
      expect(await store.get(delivery.id)).toEqual(delivery);
      expect(await store.due(delivery.endpointId, LATER, 1)).toEqual([delivery]);
      expect(await store.get(makeDelivery(9, 1).id)).toBeNull();
      expect(await store.get('nonsense')).toBeNull();
    });

    it('hands out what is due to an endpoint, oldest first, no more than asked for', async () => {
      const store = await withSome(numbers(12).flatMap((event) => [makeDelivery(event, 1), makeDelivery(event, 2)]));
      expect(await dueIds(store, 1)).toEqual(numbers(12).map((event) => makeDelivery(event, 1).id));
      expect((await store.due(idOf('ep', 2), LATER, 5)).map(({ id }) => id)).toEqual(
        numbers(5).map((event) => makeDelivery(event, 2).id),
      );
      expect(await store.due(idOf('ep', 1), timeOf(29), 5)).toEqual([]);
      expect(await dueIds(store, 3)).toEqual([]);
    });

    it('hands out no second time what the caller has in hand', async () => {
      const store = await withSome(numbers(12).map((event) => makeDelivery(event, 1)));
      const idsOf = (events: readonly number[]) => events.map((event) => makeDelivery(event, 1).id);
      const inHand = new Set(idsOf([1, 2, 3, 5]));
      const due = async (limit: number) => (await store.due(idOf('ep', 1), LATER, limit, inHand)).map(({ id }) => id);
      expect(await due(3)).toEqual(idsOf([4, 6, 7]));
      expect(await due(20)).toEqual(idsOf([4, 6, 7, 8, 9, 10, 11, 12]));
      for (const id of idsOf(numbers(12))) inHand.add(id);
      expect(await due(20)).toEqual([]);
    });

    it('passes over what is known: pending, tried or ended', async () => {
      const [pending, tried, ended, cancelled] = [1, 2, 3, 4].map((event) => makeDelivery(event, event === 4 ? 2 : 1));
      if (pending === undefined || tried === undefined || ended === undefined || cancelled === undefined)
        throw new Error('not made');
      const store = await withSome([pending, tried, ended, cancelled]);
      await store.settle([failedOnce(tried), delivered(ended)]);
      await store.cancel(cancelled.endpointId);
      await store.add([cancelled, ended, tried, pending, makeDelivery(5, 1)]);
      await store.add([]);
      expect(await dueIds(store, 1)).toEqual([pending.id, makeDelivery(5, 1).id]);
      expect((await store.get(tried.id))?.attempts).toHaveLength(1);
      expect((await store.get(ended.id))?.state).toBe('delivered');
      expect((await store.get(cancelled.id))?.state).toBe('cancelled');
      expect((await store.list(ALL, null, 20)).items).toHaveLength(5);
    });

    it('takes the same events added by several at once as one each', async () => {
      const store = await make();
      const batches = [numbers(20), numbers(10), numbers(20).slice(5)].map((events) =>
        events.map((event) => makeDelivery(event, 1)),
      );
      await Promise.all(batches.map((batch) => store.add(batch)));
      expect(await dueIds(store, 1)).toEqual(numbers(20).map((event) => makeDelivery(event, 1).id));
    });

    it('records attempts and what became of each', async () => {
      const store = await withSome(numbers(3).map((event) => makeDelivery(event, 1)));
      const [first, second, third] = await store.due(idOf('ep', 1), LATER, 10);
      if (first === undefined || second === undefined || third === undefined) throw new Error('not due');
      await store.settle([delivered(first), failedOnce(second), failed(third)]);
      expect(await store.get(first.id)).toEqual({
        ...first,
        ...{ state: 'delivered', attempts: [makeAttempt(LATER)], nextAt: null },
      });
      expect(await store.get(second.id)).toMatchObject({ state: 'pending', nextAt: MUCH_LATER });
      expect(await store.get(third.id)).toMatchObject({ state: 'failed', attempts: [{ error: 'timeout' }] });
      expect(await dueIds(store, 1)).toEqual([]);
      expect(await dueIds(store, 1, MUCH_LATER)).toEqual([second.id]);
    });

    it('keeps the attempts of a delivery that fails again and again, the newest twenty', async () => {
      const store = await withSome([makeDelivery(1, 1), makeDelivery(2, 1)]);
      for (const round of numbers(22)) {
        const [again] = await store.due(idOf('ep', 1), timeOf(round * 1_000), 1);
        if (again === undefined) throw new Error('not due');
        const settle = round === 22 ? failed : failedOnce;
        await store.settle([settle(again, timeOf(round * 1_000), timeOf(round * 1_000 + 1))]);
      }
      const ended = await store.get(makeDelivery(1, 1).id);
      expect(ended).toMatchObject({ state: 'failed', nextAt: null });
      expect(ended?.attempts.map(({ at }) => at)).toEqual(
        numbers(22)
          .slice(2)
          .map((round) => timeOf(round * 1_000)),
      );
      expect((await store.list(ALL, null, 5)).items.map(({ id }) => id)).toEqual([
        makeDelivery(2, 1).id,
        makeDelivery(1, 1).id,
      ]);
    });

    it('leaves one attempt where the same outcome is recorded twice', async () => {
      const store = await withSome([makeDelivery(1, 1), makeDelivery(2, 1)]);
      const [first, second] = await store.due(idOf('ep', 1), LATER, 10);
      if (first === undefined || second === undefined) throw new Error('not due');
      const settlements = [delivered(first), failedOnce(second)];
      for (const _ of numbers(3)) await store.settle(settlements);
      expect((await store.get(first.id))?.attempts).toHaveLength(1);
      expect((await store.get(second.id))?.attempts).toHaveLength(1);
      const [again] = await store.due(idOf('ep', 1), MUCH_LATER, 10);
      if (again === undefined) throw new Error('not due');
      for (const _ of numbers(2)) await store.settle([delivered(again, MUCH_LATER)]);
      expect((await store.get(second.id))?.attempts.map(({ at }) => at)).toEqual([LATER, MUCH_LATER]);
      expect((await store.list(ALL, null, 10)).items).toHaveLength(2);
      expect(await store.nextDue(idOf('ep', 1))).toBeNull();
    });

    it('tells when an endpoint is next due, and which have something due', async () => {
      const store = await withSome([makeDelivery(1, 1), makeDelivery(2, 2), makeDelivery(1, 3)]);
      expect(await store.nextDue(idOf('ep', 1))).toBe(timeOf(30));
      expect(await store.nextDue(idOf('ep', 9))).toBeNull();
      expect(await store.endpointsDue(timeOf(30), 10)).toEqual([idOf('ep', 1), idOf('ep', 3)]);
      expect(await store.endpointsDue(LATER, 2)).toHaveLength(2);
      const [first] = await store.due(idOf('ep', 1), LATER, 1);
      if (first === undefined) throw new Error('not due');
      await store.settle([failedOnce(first)]);
      expect(await store.nextDue(idOf('ep', 1))).toBe(MUCH_LATER);
      expect(await store.endpointsDue(LATER, 10)).toEqual([idOf('ep', 2), idOf('ep', 3)]);
      await store.settle([delivered(makeDelivery(2, 2))]);
      await store.cancel(idOf('ep', 3));
      expect(await store.endpointsDue(LATER, 10)).toEqual([]);
    });

    it('cancels what is pending for one endpoint, tried or not', async () => {
      const store = await withSome([makeDelivery(1, 1), makeDelivery(2, 1), makeDelivery(1, 2)]);
      await store.settle([failedOnce(makeDelivery(2, 1))]);
      expect(await store.cancel(idOf('ep', 1))).toBe(2);
      expect(await store.cancel(idOf('ep', 1))).toBe(0);
      expect(await store.nextDue(idOf('ep', 1))).toBeNull();
      expect((await store.list({ ...ALL, state: 'cancelled' }, null, 10)).items.map(({ id }) => id)).toEqual([
        makeDelivery(2, 1).id,
        makeDelivery(1, 1).id,
      ]);
      expect((await store.get(makeDelivery(2, 1).id))?.attempts).toHaveLength(1);
      expect(await dueIds(store, 2)).toHaveLength(1);
    });

    it('replays ended ones under the same id, with their attempts, and notes when', async () => {
      const store = await withSome(numbers(4).map((event) => makeDelivery(event, 1)));
      const due = await store.due(idOf('ep', 1), LATER, 10);
      await store.settle(due.slice(0, 3).map((delivery, index) => (index === 1 ? failed : delivered)(delivery)));
      expect(await store.replay({ ...ALL, state: 'failed' }, MUCH_LATER, 10)).toBe(1);
      const replayed = await store.get(makeDelivery(2, 1).id);
      expect(replayed).toMatchObject({ state: 'pending', nextAt: MUCH_LATER, replayedAt: MUCH_LATER });
      expect(replayed?.attempts).toHaveLength(1);
      expect(await dueIds(store, 1, MUCH_LATER)).toEqual([makeDelivery(2, 1).id, makeDelivery(4, 1).id]);
      const again = (await store.due(idOf('ep', 1), MUCH_LATER, 1))[0];
      if (again === undefined) throw new Error('not due');
      await store.settle([delivered(again, MUCH_LATER)]);
      expect((await store.get(again.id))?.attempts.map(({ at }) => at)).toEqual([LATER, MUCH_LATER]);
      expect(await store.replay({ ...ALL, state: 'failed' }, MUCH_LATER, 10)).toBe(0);
      expect((await store.list(ALL, null, 10)).items).toHaveLength(4);
    });

    it('replays by id, in a time range, of a county, and no more than asked for', async () => {
      const store = await withSome(
        numbers(8).map((event) => makeDelivery(event, 1, event > 6 ? { endpointId: idOf('ep', 1) } : {})),
      );
      await store.settle((await store.due(idOf('ep', 1), LATER, 10)).map((delivery) => delivered(delivery)));
      expect(await store.replay({ ...ALL, ids: [makeDelivery(3, 1).id, 'evt_x.ep_y'] }, LATER, 10)).toBe(1);
      expect(await dueIds(store, 1)).toEqual([makeDelivery(3, 1).id]);
      expect(await store.replay({ countyAdcode: '330782' }, LATER, 10)).toBe(0);
      const range = { from: makeDelivery(2, 1).createdAt, to: makeDelivery(4, 1).createdAt };
      expect(await store.replay({ countyAdcode: '331102', endpointId: idOf('ep', 1), ...range }, LATER, 10)).toBe(2);
      expect(await store.replay(ALL, LATER, 2)).toBe(2);
      expect(await dueIds(store, 1)).toHaveLength(5);
      // What waits is left alone.
      expect(await store.replay({ ...ALL, ids: [makeDelivery(3, 1).id] }, LATER, 10)).toBe(0);
    });

    it('replays what was cancelled before it was tried, and adds it no second time', async () => {
      const [first, second] = [makeDelivery(1, 1), makeDelivery(2, 1)];
      const store = await withSome([first, second]);
      await store.cancel(first.endpointId);
      expect(await store.replay({ ...ALL, ids: [first.id] }, LATER, 10)).toBe(1);
      expect(await store.get(first.id)).toEqual({ ...first, nextAt: LATER, replayedAt: LATER });
      expect(await store.nextDue(first.endpointId)).toBe(LATER);
      await store.add([first, second]);
      const due = await store.due(first.endpointId, MUCH_LATER, 10);
      expect(due.map(({ id }) => id)).toEqual([first.id]);
      await store.settle(due.map((delivery) => delivered(delivery, MUCH_LATER)));
      expect(await store.get(first.id)).toMatchObject({ state: 'delivered', attempts: [{ at: MUCH_LATER }] });
      expect(await store.nextDue(first.endpointId)).toBeNull();
      expect(await store.replay({ ...ALL, state: 'delivered' }, MUCH_LATER, 10)).toBe(1);
      expect((await store.list(ALL, null, 10)).items.map(({ state }) => state)).toEqual(['cancelled', 'pending']);
    });

    it('tells many endpoints of the same event alike, each at its own pace', async () => {
      const told = numbers(5).flatMap((event) => numbers(3).map((endpoint) => makeDelivery(event, endpoint)));
      const store = await withSome(told);
      const ofOne = await store.due(idOf('ep', 1), LATER, 10);
      await store.settle([
        ...ofOne.slice(0, 2).map((delivery) => delivered(delivery)),
        ...ofOne.slice(2).map((d) => failed(d)),
      ]);
      await store.cancel(idOf('ep', 2));
      for (const delivery of told) {
        const { payload, type, createdAt } = (await store.get(delivery.id)) ?? {};
        expect({ payload, type, createdAt }).toEqual({
          ...{ payload: delivery.payload, type: delivery.type, createdAt: delivery.createdAt },
        });
      }
      expect(await dueIds(store, 3)).toHaveLength(5);
      expect((await store.list({ ...ALL, state: 'failed' }, null, 10)).items).toHaveLength(3);
    });

    it('lists newest first, page by page, pending and ended ones together', async () => {
      const all = numbers(25).flatMap((event) => [makeDelivery(event, 1), makeDelivery(event, 2)]);
      const store = await withSome(all);
      await store.settle(
        all.flatMap((delivery, index) =>
          index % 3 === 0 ? [] : [(index % 3 === 1 ? delivered : failedOnce)(delivery)],
        ),
      );
      const expected = all
        .sort((left, right) => (left.createdAt + left.id < right.createdAt + right.id ? 1 : -1))
        .map(({ id }) => id);
      for (const limit of [7, 25, 100]) expect(await everyPage(store, ALL, limit)).toEqual(expected);
      await expect(store.list(ALL, 'nonsense', 5)).rejects.toMatchObject({ code: 'invalidInput' });
    });

    it('narrows a list to a county, an endpoint, a type, a state and a time', async () => {
      const here = [1, 2, 3].map((event) => makeDelivery(event, 1));
      const there = [4, 5].map((event) => makeDelivery(event, 2, { countyAdcode: '330782', type: 'hold.placed' }));
      const store = await withSome([...here, ...there]);
      await store.settle([delivered(makeDelivery(1, 1)), failedOnce(makeDelivery(2, 1))]);
      const events = async (filter: Partial<DeliveryFilter>) =>
        (await store.list({ ...ALL, ...filter }, null, 10)).items.map(({ eventId }) => Number(eventId.slice(-2)));
      expect(await events({})).toEqual([5, 4, 3, 2, 1]);
      expect(await events({ countyAdcode: '330782' })).toEqual([5, 4]);
      expect(await events({ endpointId: idOf('ep', 1) })).toEqual([3, 2, 1]);
      expect(await events({ type: 'hold.placed' })).toEqual([5, 4]);
      expect(await events({ state: 'pending' })).toEqual([5, 4, 3, 2]);
      expect(await events({ state: 'delivered' })).toEqual([1]);
      expect(await events({ from: timeOf(60), to: timeOf(120) })).toEqual([4, 3, 2]);
      expect(await events({ countyAdcode: '331102', type: 'hold.placed' })).toEqual([]);
    });

    it('purges ended ones that are old enough, and nothing that waits', async () => {
      const store = await withSome(numbers(9).map((event) => makeDelivery(event, 1)));
      await store.settle([1, 2, 3, 4, 5, 6, 7].map((event) => delivered(makeDelivery(event, 1))));
      expect(await store.purge(makeDelivery(6, 1).createdAt)).toBe(5);
      expect(await store.purge(makeDelivery(6, 1).createdAt)).toBe(0);
      expect(await everyPage(store, ALL, 3)).toEqual([9, 8, 7, 6].map((event) => makeDelivery(event, 1).id));
      await store.tidy(LATER);
      expect(await dueIds(store, 1)).toEqual([8, 9].map((event) => makeDelivery(event, 1).id));
    });
  });
}
