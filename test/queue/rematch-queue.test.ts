import { type Queue, Worker } from 'bullmq';
import { describe, expect, it } from 'vitest';
import type { RematchSchedule } from '../../src/domain/rematch.js';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { BullRematchQueue } from '../../src/queue/rematch-queue.js';
import { startRematchWorker } from '../../src/queue/rematch-worker.js';
import { realClock, until } from '../support/real-clock.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { afterThisTest, makeBench, redisProxy } from './redis.js';

const RUN = `run_${'a'.repeat(24)}`;

async function makeQueues(proxy?: TcpProxy) {
  const bench = await makeBench(proxy);
  const open = (kind: (typeof CATALOGUE)['rematchFacts' | 'rematchRun' | 'rematchNightly']): Queue => {
    const queue = openQueue(kind, bench.producer, bench.prefix, bench.log);
    afterThisTest(() => queue.close());
    afterThisTest(async () => {
      if (bench.producer.status === 'ready') await queue.obliterate({ force: true }).catch(() => undefined);
    });
    return queue;
  };
  const queues = {
    facts: open(CATALOGUE.rematchFacts),
    runs: open(CATALOGUE.rematchRun),
    nightly: open(CATALOGUE.rematchNightly),
  };
  const queue = new BullRematchQueue(queues, bench.producer, realClock, bench.log);
  const patterns = async (): Promise<Record<string, string | undefined>> =>
    Object.fromEntries((await queues.nightly.getJobSchedulers()).map(({ key, pattern }) => [key, pattern]));
  return { ...bench, queues, rematches: queue, patterns };
}

const schedule = (countyAdcode: string, cron: string): RematchSchedule => ({ countyAdcode, cron, version: 1 });

describe('BullRematchQueue', () => {
  it('folds a burst of changed facts into one waiting job without a payload', async () => {
    const { rematches, queues } = await makeQueues();
    for (let call = 0; call < 20; call += 1) expect(await rematches.factsChanged()).toBe(true);
    const jobs = await queues.facts.getWaiting();
    expect(jobs.map(({ name, data }) => [name, data])).toEqual([['rematchFacts', {}]]);
  });

  it('keeps one more look for what changes during a look', async () => {
    const bench = await makeQueues();
    let looks = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = new Worker(
      'rematchFacts',
      async () => {
        looks += 1;
        if (looks === 1) await held;
      },
      { connection: bench.worker(), prefix: bench.prefix },
    );
    afterThisTest(() => worker.close());
    await bench.rematches.factsChanged();
    await until(() => looks === 1);
    for (let call = 0; call < 5; call += 1) await bench.rematches.factsChanged();
    release();
    await until(() => looks === 2);
    await realClock.sleep(200);
    expect(looks).toBe(2);
  });

  it('leaves one job for a run, however often it is told of it', async () => {
    const { rematches, queues } = await makeQueues();
    await rematches.runWaiting(RUN);
    await rematches.runWaiting(RUN);
    expect((await queues.runs.getWaiting()).map(({ data }) => data)).toEqual([{ runId: RUN }]);
    await expect(rematches.runWaiting('某某公司')).rejects.toThrow();
  });

  it('gives false within half a second while Redis is away', async () => {
    const proxy = await redisProxy();
    const { rematches, producer } = await makeQueues(proxy);
    await until(() => producer.status === 'ready');
    await proxy.cut();
    const began = performance.now();
    expect(await rematches.factsChanged()).toBe(false);
    expect(await rematches.runWaiting(RUN)).toBe(false);
    expect(await rematches.schedule(null, '0 18 * * *')).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

describe('nightly schedules', () => {
  it('are set, changed and taken away, in UTC', async () => {
    const { rematches, queues, patterns } = await makeQueues();
    await rematches.schedule(null, '0 18 * * *');
    await rematches.schedule('330782', '30 19 * * *');
    expect(await patterns()).toEqual({ 'nightly-rest': '0 18 * * *', 'nightly-330782': '30 19 * * *' });
    const [job] = await queues.nightly.getDelayed();
    expect([18, 19]).toContain(new Date((job?.timestamp ?? 0) + (job?.delay ?? 0)).getUTCHours());
    await rematches.schedule('330782', '0 20 * * *');
    await rematches.schedule(null, null);
    expect(await patterns()).toEqual({ 'nightly-330782': '0 20 * * *' });
    expect(await queues.nightly.getDelayedCount()).toBe(1);
    await expect(rematches.schedule('33078', '0 20 * * *')).rejects.toThrow();
  });

  it('become those of the store; one that is right keeps its job', async () => {
    const { rematches, queues, patterns } = await makeQueues();
    await rematches.schedule(null, '0 18 * * *');
    await rematches.schedule('330782', '0 20 * * *');
    await rematches.schedule('330110', '0 20 * * *');
    const before = await queues.nightly.getJobScheduler('nightly-rest');
    expect(await rematches.syncSchedules([schedule('330782', '0 21 * * *')], '0 18 * * *')).toBe(true);
    expect(await patterns()).toEqual({ 'nightly-rest': '0 18 * * *', 'nightly-330782': '0 21 * * *' });
    expect((await queues.nightly.getJobScheduler('nightly-rest'))?.iterationCount).toBe(before?.iterationCount);
    await queues.nightly.obliterate({ force: true });
    await rematches.syncSchedules([schedule('330782', '0 21 * * *')], '0 18 * * *');
    expect(await patterns()).toEqual({ 'nightly-rest': '0 18 * * *', 'nightly-330782': '0 21 * * *' });
  });

  it('come with an occasion that is the same when the job comes again', async () => {
    const bench = await makeQueues();
    const occasions: string[] = [];
    const worker = startRematchWorker(
      { connection: bench.worker(), prefix: bench.prefix, log: bench.log, clock: realClock },
      {
        factsChanged: () => undefined,
        runWaiting: () => undefined,
        async nightly(countyAdcode, occasion) {
          occasions.push(`${countyAdcode} ${occasion}`);
          if (occasions.length === 1) throw new Error('crash after the run was stored');
          return 'duplicate';
        },
      },
    );
    afterThisTest(() => worker.close(0));
    // Every second, so that the test need not wait for the night.
    await bench.rematches.schedule('330782', '* * * * * *');
    await until(() => occasions.length >= 1);
    await bench.rematches.schedule('330782', null);
    await until(() => occasions.filter((one) => one === occasions[0]).length === 2, 30_000);
    expect(occasions[0]).toMatch(/^330782 repeat:nightly-330782:\d{13}$/);
  });
});
