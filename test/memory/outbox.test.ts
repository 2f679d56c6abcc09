import { MemoryOutbox } from '../../src/memory/outbox.js';
import { describeOutboxConformance } from '../support/conformance/outbox.js';

describeOutboxConformance('memory', async () => {
  const outbox = new MemoryOutbox();
  return { outbox, write: async (documentId, changes) => outbox.push(documentId, changes) };
});
