import { MemoryMatchQueue } from '../../src/memory/match-queue.js';
import { MemoryNeedStore } from '../../src/memory/need-store.js';
import { MemoryParkStore } from '../../src/memory/park-store.js';
import { MemoryReferenceStore } from '../../src/memory/reference-store.js';
import { MemoryResultSignal } from '../../src/memory/result-signal.js';
import { MemoryResultStore } from '../../src/memory/result-store.js';
import { describeMatchQueueConformance } from '../support/conformance/match-queue.js';
import { describeNeedStoreConformance } from '../support/conformance/need-store.js';
import { describeParkStoreConformance } from '../support/conformance/park-store.js';
import { describeReferenceStoreConformance } from '../support/conformance/reference-store.js';
import { describeResultSignalConformance } from '../support/conformance/result-signal.js';
import { describeResultStoreConformance } from '../support/conformance/result-store.js';
import { realClock } from '../support/real-clock.js';

describeNeedStoreConformance('memory', async () => {
  const store = new MemoryNeedStore();
  return { store, outbox: store.outbox };
});
describeParkStoreConformance('memory', async () => {
  const store = new MemoryParkStore();
  return { store, outbox: store.outbox };
});
describeReferenceStoreConformance('memory', async () => new MemoryReferenceStore());
describeResultStoreConformance('memory', async () => new MemoryResultStore());
describeMatchQueueConformance('memory', async () => {
  const queue = new MemoryMatchQueue();
  return {
    queue,
    waiting: async () => {
      const jobs = [];
      for (let job = queue.take(); job !== null; job = queue.take()) jobs.push(job);
      return jobs;
    },
  };
});
describeResultSignalConformance('memory', async () => {
  const signal = new MemoryResultSignal(realClock);
  return { announcer: signal, listener: signal };
});
