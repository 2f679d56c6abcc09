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

  it('stand together while they were not tried, and leave little behind when they end', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    await store.add(made(250));
    const pending = database.collection('webhook_pending');
    expect(await pending.countDocuments()).toBe(3);
    await store.settle(
      (await store.due(idOf('ep', 1), LATER, 1_000)).map((delivery) => ({
        delivery,
        attempt: makeAttempt(LATER),
        next: { state: 'delivered' },
      })),
    );
    expect(await database.collection('webhook_deliveries').countDocuments()).toBe(3);
    expect(await pending.countDocuments()).toBe(3);
    expect(await store.tidy(timeOf(100))).toBe(1);
    expect(await store.tidy(LATER)).toBe(2);
    expect(await pending.countDocuments()).toBe(0);
  });

  it('loses nothing when the process ends between the two writes of an outcome', async () => {
    const database = await connection();
    const store = new MongoDeliveryStore(database);
    await store.add(made(5));
    const due = await store.due(idOf('ep', 1), LATER, 10);
    const settlements = due.map((delivery) => {
      return { delivery, attempt: makeAttempt(LATER), next: { state: 'delivered' as const } };
    });
    const before = await database.collection('webhook_pending').find().toArray();
    await store.settle(settlements);
    // As if it had not been taken out yet.
    await database.collection('webhook_pending').deleteMany({});
    await database.collection('webhook_pending').insertMany(before);
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
    await database.collection('webhook_pending').updateMany({}, { $set: { items: { [idOf('evt', 0)]: '{}' } } });
    await expect(store.due(idOf('ep', 1), LATER, 10)).rejects.toMatchObject({ code: 'internal' });
  });
});
