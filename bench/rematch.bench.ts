import { availableParallelism, loadavg } from 'node:os';
import { loadSeedData } from '../seeds/load.js';
import { SYSTEM_CALLER } from '../src/domain/access.js';
import type { RematchRun } from '../src/domain/rematch.js';
import { type HistoryDocument, toHistoryEntry } from '../src/mongo/history-schema.js';
import { fromStoredNeed } from '../src/mongo/need-schema.js';
import { systemIds } from '../src/system.js';
import { updateInventory } from '../src/usecases/browse.js';
import { waitingRun } from '../src/usecases/rematch/full-run.js';
import { cpuTimeMs } from './support/cpu-time.js';
import { FACT_EDITS } from './support/fact-edits.js';
import { median, percentile } from './support/percentiles.js';
import { earlierStep, matchedEarlier, wordedNeeds } from './support/rematch-needs.js';
import { benchClock, openRematching } from './support/rematching.js';
import { seeded, syntheticParks } from './support/synthetic.js';

const NEEDS = Number(process.env['REMATCH_NEEDS'] ?? 10_000);
const PARKS = 500;
const EDITS = Number(process.env['REMATCH_EDITS'] ?? 80);
/** Edits that are not counted, some of each kind: a process at work for days has compiled what it runs. */
const WARM_UP = 2 * FACT_EDITS.length;
const THREADS = 2;
/** Limits: a change of facts to results stored, ms; a run over all needs, s. */
const LIMIT_MS = 1_000;
const LIMIT_S = 180;
const INSERTED_AT_ONCE = 500;

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const [MONGODB_URI, REDIS_URL] = [process.env['MONGODB_URI'], process.env['REDIS_URL']];
if (MONGODB_URI === undefined || REDIS_URL === undefined) {
  write('run it with: npm run bench -- rematch');
  process.exit(1);
}
const servers: Record<string, number> = JSON.parse(process.env['SERVER_PIDS'] ?? '{}');
const pids = { service: process.pid, ...servers };
const cpuTimes = () => Object.entries(pids).map(([name, pid]) => [name, cpuTimeMs(pid) ?? 0] as const);

const rematching = await openRematching({ MONGODB_URI, REDIS_URL }, THREADS);
const { stores, historyStore, runStore, relay, queue, connection } = rematching;
const pause = (ms: number): Promise<void> => benchClock.sleep(ms);

const { reference, edition } = loadSeedData();
const began = performance.now();
await stores.referenceStore.publish(edition, reference);
const parks = connection.collection<{ _id: string }>('parks');
await parks.insertMany(
  syntheticParks(reference, PARKS, 2).map(({ id: _id, ...rest }) => ({ _id, ...rest, edited: true })),
);
const needs = connection.collection<{ _id: string }>('needs');
const made = wordedNeeds(reference, NEEDS, 4).map((need, number) => matchedEarlier(need, number, reference));
for (let from = 0; from < made.length; from += INSERTED_AT_ONCE) {
  const some = made.slice(from, from + INSERTED_AT_ONCE);
  await needs.insertMany(some.map((one) => ({ ...fromStoredNeed(one), touchedAt: one.updatedAt })));
  await historyStore.appendMany(some.map(earlierStep));
}
write(
  `rematch: ${NEEDS} open needs x ${PARKS} parks, ${THREADS} threads, ${availableParallelism()} cores, load average before ${loadavg()[0]?.toFixed(2)}`,
);
write(`  stores filled in ${((performance.now() - began) / 1_000).toFixed(1)} s`);

let missed = false;

/** Waits for the run to end, telling how far it is; gives its wall time, s. */
async function followed(name: string, find: () => Promise<RematchRun | null>): Promise<void> {
  const start = performance.now();
  const cpuBefore = new Map(cpuTimes());
  let told = start;
  for (;;) {
    await pause(250);
    const run = await find();
    if (run?.state === 'done') {
      const wallS = (performance.now() - start) / 1_000;
      const cpu = cpuTimes()
        .map(([process, ms]) => `${process} ${((ms - (cpuBefore.get(process) ?? 0)) / 1_000).toFixed(0)}`)
        .join(', ');
      write(
        `  ${name}: ${wallS.toFixed(1)} s (limit ${LIMIT_S} s), ${run.done} needs, ${run.changed} changed and stored, ` +
          `${(run.done / wallS).toFixed(0)} needs/s, at work ${(run.workedMs / 1_000).toFixed(1)} s; processor s: ${cpu}`,
      );
      if (wallS > LIMIT_S || run.done !== NEEDS) missed = true;
      return;
    }
    if (performance.now() - told > 5_000) {
      told = performance.now();
      const rate = run === null || run.workedMs === 0 ? 0 : (run.done * 1_000) / run.workedMs;
      write(
        `    ${name} ${(((run?.done ?? 0) * 100) / Math.max(1, run?.total ?? 1)).toFixed(1)}%, ${rate.toFixed(0)} needs/s, ` +
          `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`,
      );
    }
  }
}

