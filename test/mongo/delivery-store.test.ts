import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/webhook.js';
import { MongoDeliveryStore } from '../../src/mongo/delivery-store.js';
import { describeDeliveryStoreConformance } from '../support/conformance/delivery-store.js';
import { idOf } from '../support/conformance/lead-records.js';
import { makeAttempt, makeDelivery, timeOf } from '../support/conformance/webhook-records.js';
import { useMongo } from './mongo.js';

const connection = useMongo('delivery');
const LATER = timeOf(3_600_000);

describeDeliveryStoreConformance('mongo', async () => new MongoDeliveryStore(await connection()));

describe('deliveries in bundles', () => {
  const made = (count: number): Delivery[] =>
    Array.from({ length: count }, (_, index) => makeDelivery(index, 1, { createdAt: timeOf(index) }));

  const pickTime = ({ createdAt, nextAt, payload }: Delivery) => ({ createdAt, nextAt, payload });
  const delivered = (delivery: Delivery) => {
    return { delivery, attempt: makeAttempt(LATER), next: { state: 'delivered' as const } };
  };

  it('stand together while they were not tried, and leave little behind when they end', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    await store.add(made(250));
    const pending = database.collection('webhook_waiting');
    expect(await pending.countDocuments()).toBe(3);
    await store.settle(
      (await store.due(idOf('ep', 1), LATER, 1_000)).map((delivery) => ({
        delivery,
        attempt: makeAttempt(LATER),
        next: { state: 'delivered' },
      })),
    );
    expect(await database.collection('webhook_ended').countDocuments()).toBe(3);
    expect(await pending.countDocuments()).toBe(0);
  });

  it('clears what a process left behind that ended before it took an empty bundle away', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    await store.add(made(250));
    const pending = database.collection('webhook_waiting');
    await pending.updateMany({}, { $set: { items: [] } });
    expect(await store.nextDue(idOf('ep', 1))).toBeNull();
    expect(await store.endpointsDue(LATER, 10)).toEqual([]);
    expect(await store.tidy(timeOf(100))).toBe(1);
    expect(await store.tidy(LATER)).toBe(2);
    expect(await pending.countDocuments()).toBe(0);
  });

  it('keep what all endpoints are told alike once, for as long as one of them is to be told', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    const told = made(250).flatMap((delivery) =>
      [1, 2, 3].map((endpoint) => makeDelivery(Number(delivery.eventId.slice(-3)), endpoint, pickTime(delivery))),
    );
    await store.add(told);
    await store.add(told);
    const events = database.collection('webhook_events');
    expect(await events.countDocuments()).toBe(3);
    const ends = (endpoint: number) => (delivery: Delivery) => delivery.endpointId === idOf('ep', endpoint);
    for (const endpoint of [1, 2]) {
      await store.settle(told.filter(ends(endpoint)).map((delivery) => delivered(delivery)));
    }
    const twoDaysOn = timeOf(2 * 86_400_000);
    expect(await store.purge(twoDaysOn)).toBe(500);
    expect(await events.countDocuments()).toBe(3);
    // Another process has nothing of it in memory.
    const elsewhere = new MongoDeliveryStore(database);
    expect(await elsewhere.due(idOf('ep', 3), LATER, 1_000)).toEqual(told.filter(ends(3)));
    await store.settle(told.filter(ends(3)).map((delivery) => delivered(delivery)));
    expect(await store.purge(LATER)).toBe(250);
    expect(await events.countDocuments()).toBe(3);
    await store.purge(twoDaysOn);
    expect(await events.countDocuments()).toBe(0);
  });

  it('reads events that were written after others of the same tenth of a second', async () => {
    const database = await connection();
    const [writer, reader] = [new MongoDeliveryStore(database), new MongoDeliveryStore(database)];
    const all = made(9);
    for (const delivery of all) {
      await writer.add([delivery]);
      expect((await reader.due(idOf('ep', 1), LATER, 10)).at(-1)).toEqual(delivery);
    }
    expect(await reader.due(idOf('ep', 1), LATER, 10)).toEqual(all);
  });

  it('reads the same events for many endpoints at the same time', async () => {
    const store = new MongoDeliveryStore(await connection());
    const endpoints = Array.from({ length: 20 }, (_, index) => index + 1);
    await store.add(endpoints.flatMap((endpoint) => [1, 2, 3].map((event) => makeDelivery(event, endpoint))));
    const due = await Promise.all(endpoints.map((endpoint) => store.due(idOf('ep', endpoint), LATER, 10)));
    for (const ofOne of due) expect(ofOne.map(({ payload }) => payload)).toEqual(due[0]?.map(({ payload }) => payload));
    expect(due.flat()).toHaveLength(60);
  });

  it('loses nothing when the process ends between the two writes of an outcome', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    await store.add(made(5));
    const due = await store.due(idOf('ep', 1), LATER, 10);
    const settlements = due.map((delivery) => {
      return { delivery, attempt: makeAttempt(LATER), next: { state: 'delivered' as const } };
    });
    const before = await database.collection('webhook_waiting').find().toArray();
    await store.settle(settlements);
    // As if it had not been taken out yet.
    await database.collection('webhook_waiting').deleteMany({});
    await database.collection('webhook_waiting').insertMany(before);
    expect((await store.list({ countyAdcode: null }, null, 10)).items).toHaveLength(5);
    expect(await store.due(idOf('ep', 1), LATER, 10)).toHaveLength(5);
    await store.settle(settlements);
    expect(await store.due(idOf('ep', 1), LATER, 10)).toEqual([]);
    expect((await store.get(due[0]?.id ?? ''))?.attempts).toHaveLength(1);
  });

  it('refuses an event id that could not be found again', async () => {
    const store = new MongoDeliveryStore(await connection());
    const odd = makeDelivery(1, 1, { eventId: 'evt.$x' });
    await expect(store.add([odd])).rejects.toMatchObject({ code: 'internal' });
  });

  it('tells of a document that is none of its own', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    await store.add(made(1));
    await database.collection('webhook_waiting').updateMany({}, { $set: { alone: '{}' } });
    await expect(store.due(idOf('ep', 1), LATER, 10)).rejects.toMatchObject({ code: 'internal' });
    await database.collection('webhook_waiting').updateMany({}, { $unset: { alone: '' }, $set: { items: ['evt_x'] } });
    await expect(store.due(idOf('ep', 1), LATER, 10)).rejects.toMatchObject({ code: 'internal' });
  });
});
