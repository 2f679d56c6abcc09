/** Asks for matching to be done. Carries ids only. */
export interface MatchQueue {
  /**
   * Leaves a job for (need, version). Gives false, within half a second, when the queue is away: the need stays
   * pending and a sweep leaves the job later. `attempt` tells a sweep's job from the first one.
   */
  enqueue(job: { readonly needId: string; readonly version: number }, attempt?: string): Promise<boolean>;
}

/** One job that failed for good. */
export interface FailedJob {
  readonly queue: string;
  readonly jobId: string;
  readonly name: string;
  readonly attempts: number;
  readonly failedAt: string;
  /** Code of the failure; never firm data. */
  readonly reason: string;
}

/** What operators may look at. */
export interface JobBoard {
  /** Newest first. Raises `queueUnavailable` when the queue is away. */
  failed(offset: number, limit: number): Promise<{ readonly total: number; readonly items: readonly FailedJob[] }>;
}

/** Tells waiting readers that a need's matching is settled. Best effort: readers look again by themselves. */
export interface ResultSignal {
  announce(needId: string, version: number): Promise<void>;
  /** Resolves when the need is announced, the time is over or the signal aborts, whichever is first. Never rejects. */
  wait(needId: string, timeoutMs: number, signal?: AbortSignal): Promise<void>;
}
