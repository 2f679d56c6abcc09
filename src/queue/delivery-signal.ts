import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { DeliverySignal } from '../ports/webhook-sender.js';
import { CATALOGUE, type JobKind } from './catalogue.js';
import { orUnavailable } from './connection.js';

/** A change does not wait longer than this for the queue. */
const WAKE_LIMIT_MS = 450;
/** Wakes at times this close together are one, ms. */
const SLOT_MS = 500;

function optionsOf({ attempts, backoffMs, removeOnComplete, removeOnFail }: JobKind<unknown>) {
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs },
    removeOnComplete,
    removeOnFail,
    stackTraceLimit: 3,
  };
}

/**
 * Wakes the delivering process through BullMQ. One job of an endpoint runs at a time; what comes meanwhile is kept as
 * one more. A job for later does nothing but ask for the next turn, so that it never runs beside another.
 */
export class BullDeliverySignal implements DeliverySignal {
  readonly #queues: { readonly now: Queue; readonly later: Queue };
  readonly #producer: Redis;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #log: Log;

  /** Queues made by `openQueue(CATALOGUE.deliver, …)` and `openQueue(CATALOGUE.deliverLater, …)`. */
  constructor(
    queues: { readonly now: Queue; readonly later: Queue },
    producer: Redis,
    clock: Pick<Clock, 'now' | 'sleep'>,
    log: Log,
  ) {
    this.#queues = queues;
    this.#producer = producer;
    this.#clock = clock;
    this.#log = log;
  }

  async wake(endpointId: string, at?: string): Promise<void> {
    const payload = CATALOGUE.deliver.schema.parse({ endpointId });
    const delay = at === undefined ? 0 : Date.parse(at) - Date.parse(this.#clock.now());
    try {
      await orUnavailable(this.#clock, this.#producer, WAKE_LIMIT_MS, () =>
        delay > 0 ? this.#later(payload.endpointId, delay) : this.#now(payload.endpointId),
      );
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      this.#log.debug({ endpointId, code }, 'endpoint not woken, left to the sweep');
    }
  }

  #now(endpointId: string): Promise<unknown> {
    const kind = CATALOGUE.deliver;
    const options = { ...optionsOf(kind), deduplication: { id: endpointId, keepLastIfActive: true } };
    return this.#queues.now.add(kind.name, { endpointId }, options);
  }

  #later(endpointId: string, delayMs: number): Promise<unknown> {
    const kind = CATALOGUE.deliverLater;
    const slot = Math.ceil((Date.parse(this.#clock.now()) + delayMs) / SLOT_MS);
    const options = { ...optionsOf(kind), delay: delayMs, jobId: `${endpointId}-${slot}` };
    return this.#queues.later.add(kind.name, { endpointId }, options);
  }
}
