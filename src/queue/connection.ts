import { Redis, type RedisOptions } from 'ioredis';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../ports/clock.js';
import type { HealthProbe } from '../ports/health.js';
import type { Log } from '../ports/log.js';

/** How long a producer waits for one answer before it takes Redis for away, ms. */
const COMMAND_TIMEOUT_MS = 400;

const reconnectMs = (times: number): number => Math.min(50 * times, 500);

/** Code of a connection error; its message may name hosts and is left out. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

/** Says once that Redis went away and once that it is back, however often it is tried in between. */
function watch(redis: Redis, log: Log, role: string): Redis {
  let away = false;
  const lost = (code: string): void => {
    if (!away) log.warn({ role, code }, 'redis away');
    away = true;
  };
  redis.on('error', (error: unknown) => lost(codeOf(error)));
  redis.on('reconnecting', () => lost('closed'));
  redis.on('ready', () => {
    if (away) log.info({ role }, 'redis back');
    away = false;
  });
  return redis;
}

type Choices = Pick<
  RedisOptions,
  'enableOfflineQueue' | 'maxRetriesPerRequest' | 'commandTimeout' | 'autoResendUnfulfilledCommands' | 'autoResubscribe'
>;

function open(url: string, log: Log, role: string, options: Choices): Redis {
  const redis = new Redis(url, { connectTimeout: 2_000, retryStrategy: reconnectMs, ...options });
  return watch(redis, log, role);
}

/** A connection that fails at once when Redis is away: for producers, probes and lists. */
export function openProducer(url: string, log: Log): Redis {
  return open(url, log, 'producer', {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    autoResendUnfulfilledCommands: false,
  });
}

/** A connection that waits until Redis is back: for workers, whose blocking commands BullMQ sends again itself. */
export function openWorkerConnection(url: string, log: Log): Redis {
  return open(url, log, 'worker', { maxRetriesPerRequest: null });
}

/** A connection for subscriptions; they are made again after each reconnection. */
export function openSubscriber(url: string, log: Log): Redis {
  return open(url, log, 'subscriber', { maxRetriesPerRequest: null, autoResubscribe: true });
}

/** Closes a connection without waiting for a server that may be away. */
export function closeRedis(redis: Redis): void {
  redis.disconnect();
}

/**
 * Runs one command sequence on a producer connection.
 * @throws AppError `queueUnavailable` when Redis is away or the answer takes longer than `timeoutMs`.
 */
export async function orUnavailable<T>(
  clock: Pick<Clock, 'sleep'>,
  redis: Redis,
  timeoutMs: number,
  run: () => Promise<T>,
): Promise<T> {
  if (redis.status !== 'ready') throw new AppError('queueUnavailable');
  const waiting = new AbortController();
  const late = clock.sleep(timeoutMs, waiting.signal).then(() => {
    throw new AppError('queueUnavailable');
  });
  // Settles without a listener when the commands were quicker.
  late.catch(() => undefined);
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('queueUnavailable', { cause: error });
  } finally {
    waiting.abort();
  }
}

/** Readiness of Redis: a `PING` answered within the time. */
export class RedisHealthProbe implements HealthProbe {
  readonly name = 'redis' as const;
  readonly #redis: Redis;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(producer: Redis, clock: Pick<Clock, 'sleep'>) {
    this.#redis = producer;
    this.#clock = clock;
  }

  async check(timeoutMs: number): Promise<boolean> {
    try {
      return (await orUnavailable(this.#clock, this.#redis, timeoutMs, () => this.#redis.ping())) === 'PONG';
    } catch {
      return false;
    }
  }
}
