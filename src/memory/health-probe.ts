import type { HealthProbe } from '../ports/health.js';

/** A probe that answers what it was told. */
export class MemoryHealthProbe implements HealthProbe {
  readonly name: HealthProbe['name'];
  healthy: boolean;

  constructor(name: HealthProbe['name'], healthy = true) {
    this.name = name;
    this.healthy = healthy;
  }

  async check(_timeoutMs: number): Promise<boolean> {
    return this.healthy;
  }
}
