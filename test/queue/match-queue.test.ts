import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { RedisHealthProbe } from '../../src/queue/connection.js';
import { describeMatchQueueConformance } from '../support/conformance/match-queue.js';
import { needIdOf } from '../support/conformance/records.js';
import { realClock, until } from '../support/real-clock.js';
import { makeBench, redisProxy } from './redis.js';

describeMatchQueueConformance('BullMQ', async () => {
  const { bull, queue } = await makeBench();
  return {
    queue,
    waiting: async () => {
      const jobs = await bull.getWaiting();
      return jobs.map(({ data }) => CATALOGUE.match.schema.parse(data));
    },
  };
});

const job = { needId: needIdOf(1), version: 1 };

async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const began = performance.now();
  const value = await work;
  return { value, ms: performance.now() - began };
}

describe('BullMatchQueue', () => {
  it('gives jobs ids that operators can read', async () => {
    const { bull, queue } = await makeBench();
    await queue.enqueue(job);
    await queue.enqueue({ ...job, version: 2 }, '77');
    const ids = (await bull.getWaiting()).map(({ id }) => id);
    expect(ids).toEqual([`${job.needId}-1`, `${job.needId}-2-77`]);
  });

  it('refuses ids and attempts of another form', async () => {
    const { queue } = await makeBench();
    await expect(queue.enqueue({ needId: '企业名称', version: 1 })).rejects.toThrow();
    await expect(queue.enqueue({ ...job, version: 0 })).rejects.toThrow();
    await expect(queue.enqueue(job, 'a:b')).rejects.toMatchObject({ code: 'internal' });
  });

  it('gives false within half a second while Redis was never there, and takes jobs once it is', async () => {
    const proxy = await redisProxy();
    await proxy.cut();
    const { queue, producer, bull } = await makeBench(proxy);
    const away = await timed(queue.enqueue(job));
    expect(away.value).toBe(false);
    expect(away.ms).toBeLessThan(500);

    await proxy.restore();
    await until(() => producer.status === 'ready');
    expect(await queue.enqueue(job)).toBe(true);
    expect(await bull.getWaitingCount()).toBe(1);
  });

  it('gives false within half a second when Redis goes away, and takes jobs when it is back', async () => {
    const proxy = await redisProxy();
    const { queue, producer, bull, lines } = await makeBench(proxy);
    const probe = new RedisHealthProbe(producer, realClock);
    await until(() => probe.check(200));
    expect(await queue.enqueue(job)).toBe(true);

    await proxy.cut();
    for (let times = 0; times < 3; times += 1) {
      const away = await timed(queue.enqueue({ ...job, version: 2 }));
      expect(away.value).toBe(false);
      expect(away.ms).toBeLessThan(500);
    }
    expect(await probe.check(200)).toBe(false);

    await proxy.restore();
    await until(() => probe.check(200));
    expect(await queue.enqueue({ ...job, version: 2 }, '1')).toBe(true);
    expect(await bull.getWaitingCount()).toBe(2);
    expect(lines.filter(({ message }) => message === 'redis away')).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('127.0.0.1');
  });

  it('gives false within half a second while Redis hangs', async () => {
    const proxy = await redisProxy();
    const { queue, producer } = await makeBench(proxy);
    await until(() => producer.status === 'ready');
    proxy.freeze();
    const away = await timed(queue.enqueue(job));
    expect(away.value).toBe(false);
    expect(away.ms).toBeLessThan(500);
    expect((await timed(new RedisHealthProbe(producer, realClock).check(200))).ms).toBeLessThan(450);
    await proxy.cut();
  });
});
