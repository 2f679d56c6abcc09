import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { startMatching } from '../../workers/matching-process.js';
import { afterThisTest, redisProxy } from '../queue/redis.js';
import { needIdOf } from '../support/conformance/records.js';
import { realClock, until } from '../support/real-clock.js';
import { makeWorkerBench } from './bench.js';

const TIMES = { sweepEveryMs: 50, shutdownGraceMs: 2_000 };

describe('startMatching', () => {
  it('matches, sweeps and stops in order', async () => {
    const bench = await makeWorkerBench();
    const matching = startMatching(bench.parts, TIMES, bench.log);
    await bench.submit(1);
    await until(() => bench.ready(1));
    expect(await matching.stop()).toBe(true);
    expect(await matching.stop()).toBe(true);
    await bench.submit(2);
    await realClock.sleep(200);
    expect(await bench.ready(2)).toBe(false);
  });

  it('takes up a need whose job was lost with the queue', async () => {
    const bench = await makeWorkerBench();
    await bench.submit(1);
    await bench.bull.obliterate({ force: true });
    const matching = startMatching(bench.parts, TIMES, bench.log);
    afterThisTest(() => matching.stop());
    await until(() => bench.ready(1));
  });

  it('takes up a need whose job was done but not settled', async () => {
    const bench = await makeWorkerBench();
    bench.breakNext('ackedUnsettled');
    const matching = startMatching(bench.parts, TIMES, bench.log);
    afterThisTest(() => matching.stop());
    await bench.submit(1);
    await until(() => bench.ready(1));
    expect(bench.runs.get(needIdOf(1))).toBe(2);
  });

  it('takes up needs that came while Redis was away, once it is back', async () => {
    const proxy = await redisProxy();
    const bench = await makeWorkerBench(proxy);
    await until(() => bench.producer.status === 'ready');
    const matching = startMatching(bench.parts, TIMES, bench.log);
    afterThisTest(() => matching.stop());
    expect(await bench.submit(1)).toBe(true);
    await until(() => bench.ready(1));

    await proxy.cut();
    for (const number of [2, 3, 4]) expect(await bench.submit(number)).toBe(false);
    await realClock.sleep(500);
    await proxy.restore();
    await until(async () => (await Promise.all([2, 3, 4].map(bench.ready))).every(Boolean), 30_000);
  });

  it('starts while Redis is away and stops without it', async () => {
    const proxy = await redisProxy();
    await proxy.cut();
    const bench = await makeWorkerBench(proxy);
    const matching = startMatching(bench.parts, TIMES, bench.log);
    await realClock.sleep(200);
    const began = performance.now();
    expect(await matching.stop()).toBe(true);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('goes on sweeping when a sweep fails', async () => {
    const bench = await makeWorkerBench();
    let sweeps = 0;
    const parts = {
      ...bench.parts,
      sweepPending: async () => {
        sweeps += 1;
        throw new AppError('storeUnavailable');
      },
    };
    const matching = startMatching(parts, TIMES, bench.log);
    await until(() => sweeps >= 3);
    expect(await matching.stop()).toBe(true);
  });
});
