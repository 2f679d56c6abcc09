import { parentPort, workerData } from 'node:worker_threads';
import { explainNeed } from '../../src/matching/match.js';
import { createWorkspace } from '../../src/matching/workspace.js';
import { syntheticProvince } from './province.js';
import { answerOf, type ProvinceMessage, type ProvinceTask, SAMPLE_EVERY, stampOf } from './province-task.js';

const task = workerData as ProvinceTask;
const { snapshot, needs } = syntheticProvince(task.parks, task.needs);
const work = createWorkspace(snapshot.size);

function tell(message: ProvinceMessage): void {
  parentPort?.postMessage(message);
}

function matchAll(): ProvinceMessage {
  let [matched, ranked, explained, excludedExplained] = [0, 0, 0, 0];
  const samples: { at: number; answer: string }[] = [];
  for (;;) {
    const from = Atomics.add(task.next, 0, task.batch);
    if (from >= needs.length) break;
    for (const [index, { need, text }] of needs.slice(from, from + task.batch).entries()) {
      const at = from + index;
      const result = explainNeed(snapshot, need, text, stampOf(at), work);
      matched += 1;
      ranked += result.rankedTotal;
      explained += result.ranked.length;
      excludedExplained += result.excluded.length;
      if (at % SAMPLE_EVERY === 0) samples.push({ at, answer: answerOf(result) });
    }
  }
  const heapMb = process.memoryUsage().heapUsed / 2 ** 20;
  return { kind: 'done', matched, ranked, explained, excludedExplained, heapMb, samples };
}

parentPort?.once('message', () => tell(matchAll()));
tell({ kind: 'ready' });
