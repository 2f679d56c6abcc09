import { describe, expect, it } from 'vitest';
import { SIGN_IN_LIMITS, type SignInLimits } from '../../src/ports/passwords.js';
import { systemIds } from '../../src/system.js';
import { RedisThrottle } from '../../src/throttle/redis-throttle.js';
import { type Bench, makeBench, redisProxy } from '../queue/redis.js';
import { describeSignInThrottleConformance } from '../support/conformance/sign-in-throttle.js';
import { until } from '../support/real-clock.js';

const over = ({ producer, prefix }: Bench, limits: SignInLimits) =>
  new RedisThrottle({ redis: producer, prefix, limits, ids: systemIds });

describeSignInThrottleConformance('Redis', async (limits) => over(await makeBench(), limits));

/** Milliseconds a step took, and what it gave. */
async function timed<T>(step: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const began = performance.now();
  const value = await step();
  return { ms: performance.now() - began, value };
}

describe('RedisThrottle', () => {
  it('counts for all processes together', async () => {
    const bench = await makeBench();
    const limits = { ...SIGN_IN_LIMITS, perName: { attempts: 2, windowS: 60 } };
    const [one, two] = [over(bench, limits), over(bench, limits)];
    expect(await one.attempt('10.0.0.1', 'wang')).toBeNull();
    expect(await two.attempt('10.0.0.1', 'wang')).toBeNull();
    expect(await one.attempt('10.0.0.1', 'wang')).not.toBeNull();
    await two.succeeded('wang');
    expect(await one.attempt('10.0.0.1', 'wang')).toBeNull();
  });

  it('keeps names and addresses out of the keys, and no key for ever', async () => {
    const bench = await makeBench();
    await over(bench, SIGN_IN_LIMITS).attempt('203.0.113.77', 'wang.xiaoming');
    const keys = await bench.producer.keys(`${bench.prefix}:sign-in:*`);
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key).not.toMatch(/wang|203\.0/);
      expect(await bench.producer.ttl(key)).toBeGreaterThan(0);
    }
  });

  it.each(['cut', 'freeze'] as const)('goes on counting by itself within half a second: Redis %s', async (how) => {
    const proxy = await redisProxy();
    const bench = await makeBench(proxy);
    await until(() => bench.producer.status === 'ready');
    const throttle = over(bench, { ...SIGN_IN_LIMITS, perName: { attempts: 2, windowS: 60 } });
    expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();
    await proxy[how]();
    const answers = [];
    for (let tries = 0; tries < 3; tries += 1) answers.push(await timed(() => throttle.attempt('10.0.0.1', 'wang')));
    expect(answers.map(({ value }) => value === null)).toEqual([true, true, false]);
    for (const { ms } of answers) expect(ms).toBeLessThan(500);
    expect((await timed(() => throttle.succeeded('wang'))).ms).toBeLessThan(500);
    expect(await throttle.attempt('10.0.0.1', 'wang')).toBeNull();

    await proxy.restore();
    await until(() => bench.producer.status === 'ready');
    expect(await throttle.attempt('10.0.0.1', 'li')).toBeNull();
  });
});
