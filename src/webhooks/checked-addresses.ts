import { isIPv6 } from 'node:net';
import type { AddressRules } from './address-rules.js';
import { SendFailure } from './send-failure.js';

/** All addresses a name stands for. @throws anything where it stands for none. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** An address that was looked at, as Node's connections want it. */
export interface CheckedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

interface Kept {
  readonly addresses: Promise<readonly CheckedAddress[]>;
  readonly untilMs: number;
}

const MAX_KEPT = 5_000;

/**
 * Resolves names and lets pass only those of which every address may be connected to: a name with one public and one
 * private address is refused as a whole. Good answers are kept for some seconds, so that a burst of new connections asks
 * once; at most one question for a name is under way.
 */
export class CheckedAddresses {
  readonly #kept = new Map<string, Kept>();
  readonly #resolve: Resolver;
  readonly #rules: AddressRules;
  readonly #keepMs: number;
  readonly #nowMs: () => number;

  constructor(resolve: Resolver, rules: AddressRules, keepMs: number, nowMs: () => number) {
    this.#resolve = resolve;
    this.#rules = rules;
    this.#keepMs = keepMs;
    this.#nowMs = nowMs;
  }

  /** @throws SendFailure `dns` or `refusedAddress`. */
  of(hostname: string): Promise<readonly CheckedAddress[]> {
    const nowMs = this.#nowMs();
    const kept = this.#kept.get(hostname);
    if (kept !== undefined && kept.untilMs > nowMs) return kept.addresses;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const addresses = this.#ask(hostname);
    const entry = { addresses, untilMs: nowMs + this.#keepMs };
    this.#kept.set(hostname, entry);
    addresses.catch(() => {
      if (this.#kept.get(hostname) === entry) this.#kept.delete(hostname);
    });
    return addresses;
  }

  async #ask(hostname: string): Promise<readonly CheckedAddress[]> {
    let answers: readonly string[];
    try {
      answers = await this.#resolve(hostname);
    } catch {
      throw new SendFailure('dns');
    }
    if (answers.length === 0) throw new SendFailure('dns');
    if (answers.some((address) => this.#rules.refuses(address))) throw new SendFailure('refusedAddress');
    return answers.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  }
}
