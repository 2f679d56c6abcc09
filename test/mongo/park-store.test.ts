import { MongoParkStore } from '../../src/mongo/park-store.js';
import { describeParkStoreConformance } from '../support/conformance/park-store.js';
import { useMongo } from './mongo.js';

const connection = useMongo('park');

describeParkStoreConformance('mongo', async () => new MongoParkStore(await connection()));
