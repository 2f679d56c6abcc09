/** Wakes a worker when a hold's time runs out. The document's time is the truth; a lost job is found by the sweep. */
export interface HoldExpiry {
  /** Leaves a job for `at` (ISO time). Gives false, within half a second, when the queue is away. */
  schedule(job: { readonly parkId: string; readonly holdId: string }, at: string): Promise<boolean>;
}
