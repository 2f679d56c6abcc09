import type { HoldExpiry } from '../ports/hold-expiry.js';

/** A job as it was left. */
export interface ScheduledExpiry {
  readonly parkId: string;
  readonly holdId: string;
  readonly at: string;
}

/** Keeps jobs in this process: whoever runs it takes those that are due. */
export class MemoryHoldExpiry implements HoldExpiry {
  readonly #jobs = new Map<string, ScheduledExpiry>();
  #away = false;

  /** Makes the queue answer as if its server were away, or back again. */
  setAway(away: boolean): void {
    this.#away = away;
  }

  async schedule(job: { readonly parkId: string; readonly holdId: string }, at: string): Promise<boolean> {
    if (this.#away) return false;
    this.#jobs.set(`${job.holdId}-${at}`, { parkId: job.parkId, holdId: job.holdId, at });
    return true;
  }

  /** What waits, soonest first. */
  waiting(): readonly ScheduledExpiry[] {
    return [...this.#jobs.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  /** Takes out the jobs whose time has come, soonest first. */
  takeDue(now: string): readonly ScheduledExpiry[] {
    const due = this.waiting().filter(({ at }) => at <= now);
    for (const { holdId, at } of due) this.#jobs.delete(`${holdId}-${at}`);
    return due;
  }
}
