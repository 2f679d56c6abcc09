import { MemoryFactsStore } from '../../src/memory/facts-store.js';
import { describeFactsStoreConformance } from '../support/conformance/facts-store.js';

describeFactsStoreConformance('memory', async () => new MemoryFactsStore());
