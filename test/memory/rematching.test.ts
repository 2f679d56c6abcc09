import { MemoryHistoryStore } from '../../src/memory/history-store.js';
import { MemoryRematchRunStore } from '../../src/memory/rematch-run-store.js';
import { describeHistoryStoreConformance } from '../support/conformance/history-store.js';
import { describeRematchRunStoreConformance } from '../support/conformance/rematch-run-store.js';

describeHistoryStoreConformance('memory', async () => new MemoryHistoryStore());
describeRematchRunStoreConformance('memory', async () => {
  const store = new MemoryRematchRunStore();
  return { store, outbox: store.outbox };
});
