import { MongoNeedStore } from '../../src/mongo/need-store.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { describeNeedStoreConformance } from '../support/conformance/need-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('need');

describeNeedStoreConformance('mongo', async () => {
  const mongo = await connection();
  return { store: new MongoNeedStore(mongo), outbox: new MongoOutbox(mongo, 'needs') };
});
