import { MongoSchemeStore, mongoSchemeOutbox } from '../../src/mongo/scheme-store.js';
import { describeSchemeStoreConformance } from '../support/conformance/scheme-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('scheme');

describeSchemeStoreConformance('mongo', async () => {
  const database = await connection();
  return { store: new MongoSchemeStore(database), outbox: mongoSchemeOutbox(database) };
});
