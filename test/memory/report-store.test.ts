import { MemoryReportStore } from '../../src/memory/report-store.js';
import { describeReportStoreConformance } from '../support/conformance/report-store.js';

describeReportStoreConformance('memory', async () => {
  const store = new MemoryReportStore();
  return { store, outbox: store.outbox };
});
