import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { FailedJob, JobBoard } from '../ports/match-queue.js';
import { orUnavailable } from './connection.js';

const LIST_LIMIT_MS = 2_000;

/** What BullMQ itself writes as a reason; the worker runtime writes codes. */
const BULL_REASONS: Readonly<Record<string, string>> = {
  'job stalled more than allowable limit': 'stalled',
};

/** The code of a failure. A reason that is not a code is not shown: it could hold anything. */
export function reasonCode(failedReason: string | undefined): string {
  const reason = failedReason ?? '';
  return BULL_REASONS[reason] ?? (/^[A-Za-z]{1,40}$/.test(reason) ? reason : 'internal');
}

function toFailedJob(job: Job): FailedJob {
  return {
    queue: job.queueName,
    jobId: (job.id ?? '').slice(0, 128),
    name: job.name.slice(0, 64),
    attempts: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? job.timestamp).toISOString(),
    reason: reasonCode(job.failedReason),
  };
}

/** The failed jobs of the queues given. */
export class BullJobBoard implements JobBoard {
  readonly #queues: readonly Queue[];
  readonly #producer: Redis;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(queues: readonly Queue[], producer: Redis, clock: Pick<Clock, 'sleep'>) {
    this.#queues = queues;
    this.#producer = producer;
    this.#clock = clock;
  }

  async failed(offset: number, limit: number): ReturnType<JobBoard['failed']> {
    return orUnavailable(this.#clock, this.#producer, LIST_LIMIT_MS, async () => {
      let total = 0;
      const items: FailedJob[] = [];
      for (const queue of this.#queues) {
        total += await queue.getFailedCount();
        // A job can be removed between the two reads; it is left out.
        const jobs: readonly (Job | undefined)[] = await queue.getFailed(0, offset + limit - 1);
        for (const job of jobs) if (job !== undefined) items.push(toFailedJob(job));
      }
      items.sort((left, right) => (left.failedAt < right.failedAt ? 1 : left.failedAt > right.failedAt ? -1 : 0));
      return { total, items: items.slice(offset, offset + limit) };
    });
  }
}
