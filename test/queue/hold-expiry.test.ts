import type { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { BullHoldExpiry } from '../../src/queue/hold-expiry.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { describeHoldExpiryConformance } from '../support/conformance/hold-expiry.js';
import { idOf } from '../support/conformance/lead-records.js';
import { realClock, until } from '../support/real-clock.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { afterThisTest, makeBench, redisProxy } from './redis.js';

async function makeExpiry(proxy?: TcpProxy) {
  const { producer, prefix, log, lines } = await makeBench(proxy);
  const bull: Queue = openQueue(CATALOGUE.expireHold, producer, prefix, log);
  afterThisTest(() => bull.close());
  afterThisTest(async () => {
    if (producer.status === 'ready') await bull.obliterate({ force: true }).catch(() => undefined);
  });
  return { expiry: new BullHoldExpiry(bull, producer, realClock, log), bull, producer, lines };
}

describeHoldExpiryConformance('BullMQ', async () => {
  const { expiry, bull } = await makeExpiry();
  return {
    expiry,
    waiting: async () => (await bull.getDelayed()).map(({ data }) => CATALOGUE.expireHold.schema.parse(data)),
  };
});

const job = { parkId: '331102-01', holdId: idOf('hold', 1) };

describe('BullHoldExpiry', () => {
  it('delays a job to its time, under an id that operators can read', async () => {
    const { expiry, bull } = await makeExpiry();
    const atMs = Date.now() + 180 * 86_400_000;
    await expiry.schedule(job, new Date(atMs).toISOString());
    const [left] = await bull.getDelayed();
    expect(left?.id).toBe(`${job.holdId}-${atMs}`);
    const dueMs = (left?.timestamp ?? 0) + (left?.delay ?? 0);
    expect(Math.abs(dueMs - atMs)).toBeLessThan(500);
  });

  it('refuses ids of another form and what is no time', async () => {
    const { expiry } = await makeExpiry();
    const at = '2030-01-01T00:00:00.000Z';
    await expect(expiry.schedule({ ...job, holdId: '企业名称' }, at)).rejects.toThrow();
    await expect(expiry.schedule({ ...job, parkId: 'a:b' }, at)).rejects.toThrow();
    await expect(expiry.schedule(job, 'soon')).rejects.toMatchObject({ code: 'internal' });
  });

  it('gives false within half a second while Redis is away, and takes jobs when it is back', async () => {
    const proxy = await redisProxy();
    const { expiry, bull, producer, lines } = await makeExpiry(proxy);
    await until(() => producer.status === 'ready');
    await proxy.cut();
    const began = performance.now();
    expect(await expiry.schedule(job, '2030-01-01T00:00:00.000Z')).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
    expect(JSON.stringify(lines)).not.toContain('127.0.0.1');
    await proxy.restore();
    await until(() => producer.status === 'ready');
    expect(await expiry.schedule(job, '2030-01-01T00:00:00.000Z')).toBe(true);
    expect(await bull.getDelayedCount()).toBe(1);
  });
});
