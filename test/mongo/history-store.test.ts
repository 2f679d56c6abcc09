import { MongoHistoryStore } from '../../src/mongo/history-store.js';
import { describeHistoryStoreConformance } from '../support/conformance/history-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('history');

describeHistoryStoreConformance('mongo', async () => new MongoHistoryStore(await connection()));
