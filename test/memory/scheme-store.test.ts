import { MemorySchemeStore } from '../../src/memory/scheme-store.js';
import { describeSchemeStoreConformance } from '../support/conformance/scheme-store.js';

describeSchemeStoreConformance('memory', async () => {
  const store = new MemorySchemeStore();
  return { store, outbox: store.outbox };
});
