import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { ResultSignal } from '../ports/match-queue.js';
import { WaitingRoom } from '../ports/waiting-room.js';
import { orUnavailable } from './connection.js';

const ANNOUNCE_LIMIT_MS = 400;

/** While Redis is away readers look again at least this often, ms. */
const AWAY_SLICE_MS = 500;

/** An announcement can get lost while a connection is made again, so no wait is longer than this, ms. */
const SLICE_MS = 2_000;

/** The channel of a deployment. */
const channelOf = (prefix: string): string => `${prefix}:settled`;

/**
 * Tells readers in other processes over Redis. Announcements are hints: a reader registers its wait, reads the store,
 * and reads it again when the wait is over, which may be before anything was announced.
 */
export class RedisResultSignal implements ResultSignal {
  readonly #producer: Redis;
  readonly #subscriber: Redis | null;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #channel: string;
  readonly #waiting: WaitingRoom;
  #subscribed = false;

  /** `subscriber` is null in processes that only announce. */
  constructor(producer: Redis, subscriber: Redis | null, prefix: string, clock: Pick<Clock, 'sleep'>, log: Log) {
    this.#producer = producer;
    this.#subscriber = subscriber;
    this.#clock = clock;
    this.#waiting = new WaitingRoom(clock);
    this.#channel = channelOf(prefix);
    subscriber?.on('message', (_channel: string, needId: string) => this.#waiting.wake(needId));
    subscriber?.on('close', () => {
      this.#subscribed = false;
    });
    const subscribe = async (): Promise<void> => {
      try {
        await subscriber?.subscribe(this.#channel);
        this.#subscribed = true;
        log.debug({}, 'listening for results');
      } catch {
        log.debug({}, 'not listening for results');
      }
    };
    subscriber?.on('ready', () => void subscribe());
    if (subscriber?.status === 'ready') void subscribe();
  }

  async announce(needId: string, _version: number): Promise<void> {
    try {
      await orUnavailable(this.#clock, this.#producer, ANNOUNCE_LIMIT_MS, () =>
        this.#producer.publish(this.#channel, needId),
      );
    } catch {
      // Best effort: readers look again by themselves.
    }
  }

  wait(needId: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const heard = this.#subscribed && this.#subscriber?.status === 'ready';
    return this.#waiting.wait(needId, Math.min(timeoutMs, heard ? SLICE_MS : AWAY_SLICE_MS), signal);
  }
}
