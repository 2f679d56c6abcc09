import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { Worker } from 'node:worker_threads';
import { explainNeed } from '../src/matching/match.js';
import { createWorkspace } from '../src/matching/workspace.js';
import { syntheticProvince } from './support/province.js';
import { answerOf, type ProvinceMessage, type ProvinceTask, stampOf } from './support/province-task.js';

const NEEDS = 10_000;
const PARKS = 500;
const THREADS = 2;
const BATCH = 20;
const LIMIT_S = 15;

type Done = Extract<ProvinceMessage, { kind: 'done' }>;

/** The thread's next word; its failure is thrown. */
async function told<K extends ProvinceMessage['kind']>(thread: Worker, kind: K) {
  const [message] = (await once(thread, 'message')) as [ProvinceMessage];
  if (message.kind !== kind) throw new Error(`thread said ${message.kind}, not ${kind}`);
  return message as Extract<ProvinceMessage, { kind: K }>;
}

/** Answers of the threads that differ from those of this thread. */
function differences(done: readonly Done[]): number {
  const { snapshot, needs } = syntheticProvince(PARKS, NEEDS);
  const work = createWorkspace(snapshot.size);
  const samples = done.flatMap((one) => one.samples);
  if (samples.length === 0) throw new Error('no answers to compare');
  return samples.filter(({ at, answer }) => {
    const asked = needs[at];
    return asked === undefined || answerOf(explainNeed(snapshot, asked.need, asked.text, stampOf(at), work)) !== answer;
  }).length;
}

/*
 * What the product does for a need but for the 10,000 weightings of the robustness, which it counts apart (see the
 * `smaa` bench): placement, gates, utilities, ranking, the best 20 and the best conditional parks explained, and the
 * first 100 excluded parks with their gates, the cheapest combinations and the rank they would have. Each thread has
 * made its province before the clock starts, as a worker has its snapshot; nothing else is warmed up.
 */
const task: ProvinceTask = {
  parks: PARKS,
  needs: NEEDS,
  batch: BATCH,
  next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
};
const file = new URL('./support/province-thread.js', import.meta.url);
const threads = Array.from({ length: THREADS }, () => new Worker(file, { workerData: task }));
await Promise.all(threads.map((thread) => told(thread, 'ready')));

const load = loadavg()[0] ?? Number.NaN;
const cpuBefore = process.cpuUsage();
const start = performance.now();
const answers = threads.map((thread) => told(thread, 'done'));
for (const thread of threads) thread.postMessage('go');
const done = await Promise.all(answers);
const wallS = (performance.now() - start) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const residentMb = process.memoryUsage().rss / 2 ** 20;
await Promise.all(threads.map((thread) => thread.terminate()));

const sum = (read: (one: Done) => number) => done.reduce((total, one) => total + read(one), 0);
const matched = sum((one) => one.matched);
const per = (value: number) => (value / matched).toFixed(1);
const different = differences(done);
const lines = [
  `province: ${matched} needs x ${PARKS} parks, ranked and explained, ${THREADS} threads (without robustness)`,
  `  wall         ${wallS.toFixed(2)} s (limit ${LIMIT_S} s)   processor ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s`,
  `  rate         ${(matched / wallS).toFixed(0)} needs/s   ${((matched * PARKS) / wallS / 1e6).toFixed(2)} M pairs/s   ${((wallS * THREADS * 1_000) / matched).toFixed(2)} ms a need and thread`,
  `  a need       ${per(sum((one) => one.ranked))} parks ranked, ${per(sum((one) => one.explained))} explained, ${per(sum((one) => one.excludedExplained))} excluded explained`,
  `  share        ${done.map((one) => one.matched).join(' + ')} needs by thread`,
  `  memory       ${residentMb.toFixed(0)} MB resident, heaps ${done.map((one) => one.heapMb.toFixed(0)).join(' + ')} MB`,
  `  machine      ${availableParallelism()} cores, load ${load.toFixed(1)} before the start`,
  `  same answers as one thread: ${different === 0 ? 'yes' : `no, ${different} differ`}`,
];
process.stdout.write(`${lines.join('\n')}\n`);
if (wallS > LIMIT_S || matched !== NEEDS || different > 0) process.exitCode = 1;
