import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../ports/clock.js';
import type { HoldExpiry } from '../ports/hold-expiry.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE, type ExpireHoldPayload } from './catalogue.js';
import { orUnavailable } from './connection.js';

/** The port promises an answer within half a second. */
const SCHEDULE_LIMIT_MS = 450;
/** So much later than asked: the worker's clock may lag behind, and a hold looked at too early is left to the sweep. */
const LATER_MS = 50;

/** Leaves `expireHold` jobs on BullMQ, each delayed to its time. */
export class BullHoldExpiry implements HoldExpiry {
  readonly #queue: Queue;
  readonly #producer: Redis;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #log: Log;

  /** `queue` is made by `openQueue(CATALOGUE.expireHold, …)`. */
  constructor(queue: Queue, producer: Redis, clock: Pick<Clock, 'now' | 'sleep'>, log: Log) {
    this.#queue = queue;
    this.#producer = producer;
    this.#clock = clock;
    this.#log = log;
  }

  async schedule(job: ExpireHoldPayload, at: string): Promise<boolean> {
    const kind = CATALOGUE.expireHold;
    const payload = kind.schema.parse({ parkId: job.parkId, holdId: job.holdId });
    const atMs = Date.parse(at);
    if (Number.isNaN(atMs)) throw new AppError('internal', { params: { reason: 'badTime' } });
    try {
      await orUnavailable(this.#clock, this.#producer, SCHEDULE_LIMIT_MS, () =>
        this.#queue.add(kind.name, payload, {
          // A hold that is extended gets a job of its own for the new time; the old one finds nothing to do.
          jobId: `${payload.holdId}-${atMs}`,
          delay: Math.max(0, atMs - Date.parse(this.#clock.now())) + LATER_MS,
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
      this.#log.warn({ ...payload, code }, 'expireHold job not left');
      return false;
    }
  }
}
