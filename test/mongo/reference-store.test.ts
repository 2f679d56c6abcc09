import { MongoReferenceStore } from '../../src/mongo/reference-store.js';
import { describeReferenceStoreConformance } from '../support/conformance/reference-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('reference');

describeReferenceStoreConformance('mongo', async () => new MongoReferenceStore(await connection()));
