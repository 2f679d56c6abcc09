import { describe, expect, it } from 'vitest';
import { Heartbeat, WorkersHealthProbe } from '../../src/queue/heartbeat.js';
import { realClock, until } from '../support/real-clock.js';
import { afterThisTest, makeBench, redisProxy } from './redis.js';

describe('WorkersHealthProbe', () => {
  it('says whether a worker gave a sign, also after Redis lost everything', async () => {
    const { producer, prefix } = await makeBench();
    const probe = new WorkersHealthProbe(producer, prefix, 'match', realClock);
    expect(await probe.check(200)).toBe(false);
    const heartbeat = new Heartbeat(producer, prefix, 'match', realClock, () => true);
    afterThisTest(() => heartbeat.stop());
    await until(() => probe.check(200));
    await producer.del(`${prefix}:alive:match`);
    expect(await probe.check(200)).toBe(false);
    await until(() => probe.check(200), 30_000);
  });

  it('takes a worker that does not run for none, and a beat for one with an end', async () => {
    const { producer, prefix } = await makeBench();
    const probe = new WorkersHealthProbe(producer, prefix, 'match', realClock);
    let running = false;
    const heartbeat = new Heartbeat(producer, prefix, 'match', realClock, () => running);
    await realClock.sleep(100);
    expect(await probe.check(200)).toBe(false);
    running = true;
    await until(() => probe.check(200));
    await heartbeat.stop();
    const lastsMs = await producer.pttl(`${prefix}:alive:match`);
    expect(lastsMs).toBeGreaterThan(0);
    expect(lastsMs).toBeLessThanOrEqual(5_000);
  });

  it('is not ready while Redis is away', async () => {
    const proxy = await redisProxy();
    await proxy.cut();
    const { producer, prefix } = await makeBench(proxy);
    expect(await new WorkersHealthProbe(producer, prefix, 'match', realClock).check(200)).toBe(false);
  });
});
