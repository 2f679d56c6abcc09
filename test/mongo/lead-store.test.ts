import { MongoLeadStore } from '../../src/mongo/lead-store.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { describeLeadStoreConformance } from '../support/conformance/lead-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('lead');

describeLeadStoreConformance('mongo', async () => {
  const database = await connection();
  return { store: new MongoLeadStore(database), outbox: new MongoOutbox(database, 'leads') };
});
