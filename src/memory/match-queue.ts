import { AppError } from '../domain/errors.js';
import type { FailedJob, JobBoard, MatchQueue } from '../ports/match-queue.js';

/** A job as left in the queue. */
export interface QueuedMatch {
  readonly needId: string;
  readonly version: number;
}

/** A queue in this process: whoever runs it takes the jobs one by one. */
export class MemoryMatchQueue implements MatchQueue, JobBoard {
  readonly #waiting = new Map<string, QueuedMatch>();
  readonly #failed: FailedJob[] = [];
  #away = false;

  /** Makes the queue answer as if its server were away, or back again. */
  setAway(away: boolean): void {
    this.#away = away;
  }

  async enqueue(job: QueuedMatch, _attempt?: string): Promise<boolean> {
    if (this.#away) return false;
    this.#waiting.set(`${job.needId}-${job.version}`, { needId: job.needId, version: job.version });
    return true;
  }

  /** Takes the oldest job out; null when none waits. */
  take(): QueuedMatch | null {
    const [first] = this.#waiting;
    if (first === undefined) return null;
    this.#waiting.delete(first[0]);
    return first[1];
  }

  /** Lists a job as failed for good. */
  fail(job: FailedJob): void {
    this.#failed.unshift(job);
  }

  async failed(offset: number, limit: number): ReturnType<JobBoard['failed']> {
    if (this.#away) throw new AppError('queueUnavailable');
    return { total: this.#failed.length, items: this.#failed.slice(offset, offset + limit) };
  }
}
