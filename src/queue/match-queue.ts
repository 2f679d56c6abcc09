import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { MatchQueue } from '../ports/match-queue.js';
import { CATALOGUE, type JobKind, type MatchPayload } from './catalogue.js';
import { orUnavailable } from './connection.js';

/** The port promises an answer within half a second. */
const ENQUEUE_LIMIT_MS = 450;

const ATTEMPT = /^[a-z0-9]{1,32}$/;

/** Options of every producer's queue: nothing waits for a Redis that is away. */
export function openQueue(kind: JobKind<unknown>, producer: Redis, prefix: string, log: Log): Queue {
  const queue = new Queue(kind.queue, {
    connection: producer,
    prefix,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => log.debug({ queue: kind.queue, code: error.name }, 'queue error'));
  return queue;
}

/** Leaves `match` jobs on BullMQ. */
export class BullMatchQueue implements MatchQueue {
  readonly #queue: Queue;
  readonly #producer: Redis;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #log: Log;

  constructor(queue: Queue, producer: Redis, clock: Pick<Clock, 'sleep'>, log: Log) {
    this.#queue = queue;
    this.#producer = producer;
    this.#clock = clock;
    this.#log = log;
  }

  async enqueue(job: MatchPayload, attempt?: string): Promise<boolean> {
    const kind = CATALOGUE.match;
    const payload = kind.schema.parse({ needId: job.needId, version: job.version });
    if (attempt !== undefined && !ATTEMPT.test(attempt)) {
      throw new AppError('internal', { params: { reason: 'badAttempt' } });
    }
    const key = `${payload.needId}-${payload.version}`;
    try {
      await orUnavailable(this.#clock, this.#producer, ENQUEUE_LIMIT_MS, () =>
        this.#queue.add(kind.name, payload, {
          jobId: attempt === undefined ? key : `${key}-${attempt}`,
          // While a job of this version waits or runs, a sweep adds no second one; a failed one does not stand in its way.
          deduplication: { id: key },
          attempts: kind.attempts,
          backoff: { type: 'exponential', delay: kind.backoffMs },
          removeOnComplete: kind.removeOnComplete,
          removeOnFail: kind.removeOnFail,
          stackTraceLimit: 3,
        }),
      );
      return true;
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      this.#log.warn({ needId: payload.needId, version: payload.version, code }, 'match job not left');
      return false;
    }
  }
}
