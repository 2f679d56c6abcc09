import { expect, it } from 'vitest';
import { WEBHOOK_ENDPOINTS } from '../../src/mongo/endpoint-schema.js';
import { MongoEndpointStore } from '../../src/mongo/endpoint-store.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { describeEndpointStoreConformance } from '../support/conformance/endpoint-store.js';
import { idOf } from '../support/conformance/lead-records.js';
import { makeEndpoint } from '../support/conformance/webhook-records.js';
import { useMongo } from './mongo.js';

const connection = useMongo('endpoint');

describeEndpointStoreConformance('mongo', async () => {
  const database = await connection();
  return { store: new MongoEndpointStore(database), outbox: new MongoOutbox(database, WEBHOOK_ENDPOINTS) };
});

it('keeps neither keys nor address of a removed endpoint', async () => {
  const database = await connection();
  const store = new MongoEndpointStore(database);
  await store.insert(makeEndpoint(1), []);
  await store.remove(idOf('ep', 1), 1, []);
  const kept = await database.collection(WEBHOOK_ENDPOINTS).findOne({});
  expect(kept).toMatchObject({ removed: true });
  expect(JSON.stringify(kept)).not.toMatch(/sealed|hooks\.example/);
});

it('refuses a document that is no endpoint', async () => {
  const database = await connection();
  const store = new MongoEndpointStore(database);
  await store.insert(makeEndpoint(1), []);
  await database.collection(WEBHOOK_ENDPOINTS).updateOne({}, { $set: { keys: [{ sealed: 1 }] } });
  await expect(store.get(idOf('ep', 1))).rejects.toMatchObject({ code: 'internal' });
});
