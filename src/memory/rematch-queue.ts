import type { Adcode } from '../domain/county.js';
import type { RematchQueue } from '../ports/rematch-queue.js';

/** Asks for rematching in this process: remembers what was asked for. */
export class MemoryRematchQueue implements RematchQueue {
  readonly #runs = new Set<string>();
  readonly #schedules = new Map<Adcode | null, string>();
  #factsChanged = false;
  #away = false;

  /** Makes the queue answer as if its server were away, or back again. */
  setAway(away: boolean): void {
    this.#away = away;
  }

  async factsChanged(): Promise<boolean> {
    if (this.#away) return false;
    this.#factsChanged = true;
    return true;
  }

  async runWaiting(runId: string): Promise<boolean> {
    if (this.#away) return false;
    this.#runs.add(runId);
    return true;
  }

  async schedule(countyAdcode: Adcode | null, cron: string | null): Promise<boolean> {
    if (this.#away) return false;
    if (cron === null) this.#schedules.delete(countyAdcode);
    else this.#schedules.set(countyAdcode, cron);
    return true;
  }

  /** Takes what was asked for since the last call; schedules stay. */
  take(): {
    readonly factsChanged: boolean;
    readonly runs: readonly string[];
    readonly schedules: ReadonlyMap<Adcode | null, string>;
  } {
    const taken = { factsChanged: this.#factsChanged, runs: [...this.#runs], schedules: new Map(this.#schedules) };
    this.#factsChanged = false;
    this.#runs.clear();
    return taken;
  }
}
