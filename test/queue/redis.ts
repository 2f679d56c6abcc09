import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterEach, inject } from 'vitest';
import type { Log } from '../../src/ports/log.js';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { openProducer, openSubscriber, openWorkerConnection } from '../../src/queue/connection.js';
import { BullMatchQueue, openQueue } from '../../src/queue/match-queue.js';
import { realClock, until } from '../support/real-clock.js';
import { type LoggedLine, recordingLog } from '../support/recording-log.js';
import { openProxy, type TcpProxy } from '../support/tcp-proxy.js';

let count = 0;
const cleanUp: (() => unknown)[] = [];

/** Runs a step after the test, last one first. */
export function afterThisTest(step: () => unknown): void {
  cleanUp.push(step);
}

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A queue of its own on the test server. */
export interface Bench {
  readonly prefix: string;
  readonly log: Log;
  readonly lines: LoggedLine[];
  readonly producer: Redis;
  readonly bull: Queue;
  readonly queue: BullMatchQueue;
  /** Connections that wait for Redis, for workers and listeners. */
  worker(): Redis;
  subscriber(): Redis;
}

/** Makes a queue under a prefix of its own; through `proxy` if one is given. */
export async function makeBench(proxy?: TcpProxy): Promise<Bench> {
  count += 1;
  const prefix = `t-${process.pid}-${Date.now().toString(36)}-${count}`;
  const url = new URL(inject('redisUrl'));
  if (proxy !== undefined) url.host = `127.0.0.1:${proxy.port}`;
  const { log, lines } = recordingLog();
  const keep = (redis: Redis): Redis => {
    afterThisTest(() => redis.disconnect());
    return redis;
  };
  const producer = keep(openProducer(url.href, log));
  const bull = openQueue(CATALOGUE.match, producer, prefix, log);
  afterThisTest(() => bull.close());
  afterThisTest(async () => {
    // Redis may be cut off by now; the next run has a prefix of its own anyway.
    if (producer.status === 'ready') await bull.obliterate({ force: true }).catch(() => undefined);
  });
  if (proxy === undefined) await until(() => producer.status === 'ready');
  return {
    prefix,
    log,
    lines,
    producer,
    bull,
    queue: new BullMatchQueue(bull, producer, realClock, log),
    worker: () => keep(openWorkerConnection(url.href, log)),
    subscriber: () => keep(openSubscriber(url.href, log)),
  };
}

/** A way to the test server that can be cut. */
export async function redisProxy(): Promise<TcpProxy> {
  const url = new URL(inject('redisUrl'));
  const proxy = await openProxy({ host: url.hostname, port: Number(url.port) });
  afterThisTest(() => proxy.close());
  return proxy;
}