async function settled(): Promise<void> {
  for (;;) {
    const { waiting, snapshotId } = rematching.status();
    if (snapshotId !== null && waiting === 0) return;
    await pause(2);
  }
}

const running = rematching.start();
try {
  const newest = async (): Promise<RematchRun | null> => (await runStore.list(null, null, 1)).items[0] ?? null;
  await followed('full run, every result new', newest);
  await settled();

  const nightly = waitingRun({ ids: systemIds, clock: benchClock }, 'bench', 'nightly', null);
  await runStore.insert(nightly, []);
  await queue.runWaiting(nightly.id);
  await followed('full run, nothing changed', () => runStore.get(nightly.id));
  await settled();

  const random = seeded(7);
  const all = await stores.parkStore.all();
  const times: { readonly name: string; readonly ms: number; readonly results: number }[] = [];
  // Every result that is stored, whole or in outline, is a step of the history.
  const countStored = (): Promise<number> => connection.collection('needHistory').estimatedDocumentCount();
  for (let number = -WARM_UP; number < EDITS; number += 1) {
    const edit = FACT_EDITS[(number + WARM_UP) % FACT_EDITS.length];
    const id = all[Math.floor(random() * all.length)]?.id ?? '';
    const park = await stores.parkStore.get(id);
    if (park === null || edit === undefined) throw new Error('no such park');
    const { snapshotId } = rematching.status();
    const before = await countStored();
    const start = performance.now();
    if (edit.inventory !== undefined) {
      const deps = { ...stores, changes: relay, clock: benchClock };
      await updateInventory(deps, SYSTEM_CALLER, id, park.version, edit.inventory(park.inventory, random));
    } else {
      const holds = edit.holds?.(park, number + WARM_UP, benchClock.now()) ?? [];
      const expected = { version: park.version, capacityVersion: park.capacity.version };
      const capacity = { ...park.capacity, version: expected.capacityVersion + 1, holds };
      await stores.parkStore.updateCapacity(id, expected, capacity, []);
      await queue.factsChanged();
    }
    const limit = start + 60_000;
    for (;;) {
      const status = rematching.status();
      if (status.snapshotId !== snapshotId && status.touched === 0) break;
      if (performance.now() > limit) throw new Error(`${edit.name} not settled`);
      // Looking costs what is measured, too.
      await pause(3);
    }
    const ms = performance.now() - start;
    if (number >= 0) times.push({ name: edit.name, ms, results: (await countStored()) - before });
    await pause(50 + random() * 200);
  }
  const sorted = (picked: typeof times) => Float64Array.from(picked.map(({ ms }) => ms)).sort();
  const figure = (ms: number) => ms.toFixed(0).padStart(6);
  const p95 = percentile(sorted(times), 0.95);
  write(`  a change of facts to results stored, ms (limit p95 ${LIMIT_MS}):   p50    p95    p99    max  results`);
  for (const name of ['all', ...FACT_EDITS.map((edit) => edit.name)]) {
    const picked = times.filter((one) => name === 'all' || one.name === name);
    const ms = sorted(picked);
    const stored = picked.reduce((sum, one) => sum + one.results, 0) / Math.max(1, picked.length);
    write(
      `    ${name.padEnd(26)} ${String(picked.length).padStart(4)} changes ${' '.repeat(21)}` +
        `${figure(percentile(ms, 0.5))} ${figure(percentile(ms, 0.95))} ${figure(percentile(ms, 0.99))} ` +
        `${figure(percentile(ms, 1))} ${stored.toFixed(1).padStart(8)}`,
    );
  }
  // The first step is that of the earlier day, the second that of the full run.
  const steps = await connection
    .collection<HistoryDocument>('needHistory')
    .find({ position: { $gt: 2 } })
    .toArray();
  const sameRanks = steps
    .map((step) => toHistoryEntry(step).difference)
    .filter((difference) => difference?.ranks.length === 0 && difference.label === null);
  write(
    `  ${steps.length} results changed: ${sameRanks.length} of them show the same parks in the same ranks with the same label, and ` +
      'differ in totals, gates or excluded parks',
  );
  const perSecond = times
    .filter(({ results: stored }) => stored > 20)
    .map(({ ms, results: stored }) => (stored * 1_000) / ms);
  write(`  changes that touch more than 20 answers: ${median(perSecond).toFixed(0)} results stored a second`);
  const leftover = rematching.status().outlines;
  const wholeFrom = performance.now();
  while (rematching.status().outlines > 0) await pause(20);
  write(
    `  ${leftover} results were still outlines after the last change, whole ${((performance.now() - wholeFrom) / 1_000).toFixed(1)} s later`,
  );
  if (!(p95 < LIMIT_MS)) missed = true;
  write(`  memory ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB resident   ${missed ? 'MISSED' : 'held'}`);
} finally {
  await running.stop();
  await rematching.close();
}
process.exitCode = missed ? 1 : 0;
