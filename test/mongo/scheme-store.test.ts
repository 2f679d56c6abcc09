import { schemeRef } from '../../src/domain/scheme.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { MongoSchemeStore } from '../../src/mongo/scheme-store.js';
import { describeSchemeStoreConformance } from '../support/conformance/scheme-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('scheme');

describeSchemeStoreConformance('mongo', async () => {
  const database = await connection();
  const outbox = new MongoOutbox(database, 'schemes', ({ object }) => schemeRef(object));
  return { store: new MongoSchemeStore(database), outbox };
});
