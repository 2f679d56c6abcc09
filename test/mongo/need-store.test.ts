import { MongoNeedStore } from '../../src/mongo/need-store.js';
import { describeNeedStoreConformance } from '../support/conformance/need-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('need');

describeNeedStoreConformance('mongo', async () => new MongoNeedStore(await connection()));
