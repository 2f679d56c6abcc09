import type { Delivery, WebhookEndpoint } from '../../domain/webhook.js';
import type { Clock } from '../../ports/clock.js';
import type { DeliveryStore, EndpointStore } from '../../ports/webhook-store.js';
import type { DeliverySettings } from './delivery-settings.js';
import { isDelivered, isGone, type Outcome, settlementOf } from './next-attempt.js';
import type { Pace } from './pace.js';
import type { Recorder } from './recorder.js';

/** Deliveries read together, and how few are left of them when more are fetched, where there are more. */
const BATCH = 1_000;
const REFILL_AT = 100;
/** The endpoint is looked at again this often, ms: one that was paused or got another key is soon treated so. */
const LOOK_AGAIN_MS = 1_000;
/** How long a turn waits for more when all is sent: at first, and at most while answers are still out, ms. */
const LINGER_MS = 100;
const LINGER_AT_MOST_MS = 1_000;

export interface TurnDeps {
  readonly endpointStore: Pick<EndpointStore, 'get'>;
  readonly deliveryStore: Pick<DeliveryStore, 'due'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: DeliverySettings;
  readonly record: Recorder;
  readonly pace: Pace;
  /** Signs a message at this moment and sends it. */
  readonly send: (delivery: Delivery, endpoint: WebhookEndpoint, signal: AbortSignal) => Promise<Outcome>;
}

/** What a turn has come to. */
export interface TurnReport {
  readonly delivered: number;
  readonly failed: number;
  /** The receiver wants nothing any more. */
  readonly gone: boolean;
}

/** A signal of its own that follows others until it is let go: theirs may live long, and have many listeners. */
function follow(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; letGo(): void } {
  const own = new AbortController();
  const abort = (): void => own.abort();
  for (const signal of signals) {
    if (signal.aborted) own.abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: own.signal,
    letGo() {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}

/**
 * Sends what is due to an endpoint for as long as `untilMs` on the monotonic clock, over several lanes: a slow answer
 * holds up its lane only. No new message is begun once `draining` aborts; those under way are called off by `signal`.
 * Resolves when all outcomes are recorded.
 * @throws what a store raised; messages whose outcome is not recorded are sent again.
 */
export async function takeTurn(
  deps: TurnDeps,
  endpoint: WebhookEndpoint,
  untilMs: number,
  signals: { readonly signal: AbortSignal; readonly draining: AbortSignal },
): Promise<TurnReport> {
  const off = follow([signals.signal]);
  const drain = follow([signals.signal, signals.draining]);
  const { clock, settings } = deps;
  const queue: Delivery[] = [];
  /** Sent and not recorded yet: what the store hands out again and must not be sent twice. */
  const inHand = new Set<string>();
  const report = { delivered: 0, failed: 0, gone: false };
  let present = endpoint;
  let lookedMs = clock.monotonicMs();
  let underWay = 0;
  let recording = 0;
  let allRecorded: (() => void) | null = null;
  let lingerMs = LINGER_MS;
  let failure: { readonly error: unknown } | null = null;
  let filling: Promise<boolean> | null = null;
  /** The last reading did not come to the end of what is due. */
  let more = false;

  const stopped = (): boolean => drain.signal.aborted || failure !== null || report.gone;
  const ended = (): boolean => stopped() || present.state !== 'active' || clock.monotonicMs() >= untilMs;

  async function read(): Promise<number> {
    const known = new Set([...inHand, ...queue.map(({ id }) => id)]);
    const fresh = await deps.deliveryStore.due(endpoint.id, clock.now(), BATCH, known);
    more = fresh.length >= BATCH;
    queue.push(...fresh);
    return fresh.length;
  }

  /** Reads more; where nothing is due, once more after a while, so that a trickle needs no job for each message. */
  async function fill(): Promise<boolean> {
    for (const pauseMs of [0, lingerMs]) {
      if (pauseMs > 0) await clock.sleep(pauseMs, drain.signal);
      if (ended()) return false;
      if ((await read()) > 0) {
        lingerMs = LINGER_MS;
        return true;
      }
    }
    lingerMs = Math.min(lingerMs * 2, LINGER_AT_MOST_MS);
    return false;
  }

  /** Fetches more, unless somebody is at it. */
  function refill(): Promise<boolean> {
    filling ??= fill().finally(() => {
      filling = null;
    });
    return filling;
  }

  async function look(): Promise<void> {
    lookedMs = clock.monotonicMs();
    present = (await deps.endpointStore.get(endpoint.id)) ?? { ...present, state: 'paused' };
  }

  /** The next of those that were read. */
  function take(): Delivery | null {
    const delivery = ended() ? undefined : queue.shift();
    if (delivery === undefined) return null;
    inHand.add(delivery.id);
    if (more && queue.length <= REFILL_AT) {
      refill().catch((error: unknown) => {
        failure ??= { error };
      });
    }
    return delivery;
  }

  /** The next message if nothing has to be waited for: so most of them go out. */
  function ready(): Delivery | null {
    return clock.monotonicMs() - lookedMs < LOOK_AGAIN_MS ? take() : null;
  }

  async function next(): Promise<Delivery | null> {
    for (;;) {
      if (ended()) return null;
      if (clock.monotonicMs() - lookedMs >= LOOK_AGAIN_MS) await look();
      const delivery = take();
      if (delivery !== null) return delivery;
      if (!ended() && !(await refill()) && underWay === 0 && queue.length === 0) return null;
    }
  }

  function note(delivery: Delivery, outcome: Outcome): void {
    if (isDelivered(outcome)) report.delivered += 1;
    else report.failed += 1;
    if (isGone(outcome)) report.gone = true;
    recording += 1;
    deps.record(settlementOf(delivery, outcome, settings, deps.random()), (raised) => {
      failure ??= raised;
      inHand.delete(delivery.id);
      recording -= 1;
      if (recording === 0) allRecorded?.();
    });
  }

  async function recorded(): Promise<void> {
    if (recording === 0) return;
    await new Promise<void>((done) => {
      allRecorded = done;
    });
  }

  async function lane(): Promise<void> {
    // Each lane has signals of its own: many listeners on one look like a leak.
    const calledOff = AbortSignal.any([off.signal]);
    const noMore = AbortSignal.any([drain.signal]);
    for (let message = ready() ?? (await next()); message !== null; message = ready() ?? (await next())) {
      const waitMs = deps.pace();
      if (waitMs > 0) await clock.sleep(waitMs, noMore);
      if (stopped()) return;
      underWay += 1;
      try {
        const outcome = await deps.send(message, present, calledOff);
        // Called off at the end of the process: it is as if it had not been tried.
        if (outcome.error === 'aborted') return;
        note(message, outcome);
      } finally {
        underWay -= 1;
      }
    }
  }

  const guarded = async (): Promise<void> => {
    try {
      await lane();
    } catch (error) {
      failure ??= { error };
    }
  };
  await Promise.all(Array.from({ length: settings.concurrency }, guarded));
  await recorded();
  off.letGo();
  drain.letGo();
  // Told apart by the type checker only through a call: lanes set it.
  const raised = ((): { readonly error: unknown } | null => failure)();
  if (raised !== null) throw raised.error;
  return report;
}
