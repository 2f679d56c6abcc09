import type { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { MemoryRematchRunStore } from '../../src/memory/rematch-run-store.js';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { type LeaseTimes, standForLeader } from '../../src/queue/leader.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { BullRematchQueue } from '../../src/queue/rematch-queue.js';
import { startRematchWorker } from '../../src/queue/rematch-worker.js';
import { insertNightly } from '../../src/usecases/rematch/full-run.js';
import type { Rematcher } from '../../src/usecases/rematch/rematcher.js';
import { type RematchingParts, type RematchingTimes, startRematching } from '../../workers/rematching-process.js';
import { afterThisTest, makeBench, redisProxy } from '../queue/redis.js';
import { realClock, until } from '../support/real-clock.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { countingIds } from '../usecases/bench.js';

const LEASE: LeaseTimes = { lastsMs: 1_500, renewEveryMs: 100 };
const TIMES: RematchingTimes = { lookEveryMs: 100, syncEveryMs: 1_000, shutdownGraceMs: 1_000 };
/** Longer than any test: only a signal wakes it. */
const SELDOM: RematchingTimes = { ...TIMES, lookEveryMs: 30_000 };
const RUN = `run_${'a'.repeat(24)}`;

/** Rematching processes over a rematcher that only counts, on the real Redis. */
async function makeRematching(proxy?: TcpProxy) {
  const bench = await makeBench(proxy);
  const { producer, prefix, log } = bench;
  const open = (kind: (typeof CATALOGUE)['rematchFacts' | 'rematchRun' | 'rematchNightly']): Queue => {
    const queue = openQueue(kind, producer, prefix, log);
    afterThisTest(() => queue.close());
    afterThisTest(async () => {
      if (producer.status === 'ready') await queue.obliterate({ force: true }).catch(() => undefined);
    });
    return queue;
  };
  const queues = {
    facts: open(CATALOGUE.rematchFacts),
    runs: open(CATALOGUE.rematchRun),
    nightly: open(CATALOGUE.rematchNightly),
  };
  const queue = new BullRematchQueue(queues, producer, realClock, log);
  const runStore = new MemoryRematchRunStore();
  const ids = countingIds();
  /** What each process did, by its name. */
  const turns = new Map<string, number>();
  const looks = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const leases = new Map<string, ReturnType<typeof standForLeader>>();

  function partsOf(name: string, rematcher: Partial<Rematcher> = {}): RematchingParts {
    return {
      standForLeader() {
        const lease = standForLeader(producer, `${prefix}:leader`, name, realClock, log, LEASE);
        leases.set(name, lease);
        return lease;
      },
      createRematcher: () => ({
        look: () => void add(looks, name),
        async turn() {
          add(turns, name);
          return false;
        },
        restMs: () => 1_000,
        status: () => ({ needs: 0, snapshotId: null, touched: 0, waiting: 0, outlines: 0 }),
        ...rematcher,
      }),
      startRematchWorker: (handlers) =>
        startRematchWorker({ connection: bench.worker(), prefix, log, clock: realClock }, handlers),
      syncSchedules: async () => queue.syncSchedules(await runStore.schedules(), '0 18 * * *'),
      insertNightly: (county, occasion) => insertNightly({ runStore, ids, clock: realClock }, county, occasion),
      close: async () => undefined,
    };
  }

  return {
    ...bench,
    ...{ queues, queue, runStore, turns, looks, leases, partsOf },
    start(name: string, times = TIMES, change: Partial<RematchingParts> = {}, rematcher: Partial<Rematcher> = {}) {
      const process = startRematching({ ...partsOf(name, rematcher), ...change }, times, log);
      afterThisTest(() => process.stop());
      return process;
    },
    async idle(): Promise<void> {
      const waiting = async (one: Queue) => one.getJobCountByTypes('waiting', 'active');
      await until(async () => (await Promise.all(Object.values(queues).map(waiting))).every((count) => count === 0));
    },
  };
}

describe('startRematching', () => {
  it('looks again and again by itself, and stops in order', async () => {
    const bench = await makeRematching();
    const process = bench.start('a');
    await until(() => (bench.turns.get('a') ?? 0) >= 3);
    expect(await process.stop()).toBe(true);
    expect(await process.stop()).toBe(true);
    const after = bench.turns.get('a');
    await realClock.sleep(300);
    expect(bench.turns.get('a')).toBe(after);
  });

  it('looks at once when facts change or a run waits; a job that comes twice does no harm', async () => {
    const bench = await makeRematching();
    bench.start('a', SELDOM);
    await until(() => bench.turns.get('a') === 1);
    await bench.queue.factsChanged();
    await until(() => (bench.turns.get('a') ?? 0) >= 2);
    await bench.idle();
    const before = bench.turns.get('a') ?? 0;
    await bench.queues.runs.add('rematchRun', { runId: RUN }, { jobId: 'copy-1' });
    await bench.queues.runs.add('rematchRun', { runId: RUN }, { jobId: 'copy-2' });
    await until(() => (bench.turns.get('a') ?? 0) > before);
    await bench.idle();
  });

  it('finds a run whose job was never left: it looks by itself', async () => {
    const bench = await makeRematching();
    const seen: string[] = [];
    bench.start(
      'a',
      TIMES,
      {},
      {
        async turn() {
          seen.push(...(await bench.runStore.unfinished()).map(({ id }) => id));
          return false;
        },
      },
    );
    const parts = { runStore: bench.runStore, ids: countingIds(), clock: realClock };
    await insertNightly(parts, null, 'stored, and then the process ended');
    await until(() => seen.length > 0);
  });

  it.each([
    ['facts', 'rematchFacts', { firm: '某某公司' }],
    ['facts', 'unknown', {}],
    ['runs', 'rematchRun', { runId: '某某公司' }],
    ['runs', 'rematchRun', null],
    ['nightly', 'rematchNightly', { countyAdcode: '某某公司' }],
    ['nightly', 'rematchNightly', { countyAdcode: null, firm: '某某公司' }],
  ] as const)('fails a poison job once and goes on: %s %s %j', async (which, name, payload) => {
    const bench = await makeRematching();
    bench.start('a', SELDOM);
    await until(() => bench.turns.get('a') === 1);
    await bench.queues[which].add(name, payload, { jobId: 'poison', attempts: 3, backoff: 10 });
    await until(async () => (await bench.queues[which].getFailedCount()) === 1);
    const [failed] = await bench.queues[which].getFailed();
    expect([failed?.failedReason, failed?.attemptsMade]).toEqual(['badPayload', 1]);
    const before = bench.turns.get('a') ?? 0;
    await bench.queue.factsChanged();
    await until(() => (bench.turns.get('a') ?? 0) > before);
    expect(JSON.stringify(bench.lines)).not.toContain('某某公司');
  });

  it('makes one run for each time of a schedule', async () => {
    const bench = await makeRematching();
    bench.start('a', SELDOM);
    await until(() => bench.turns.get('a') === 1);
    await bench.queue.schedule('330782', '* * * * * *');
    await until(async () => (await bench.runStore.unfinished()).length >= 1);
    await bench.queue.schedule('330782', null);
    await bench.idle();
    const [run] = await bench.runStore.unfinished();
    expect(run).toMatchObject({ reason: 'nightly', countyAdcode: '330782', state: 'waiting' });
    // Its run is stored once, whoever gets the job again.
    const [done] = bench.lines.filter(({ message, fields }) => message === 'job done' && 'jobId' in fields);
    const occasion = String(done?.fields['jobId']);
    expect(await bench.partsOf('b').insertNightly('330782', occasion)).toBe('duplicate');
  });

  it('puts the default schedule into an empty queue, and again when Redis has lost it', async () => {
    const bench = await makeRematching();
    bench.start('a', { ...SELDOM, syncEveryMs: 100 });
    const pattern = async () => (await bench.queues.nightly.getJobSchedulers())[0]?.pattern;
    await until(async () => (await pattern()) === '0 18 * * *');
    await bench.queues.nightly.obliterate({ force: true });
    await until(async () => (await pattern()) === '0 18 * * *');
  });

  it('works in one process at a time; the second takes over when the first stops', async () => {
    const bench = await makeRematching();
    const first = bench.start('a');
    await until(() => (bench.turns.get('a') ?? 0) > 0);
    bench.start('b');
    await realClock.sleep(500);
    expect(bench.turns.get('b')).toBeUndefined();
    await first.stop();
    await until(() => (bench.turns.get('b') ?? 0) > 0);
  });

  it('leaves off when another process has become the leader', async () => {
    const bench = await makeRematching();
    bench.start('a');
    await until(() => (bench.turns.get('a') ?? 0) > 0);
    await bench.producer.set(`${bench.prefix}:leader`, 'another', 'PX', 60_000);
    await until(() => bench.leases.get('a')?.held() === false);
    await realClock.sleep(150);
    const after = bench.turns.get('a');
    await realClock.sleep(400);
    expect(bench.turns.get('a')).toBe(after);
  });

  it('tries on when a turn fails, and says so once', async () => {
    const bench = await makeRematching();
    let turns = 0;
    bench.start(
      'a',
      TIMES,
      {},
      {
        async turn() {
          turns += 1;
          if (turns < 4) throw new AppError('storeUnavailable');
          return false;
        },
      },
    );
    await until(() => turns >= 5);
    expect(bench.lines.filter(({ message }) => message === 'rematching failed, tried again')).toHaveLength(1);
    expect(bench.lines.filter(({ message }) => message === 'rematching goes on')).toHaveLength(1);
  });

  it('cuts off a turn that takes longer than a shutdown may, and one that heeds the signal ends in order', async () => {
    const bench = await makeRematching();
    let begun = 0;
    const heeding = bench.start(
      'a',
      TIMES,
      {},
      {
        async turn(signal) {
          begun += 1;
          await realClock.sleep(20_000, signal);
          signal.throwIfAborted();
          return false;
        },
      },
    );
    await until(() => begun === 1);
    expect(await heeding.stop()).toBe(true);

    const deaf = bench.start(
      'b',
      { ...TIMES, shutdownGraceMs: 100 },
      {},
      {
        async turn() {
          begun += 1;
          await realClock.sleep(6_000);
          return false;
        },
      },
    );
    await until(() => begun === 2);
    expect(await deaf.stop()).toBe(false);
  });

  it('starts while Redis is away, works once it is back, and stops without it', async () => {
    const proxy = await redisProxy();
    await proxy.cut();
    const bench = await makeRematching(proxy);
    const process = bench.start('a');
    await realClock.sleep(300);
    expect(bench.turns.get('a')).toBeUndefined();
    await proxy.restore();
    await until(() => (bench.turns.get('a') ?? 0) > 0, 30_000);
    await proxy.cut();
    const began = performance.now();
    await process.stop();
    expect(performance.now() - began).toBeLessThan(6_000);
  });
});
