import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { HealthProbe } from '../ports/health.js';
import { orUnavailable } from './connection.js';

/** A worker says that it is alive this often, ms. */
const BEAT_EVERY_MS = 1_500;
/** How long one beat counts, ms: three missed beats mean that nobody works. */
const BEAT_LASTS_MS = 5_000;
const BEAT_LIMIT_MS = 400;

const keyOf = (prefix: string, queue: string): string => `${prefix}:alive:${queue}`;

/**
 * Keeps a key with a time limit while the worker runs. A key and not the list of connections: a process that hangs still
 * has its connection, and a restarted Redis gets the key again with the next beat.
 */
export class Heartbeat {
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;

  constructor(producer: Redis, prefix: string, queue: string, clock: Pick<Clock, 'sleep'>, alive: () => boolean) {
    this.#ended = this.#run(producer, keyOf(prefix, queue), clock, alive);
  }

  async #run(producer: Redis, key: string, clock: Pick<Clock, 'sleep'>, alive: () => boolean): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let beaten = false;
      try {
        if (alive()) {
          await orUnavailable(clock, producer, BEAT_LIMIT_MS, () => producer.set(key, '1', 'PX', BEAT_LASTS_MS));
          beaten = true;
        }
      } catch {
        // Redis is away: the probe says so by itself.
      }
      await clock.sleep(beaten ? BEAT_EVERY_MS : BEAT_EVERY_MS / 5, this.#stopping.signal);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }
}

/** Readiness of workers: at least one gave a sign within the last seconds. */
export class WorkersHealthProbe implements HealthProbe {
  readonly name = 'workers' as const;
  readonly #producer: Redis;
  readonly #key: string;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(producer: Redis, prefix: string, queue: string, clock: Pick<Clock, 'sleep'>) {
    this.#producer = producer;
    this.#key = keyOf(prefix, queue);
    this.#clock = clock;
  }

  async check(timeoutMs: number): Promise<boolean> {
    try {
      return (
        (await orUnavailable(this.#clock, this.#producer, timeoutMs, () => this.#producer.exists(this.#key))) === 1
      );
    } catch {
      return false;
    }
  }
}
