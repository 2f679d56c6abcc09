import type { Clock } from '../ports/clock.js';
import type { AttemptLimit, SignInLimits, SignInThrottle } from '../ports/passwords.js';

interface Window {
  count: number;
  readonly endsAtMs: number;
}

/** Counts attempts in this process. Windows are never cleared away: for tests and short lives. */
export class MemoryThrottle implements SignInThrottle {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #limits: SignInLimits;
  readonly #addresses = new Map<string, Window>();
  readonly #names = new Map<string, Window>();

  constructor(clock: Pick<Clock, 'monotonicMs'>, limits: SignInLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  async attempt(address: string, loginName: string): Promise<number | null> {
    return (
      this.#consumed(this.#addresses, address, this.#limits.perAddress) ??
      this.#consumed(this.#names, loginName, this.#limits.perName)
    );
  }

  async succeeded(loginName: string): Promise<void> {
    this.#names.delete(loginName);
  }

  #consumed(windows: Map<string, Window>, key: string, limit: AttemptLimit): number | null {
    const now = this.#clock.monotonicMs();
    const open = windows.get(key);
    const window =
      open !== undefined && open.endsAtMs > now ? open : { count: 0, endsAtMs: now + limit.windowS * 1_000 };
    window.count += 1;
    windows.set(key, window);
    return window.count <= limit.attempts ? null : Math.max(1, Math.ceil((window.endsAtMs - now) / 1_000));
  }
}
