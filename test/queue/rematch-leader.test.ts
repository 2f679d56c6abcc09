import { describe, expect, it } from 'vitest';
import { type Lease, type LeaseTimes, standForLeader } from '../../src/queue/leader.js';
import { realClock, until } from '../support/real-clock.js';
import { afterThisTest, type Bench, makeBench, redisProxy } from './redis.js';

const TIMES: LeaseTimes = { lastsMs: 1_200, renewEveryMs: 100 };

function stand(bench: Bench, token: string): Lease {
  const lease = standForLeader(bench.producer, `${bench.prefix}:leader`, token, realClock, bench.log, TIMES);
  afterThisTest(() => lease.stop());
  return lease;
}

describe('standForLeader', () => {
  it('makes one of several the leader, and the next when that one stops', async () => {
    const bench = await makeBench();
    const leases = ['a', 'b', 'c'].map((token) => stand(bench, token));
    await until(() => leases.some((lease) => lease.held()));
    for (let look = 0; look < 20; look += 1) {
      expect(leases.filter((lease) => lease.held())).toHaveLength(1);
      await realClock.sleep(20);
    }
    const first = leases.find((lease) => lease.held());
    await first?.stop();
    expect(first?.held()).toBe(false);
    await until(() => leases.some((lease) => lease.held()), 600);
  });

  it('is over for the holder before another one gets it, when the holder cannot reach Redis', async () => {
    const proxy = await redisProxy();
    const cutOff = await makeBench(proxy);
    await until(() => cutOff.producer.status === 'ready');
    const first = stand(cutOff, 'a');
    await until(() => first.held());
    const second = standForLeader(
      (await makeBench()).producer,
      `${cutOff.prefix}:leader`,
      'b',
      realClock,
      cutOff.log,
      TIMES,
    );
    afterThisTest(() => second.stop());
    await proxy.cut();
    let both = 0;
    await until(() => {
      if (first.held() && second.held()) both += 1;
      return second.held();
    });
    expect(both).toBe(0);
    expect(first.held()).toBe(false);
    expect(await first.confirm()).toBe(false);
    await proxy.restore();
    await realClock.sleep(300);
    expect(first.held()).toBe(false);
    expect(await second.confirm()).toBe(true);
  });

  it('does not confirm a lease that Redis has forgotten', async () => {
    const bench = await makeBench();
    const lease = stand(bench, 'a');
    await until(() => lease.held());
    await bench.producer.set(`${bench.prefix}:leader`, 'another');
    expect(await lease.confirm()).toBe(false);
    expect(lease.held()).toBe(false);
    expect(await bench.producer.get(`${bench.prefix}:leader`)).toBe('another');
  });
});
