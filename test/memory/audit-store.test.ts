import { MemoryAuditStore } from '../../src/memory/audit-store.js';
import { describeAuditStoreConformance, testDigest } from '../support/conformance/audit-store.js';

describeAuditStoreConformance('memory', async (count) => {
  const store = new MemoryAuditStore({ digest: testDigest });
  return Array.from({ length: count }, () => store);
});
