/** What can be ended from outside. */
export interface Endable {
  /** It took too long. */
  expire(): void;
  /** The caller called it off. */
  callOff(): void;
}

/** Exchanges that follow a signal, and what they have it call. */
interface Following {
  readonly exchanges: Set<Endable>;
  readonly callOff: () => void;
}

/**
 * Watches over the time limit and the caller's signal of many exchanges at once: a timer for the oldest of them, and a
 * listener for each signal, however many exchanges follow it.
 */
export class ExchangeLimits {
  readonly #timeoutMs: number;
  /** In the order in which they began, so that the first is the first to expire. */
  readonly #endsMs = new Map<Endable, number>();
  readonly #bySignal = new Map<AbortSignal, Following>();
  #timer: NodeJS.Timeout | null = null;

  /** @param timeoutMs Of every exchange. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Watches one until it is released. */
  watch(exchange: Endable, signal: AbortSignal | undefined): void {
    this.#endsMs.set(exchange, performance.now() + this.#timeoutMs);
    if (this.#timer === null) this.#arm(this.#timeoutMs);
    if (signal !== undefined) this.#following(signal).exchanges.add(exchange);
  }

  /** Watches it no more. Its signal is let go of a while later: mostly the next exchange follows it. */
  release(exchange: Endable, signal: AbortSignal | undefined): void {
    this.#endsMs.delete(exchange);
    if (signal !== undefined) this.#bySignal.get(signal)?.exchanges.delete(exchange);
  }

  #following(signal: AbortSignal): Following {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) return known;
    const exchanges = new Set<Endable>();
    const callOff = (): void => {
      for (const exchange of [...exchanges]) exchange.callOff();
    };
    const following = { exchanges, callOff };
    this.#bySignal.set(signal, following);
    signal.addEventListener('abort', callOff, { once: true });
    return following;
  }

  #arm(ms: number): void {
    // It is not this timer that keeps a process from ending, but the connections.
    this.#timer = setTimeout(() => this.#tick(), Math.ceil(ms)).unref();
  }

  /** Expires what is over its limit, lets go of signals that nothing follows, and comes again while there is more. */
  #tick(): void {
    this.#timer = null;
    const nowMs = performance.now();
    let nextMs = this.#timeoutMs;
    for (const [exchange, endMs] of this.#endsMs) {
      if (endMs > nowMs) {
        nextMs = endMs - nowMs;
        break;
      }
      this.#endsMs.delete(exchange);
      exchange.expire();
    }
    for (const [signal, { exchanges, callOff }] of this.#bySignal) {
      if (exchanges.size > 0) continue;
      signal.removeEventListener('abort', callOff);
      this.#bySignal.delete(signal);
    }
    if (this.#endsMs.size + this.#bySignal.size > 0) this.#arm(nextMs);
  }
}
