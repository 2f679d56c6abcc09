import { describe, expect, it } from 'vitest';
import { RedisResultSignal } from '../../src/queue/result-signal.js';
import { needIdOf } from '../support/conformance/records.js';
import { describeResultSignalConformance } from '../support/conformance/result-signal.js';
import { realClock, until } from '../support/real-clock.js';
import { type Bench, makeBench, redisProxy } from './redis.js';

const listening = ({ lines }: Bench): boolean => lines.some(({ message }) => message === 'listening for results');

describeResultSignalConformance('Redis', async () => {
  const bench = await makeBench();
  const listener = new RedisResultSignal(bench.producer, bench.subscriber(), bench.prefix, realClock, bench.log);
  const announcer = new RedisResultSignal(bench.producer, null, bench.prefix, realClock, bench.log);
  await until(() => listening(bench));
  return { announcer, listener };
});

async function timed(work: Promise<void>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

describe('RedisResultSignal', () => {
  it('lets readers look again every half second while Redis is away, and hears again when it is back', async () => {
    const proxy = await redisProxy();
    await proxy.cut();
    const bench = await makeBench(proxy);
    const signal = new RedisResultSignal(bench.producer, bench.subscriber(), bench.prefix, realClock, bench.log);
    const away = await timed(signal.wait(needIdOf(1), 5_000));
    expect(away).toBeGreaterThan(400);
    expect(away).toBeLessThan(900);
    expect(await timed(signal.announce(needIdOf(1), 1))).toBeLessThan(500);

    await proxy.restore();
    await until(() => listening(bench));
    await until(() => bench.producer.status === 'ready');
    const waiting = timed(signal.wait(needIdOf(1), 5_000));
    await signal.announce(needIdOf(1), 1);
    expect(await waiting).toBeLessThan(400);
  });

  it('keeps deployments on one Redis apart', async () => {
    const bench = await makeBench();
    const listener = new RedisResultSignal(bench.producer, bench.subscriber(), bench.prefix, realClock, bench.log);
    await until(() => listening(bench));
    const waiting = timed(listener.wait(needIdOf(1), 200));
    await new RedisResultSignal(bench.producer, null, 'other', realClock, bench.log).announce(needIdOf(1), 1);
    expect(await waiting).toBeGreaterThan(190);
  });

  it('ends a long wait early, in case an announcement was lost', async () => {
    const bench = await makeBench();
    const listener = new RedisResultSignal(bench.producer, bench.subscriber(), bench.prefix, realClock, bench.log);
    await until(() => listening(bench));
    expect(await timed(listener.wait(needIdOf(1), 60_000))).toBeLessThan(2_500);
  });
});
