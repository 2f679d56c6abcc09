import { MemoryLeadStore } from '../../src/memory/lead-store.js';
import { describeLeadStoreConformance } from '../support/conformance/lead-store.js';

describeLeadStoreConformance('memory', async () => {
  const store = new MemoryLeadStore();
  return { store, outbox: store.outbox };
});
