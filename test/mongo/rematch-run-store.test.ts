import { MongoRematchRunStore, mongoRematchOutbox } from '../../src/mongo/rematch-run-store.js';
import { describeRematchRunStoreConformance } from '../support/conformance/rematch-run-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('rematch_run');

describeRematchRunStoreConformance('mongo', async () => {
  const database = await connection();
  return { store: new MongoRematchRunStore(database), outbox: mongoRematchOutbox(database) };
});
