/** What can be ended from outside. */
export interface Endable {
  /** It took too long. */
  expire(): void;
  /** The caller called it off. */
  callOff(): void;
}

/**
 * Watches over the time limit and the caller's signal of many exchanges at once: a timer for the oldest of them, and a
 * listener for each signal, however many exchanges follow it.
 */
export class ExchangeLimits {
  readonly #timeoutMs: number;
  /** In the order in which they began, so that the first is the first to expire. */
  readonly #endsMs = new Map<Endable, number>();
  readonly #bySignal = new WeakMap<AbortSignal, Set<Endable>>();
  #timer: NodeJS.Timeout | null = null;

  /** @param timeoutMs Of every exchange. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Watches one until it is released. */
  watch(exchange: Endable, signal: AbortSignal | undefined): void {
    this.#endsMs.set(exchange, performance.now() + this.#timeoutMs);
    if (this.#timer === null) this.#arm(this.#timeoutMs);
    if (signal !== undefined) this.#followersOf(signal).add(exchange);
  }

  /** Watches it no more. */
  release(exchange: Endable, signal: AbortSignal | undefined): void {
    this.#endsMs.delete(exchange);
    if (signal !== undefined) this.#bySignal.get(signal)?.delete(exchange);
  }

  #followersOf(signal: AbortSignal): Set<Endable> {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) return known;
    const followers = new Set<Endable>();
    this.#bySignal.set(signal, followers);
    const callOff = (): void => {
      for (const exchange of [...followers]) exchange.callOff();
    };
    signal.addEventListener('abort', callOff, { once: true });
    return followers;
  }

  #arm(ms: number): void {
    // It is not this timer that keeps a process from ending, but the connections.
    this.#timer = setTimeout(() => this.#expire(), Math.ceil(ms)).unref();
  }

  #expire(): void {
    this.#timer = null;
    const nowMs = performance.now();
    for (const [exchange, endMs] of this.#endsMs) {
      if (endMs > nowMs) {
        this.#arm(endMs - nowMs);
        return;
      }
      this.#endsMs.delete(exchange);
      exchange.expire();
    }
  }
}
