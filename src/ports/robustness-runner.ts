import type { SmaaOutcome, SmaaProblem } from '../domain/robustness.js';

/** Counts weightings away from the caller's event loop. */
export interface RobustnessRunner {
  /** The same outcome as counting in place. Rejects when the signal aborts or the runner is closed. */
  run(problem: SmaaProblem, signal?: AbortSignal): Promise<SmaaOutcome>;
}
