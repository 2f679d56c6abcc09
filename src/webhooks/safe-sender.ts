import { lookup } from 'node:dns/promises';
import { Agent } from 'undici';
import type { DeliveryAttempt } from '../domain/webhook.js';
import type { Clock } from '../ports/clock.js';
import type { WebhookSender } from '../ports/webhook-sender.js';
import { AddressRules } from './address-rules.js';
import { CheckedAddresses, type Resolver } from './checked-addresses.js';
import { Exchange, type Exchanged } from './exchange.js';
import { ExchangeLimits } from './exchange-limits.js';
import { pinnedConnector } from './pinned-connector.js';
import { retryAfterMs } from './retry-after.js';
import type { SendError } from './send-failure.js';
import { type UrlAllowances, urlRefusal } from './url-rules.js';

/** How a deployment sends. */
export interface SafeSenderSettings {
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  /** Plain http too. */
  readonly allowHttp: boolean;
  /** Ranges that are opened although they are not public, e.g. `10.20.0.0/16`. */
  readonly allowCidrs: readonly string[];
  /** Ports of other protocols that are opened all the same. */
  readonly allowPorts?: readonly number[];
  /** For everything: resolving, connecting, headers, body. 15 s unless told. */
  readonly timeoutMs?: number;
  /** How long a checked answer serves new connections. 5 s unless told. */
  readonly keepAddressesMs?: number;
  /** How long one connection serves before a new one, with a new check, takes its place. 5 min unless told. */
  readonly connectionTtlMs?: number;
  /** All addresses of a name; the system's resolver unless told. */
  readonly resolve?: Resolver;
}

type Attempt = DeliveryAttempt & { readonly retryAfterMs: number | null };
type Verdict = { readonly origin: string; readonly path: string } | null;

const USER_AGENT = 'shanhai-match-webhooks/1';
/** URLs whose verdict is remembered: a deployment's endpoints, many times over. */
const KEPT_VERDICTS = 5_000;
/** Under the 5 s after which Node's own servers close: a message should not meet a closing connection. */
const IDLE_CONNECTION_MS = 4_000;

/**
 * Sends messages over connections that are kept, and only to where it is allowed. How many messages go to one endpoint
 * at a time is the caller's to say; each of them may have a connection of its own.
 * No redirects, no cookies, no proxy, no unpacking; an answer is read to its first kB.
 * @throws AppError `internal` (reason `badCidr`) for an allowed range that is none.
 */
export function createSafeSender(settings: SafeSenderSettings): WebhookSender {
  return new SafeSender(settings);
}

class SafeSender implements WebhookSender {
  readonly #clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly #allowances: UrlAllowances;
  readonly #limits: ExchangeLimits;
  readonly #agent: Agent;
  readonly #verdicts = new Map<string, Verdict>();
  #closed: Promise<void> | null = null;

  constructor(settings: SafeSenderSettings) {
    const addresses = new AddressRules(settings.allowCidrs);
    this.#clock = settings.clock;
    this.#allowances = { allowHttp: settings.allowHttp, allowPorts: new Set(settings.allowPorts), addresses };
    const timeoutMs = settings.timeoutMs ?? 15_000;
    this.#limits = new ExchangeLimits(timeoutMs);
    const checked = new CheckedAddresses(
      settings.resolve ?? systemResolver,
      addresses,
      settings.keepAddressesMs ?? 5_000,
      () => this.#clock.monotonicMs(),
    );
    this.#agent = new Agent({
      connect: pinnedConnector(checked, addresses, timeoutMs),
      clientTtl: settings.connectionTtlMs ?? 300_000,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      keepAliveMaxTimeout: 60_000,
      // Each exchange has its own time limit.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  send(
    message: { readonly url: string; readonly body: string; readonly headers: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<Attempt> {
    return new Promise((done) => {
      const at = this.#clock.now();
      const startedMs = this.#clock.monotonicMs();
      const settle = ({ status, error, answer, retryAfter }: Exchanged): void => {
        const succeeded = status !== null && status >= 200 && status < 300;
        done({
          at,
          status,
          error,
          latencyMs: Math.round(this.#clock.monotonicMs() - startedMs),
          answer,
          retryAfterMs: succeeded ? null : retryAfterMs(retryAfter, Date.parse(this.#clock.now())),
        });
      };
      const target = this.#target(message.url);
      if (target === null) settle(nothing('refusedUrl'));
      else if (signal?.aborted === true) settle(nothing('aborted'));
      else this.#exchange(target, message, signal, settle);
    });
  }

  refusalOf(url: string): string | null {
    return urlRefusal(url, this.#allowances);
  }

  /** Waits for what is being sent; the caller's signals cut that short. */
  close(): Promise<void> {
    this.#closed ??= this.#agent.close().then(() => {});
    return this.#closed;
  }

  #exchange(
    { origin, path }: { readonly origin: string; readonly path: string },
    { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
    signal: AbortSignal | undefined,
    settle: (exchanged: Exchanged) => void,
  ): void {
    const all = { 'content-type': 'application/json', ...headers, 'user-agent': USER_AGENT };
    this.#agent.dispatch(
      { origin, path, method: 'POST', headers: all, body },
      new Exchange(this.#limits, signal, settle),
    );
  }

  #target(url: string): Verdict {
    const known = this.#verdicts.get(url);
    if (known !== undefined) return known;
    const read = this.refusalOf(url) === null ? new URL(url) : null;
    const verdict = read === null ? null : { origin: read.origin, path: `${read.pathname}${read.search}` };
    if (this.#verdicts.size >= KEPT_VERDICTS) this.#verdicts.clear();
    this.#verdicts.set(url, verdict);
    return verdict;
  }
}

function nothing(error: SendError): Exchanged {
  return { status: null, error, answer: '', retryAfter: undefined };
}

async function systemResolver(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
