import { MemoryEndpointStore } from '../../src/memory/endpoint-store.js';
import { describeEndpointStoreConformance } from '../support/conformance/endpoint-store.js';

describeEndpointStoreConformance('memory', async () => {
  const store = new MemoryEndpointStore();
  return { store, outbox: store.outbox };
});
