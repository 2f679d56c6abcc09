import type { SmaaOutcome, SmaaProblem } from '../domain/robustness.js';
import { runSmaa } from '../matching/robustness/smaa.js';

/** What a thread of the pool does. Its tables of weightings stay with the thread from problem to problem. */
export default function count(problem: SmaaProblem): SmaaOutcome {
  return runSmaa(problem);
}
