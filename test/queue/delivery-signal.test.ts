import type { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { BullDeliverySignal } from '../../src/queue/delivery-signal.js';
import { startDeliveryWorker } from '../../src/queue/delivery-worker.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { idOf } from '../support/conformance/lead-records.js';
import { realClock, until } from '../support/real-clock.js';
import { afterThisTest, type Bench, makeBench, redisProxy } from './redis.js';

const ID = idOf('ep', 1);
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

async function makeSignal(bench: Bench) {
  const open = (kind: typeof CATALOGUE.deliver): Queue => {
    const queue = openQueue(kind, bench.producer, bench.prefix, bench.log);
    afterThisTest(() => queue.close());
    return queue;
  };
  const queues = { now: open(CATALOGUE.deliver), later: open(CATALOGUE.deliverLater) };
  return { ...bench, ...queues, signal: new BullDeliverySignal(queues, bench.producer, realClock, bench.log) };
}

/** Serves the jobs; `deliver` is what a turn does. */
function serve(bench: Awaited<ReturnType<typeof makeSignal>>, deliver: (endpointId: string) => Promise<unknown>) {
  const { prefix, log, signal } = bench;
  const settings = { connection: bench.worker(), prefix, concurrency: 20, log, clock: realClock };
  const worker = startDeliveryWorker(settings, { deliver, wake: (endpointId) => signal.wake(endpointId) });
  afterThisTest(() => worker.close(0));
  return worker;
}

describe('the signal of deliveries', () => {
  it('folds wakes of an endpoint that wait into one job that carries its id and nothing else', async () => {
    const bench = await makeSignal(await makeBench());
    for (let count = 0; count < 20; count += 1) await bench.signal.wake(ID);
    await bench.signal.wake(idOf('ep', 2));
    const jobs = await bench.now.getJobs(['waiting']);
    expect(jobs.map(({ data }) => data)).toEqual([{ endpointId: idOf('ep', 2) }, { endpointId: ID }]);
  });

  it('keeps one more turn for what comes while one runs, however much, and never runs two at once', async () => {
    const bench = await makeSignal(await makeBench());
    let running = 0;
    let most = 0;
    const turns: number[] = [];
    serve(bench, async () => {
      running += 1;
      most = Math.max(most, running);
      turns.push(performance.now());
      await realClock.sleep(150);
      running -= 1;
    });
    await bench.signal.wake(ID);
    await until(() => running === 1);
    await Promise.all(Array.from({ length: 30 }, () => bench.signal.wake(ID)));
    await until(() => turns.length === 2);
    await until(() => running === 0);
    await realClock.sleep(200);
    expect(turns).toHaveLength(2);
    expect(most).toBe(1);
  });

  it('serves other endpoints while one is at work', async () => {
    const bench = await makeSignal(await makeBench());
    const served: string[] = [];
    serve(bench, async (endpointId) => {
      if (endpointId === ID) await realClock.sleep(3_000);
      served.push(endpointId);
    });
    const others = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => idOf('ep', number));
    for (const id of [ID, ...others]) await bench.signal.wake(id);
    await until(() => served.length === others.length, 2_500);
    expect(served).not.toContain(ID);
  });

  it('wakes later, once for times close together, also while a turn runs', async () => {
    const bench = await makeSignal(await makeBench());
    const served: number[] = [];
    serve(bench, async () => {
      served.push(Date.now());
      await realClock.sleep(100);
    });
    const began = Date.now();
    const at = inMs(400);
    for (let count = 0; count < 10; count += 1) await bench.signal.wake(ID, at);
    expect(await bench.later.getDelayedCount()).toBe(1);
    await bench.signal.wake(ID);
    await until(() => served.length === 2);
    expect((served[1] ?? 0) - began).toBeGreaterThanOrEqual(395);
    await until(async () => (await bench.later.getJobCountByTypes('delayed', 'active', 'waiting')) === 0);
  });

  it('takes a time that is over for now', async () => {
    const bench = await makeSignal(await makeBench());
    await bench.signal.wake(ID, '2020-01-01T00:00:00.000Z');
    expect(await bench.now.getWaitingCount()).toBe(1);
    expect(await bench.later.getDelayedCount()).toBe(0);
  });

  it('goes on with a turn that was broken off, and with what came meanwhile', async () => {
    const bench = await makeSignal(await makeBench());
    let turns = 0;
    serve(bench, async () => {
      turns += 1;
      if (turns === 1) throw new TypeError('某某公司');
    });
    await bench.signal.wake(ID);
    await until(() => turns === 2);
    await bench.signal.wake(ID);
    await until(() => turns === 3);
    expect(JSON.stringify(await bench.now.getFailed())).not.toContain('某某公司');
  });

  it('raises nothing where Redis is away: the sweep finds what is due', async () => {
    const proxy = await redisProxy();
    const bench = await makeSignal(await makeBench(proxy));
    await until(() => bench.producer.status === 'ready');
    await proxy.cut();
    const began = performance.now();
    await bench.signal.wake(ID);
    await bench.signal.wake(ID, inMs(1_000));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
