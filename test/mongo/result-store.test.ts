import { MongoResultStore } from '../../src/mongo/result-store.js';
import { describeResultStoreConformance } from '../support/conformance/result-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('result');

describeResultStoreConformance('mongo', async () => new MongoResultStore(await connection()));
