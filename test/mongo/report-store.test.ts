import { MongoReportOutbox, MongoReportStore } from '../../src/mongo/report-store.js';
import { describeReportStoreConformance } from '../support/conformance/report-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('report');

describeReportStoreConformance('mongo', async () => {
  const database = await connection();
  return { store: new MongoReportStore(database), outbox: new MongoReportOutbox(database) };
});

describeReportStoreConformance('mongo with its indexes', async () => {
  const database = await connection();
  const store = new MongoReportStore(database);
  for (const model of Object.values(database.models)) await model.createIndexes();
  return { store, outbox: new MongoReportOutbox(database) };
});
