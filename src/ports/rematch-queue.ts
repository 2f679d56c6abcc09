import type { Adcode } from '../domain/county.js';

/** Asks for rematching. Carries ids only; calls fold together, the latest facts win. Best effort: a sweep looks anyway. */
export interface RematchQueue {
  /** Some fact of some park, or the edition, has changed. */
  factsChanged(): Promise<boolean>;
  /** A run is waiting (see `RematchRunStore`). */
  runWaiting(runId: string): Promise<boolean>;
  /** Sets the nightly run of a county (null: the default for all others), cron in UTC; null takes it away. */
  schedule(countyAdcode: Adcode | null, cron: string | null): Promise<boolean>;
}
