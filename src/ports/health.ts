/** One thing readiness depends on. */
export interface HealthProbe {
  readonly name: 'mongo' | 'redis' | 'workers';
  /** Resolves with true if it answers a real command within the time; never rejects. */
  check(timeoutMs: number): Promise<boolean>;
}
