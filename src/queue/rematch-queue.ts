import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import type { RematchSchedule } from '../domain/rematch.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { RematchQueue } from '../ports/rematch-queue.js';
import { CATALOGUE, type JobKind } from './catalogue.js';
import { orUnavailable } from './connection.js';

/** The port promises an answer within half a second. */
const ENQUEUE_LIMIT_MS = 450;
/** Comparing all schedules with those in Redis may take longer: nobody waits for it. */
const SYNC_LIMIT_MS = 5_000;

const ADCODE = /^\d{6}$/;

/** Name of the scheduler of a county's nightly run, or of everybody else's. */
const schedulerOf = (countyAdcode: Adcode | null): string => `nightly-${countyAdcode ?? 'rest'}`;

/** Queues of the three kinds, each made by `openQueue`. */
export interface RematchQueues {
  readonly facts: Queue;
  readonly runs: Queue;
  readonly nightly: Queue;
}

function optionsOf({ attempts, backoffMs, removeOnComplete, removeOnFail }: JobKind<unknown>) {
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs },
    removeOnComplete,
    removeOnFail,
    stackTraceLimit: 3,
  };
}

/** Asks for rematching through BullMQ. */
export class BullRematchQueue implements RematchQueue {
  readonly #queues: RematchQueues;
  readonly #producer: Redis;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #log: Log;

  constructor(queues: RematchQueues, producer: Redis, clock: Pick<Clock, 'sleep'>, log: Log) {
    this.#queues = queues;
    this.#producer = producer;
    this.#clock = clock;
    this.#log = log;
  }

  async factsChanged(): Promise<boolean> {
    const kind = CATALOGUE.rematchFacts;
    // A look that has begun may miss what comes now: one more is kept for after it, however many ask.
    const options = { ...optionsOf(kind), deduplication: { id: 'facts', keepLastIfActive: true } };
    return this.#left(kind.name, () => this.#queues.facts.add(kind.name, {}, options));
  }

  async runWaiting(runId: string): Promise<boolean> {
    const kind = CATALOGUE.rematchRun;
    const payload = kind.schema.parse({ runId });
    const options = { ...optionsOf(kind), jobId: runId };
    return this.#left(kind.name, () => this.#queues.runs.add(kind.name, payload, options));
  }

  async schedule(countyAdcode: Adcode | null, cron: string | null): Promise<boolean> {
    if (countyAdcode !== null && !ADCODE.test(countyAdcode)) {
      throw new AppError('internal', { params: { reason: 'badAdcode' } });
    }
    return this.#left('rematchNightly', () => this.#schedule(countyAdcode, cron));
  }

  /**
   * Makes the schedulers in Redis those of the store, with `defaultCron` for all other counties. One that is right
   * stays untouched, and with it a run of it that is due.
   */
  async syncSchedules(schedules: readonly RematchSchedule[], defaultCron: string): Promise<boolean> {
    const wanted = new Map<string, readonly [Adcode | null, string]>([
      [schedulerOf(null), [null, defaultCron]],
      ...schedules.map(({ countyAdcode, cron }) => [schedulerOf(countyAdcode), [countyAdcode, cron]] as const),
    ]);
    const sync = async (): Promise<void> => {
      const there = new Map(
        (await this.#queues.nightly.getJobSchedulers()).map(({ key, pattern }) => [key, pattern ?? null]),
      );
      for (const key of there.keys()) if (!wanted.has(key)) await this.#queues.nightly.removeJobScheduler(key);
      for (const [key, [countyAdcode, cron]] of wanted) {
        if (there.get(key) !== cron) await this.#schedule(countyAdcode, cron);
      }
    };
    return this.#left('rematchNightly', sync, SYNC_LIMIT_MS);
  }

  async #schedule(countyAdcode: Adcode | null, cron: string | null): Promise<void> {
    const kind = CATALOGUE.rematchNightly;
    const key = schedulerOf(countyAdcode);
    if (cron === null) {
      await this.#queues.nightly.removeJobScheduler(key);
      return;
    }
    const template = { name: kind.name, data: kind.schema.parse({ countyAdcode }), opts: optionsOf(kind) };
    await this.#queues.nightly.upsertJobScheduler(key, { pattern: cron, tz: 'UTC' }, template);
  }

  async #left(kind: string, run: () => Promise<unknown>, limitMs = ENQUEUE_LIMIT_MS): Promise<boolean> {
    try {
      await orUnavailable(this.#clock, this.#producer, limitMs, run);
      return true;
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      this.#log.warn({ kind, code }, 'rematching not asked for');
      return false;
    }
  }
}
