import { SYSTEM_CALLER } from '../../domain/access.js';
import type { Delivery, WebhookEndpoint } from '../../domain/webhook.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { DeliverySignal, SecretBox, WebhookSender, WebhookSigner } from '../../ports/webhook-sender.js';
import type { DeliveryStore, EndpointStore, Settlement } from '../../ports/webhook-store.js';
import type { DeliverySettings } from './delivery-settings.js';
import { endpointChange } from './endpoint-changes.js';
import { validKeys } from './endpoint-keys.js';
import { isDelivered, isGone, settlementOf } from './next-attempt.js';

/** Deliveries read together. */
const BATCH = 400;
/** What has been sent is recorded this often, or once so much has come together: one slow answer holds up no record. */
const RECORD_EVERY_MS = 200;
const RECORD_AT = 200;
/** After so long a job gives its place to another and asks for the next turn. */
const TURN_MS = 10_000;

export interface DelivererDeps {
  readonly endpointStore: EndpointStore;
  readonly deliveryStore: DeliveryStore;
  readonly deliverySignal: DeliverySignal;
  readonly sender: WebhookSender;
  readonly signer: WebhookSigner;
  readonly secretBox: SecretBox;
  readonly changes: ChangeSignal;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly settings: DeliverySettings;
}

/** What came of a turn: `more` where it goes on in another job. */
export type Turn = 'done' | 'more' | 'notActive' | 'missing';

/** Sends what is due to endpoints. Every step may be done again: a delivery keeps its id, receivers drop repetitions. */
export interface Deliverer {
  /** One turn of an endpoint. Resolves early when the signal aborts; what was not recorded is sent again. */
  deliverEndpoint(endpointId: string, signal: AbortSignal): Promise<Turn>;
}

/** Hands out places, `perSecond` a second, a second's worth at once. */
function createPace(clock: Pick<Clock, 'monotonicMs' | 'sleep'>, perSecond: number) {
  let places = perSecond;
  let atMs = clock.monotonicMs();
  return async function place(signal: AbortSignal): Promise<void> {
    for (;;) {
      const nowMs = clock.monotonicMs();
      places = Math.min(perSecond, places + ((nowMs - atMs) * perSecond) / 1_000);
      atMs = nowMs;
      if (places >= 1 || signal.aborted) break;
      await clock.sleep(Math.ceil(((1 - places) * 1_000) / perSecond), signal);
    }
    places -= 1;
  };
}

export function createDeliverer(deps: DelivererDeps): Deliverer {
  const { endpointStore, deliveryStore, deliverySignal, sender, signer, secretBox, clock, settings } = deps;
  const paces = new Map<string, ReturnType<typeof createPace>>();

  function paceOf(endpointId: string): ReturnType<typeof createPace> {
    const pace = paces.get(endpointId) ?? createPace(clock, settings.perSecond);
    paces.set(endpointId, pace);
    return pace;
  }

  /** Signs at the moment of sending, so that the timestamp is the attempt's own; the id stays. */
  function headersOf(delivery: Delivery, endpoint: WebhookEndpoint, keys: readonly string[]): Record<string, string> {
    const timestampS = Math.floor(Date.parse(clock.now()) / 1_000);
    const message = { id: delivery.eventId, timestampS, body: delivery.payload };
    const signing = keys.map((key) => ({ scheme: endpoint.signature, key }));
    return {
      'webhook-id': delivery.eventId,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': signer.sign(signing, message),
    };
  }

  /** Sends a batch, a few at a time, and records as it goes. Gives the settlements. */
  async function sendAll(
    endpoint: WebhookEndpoint,
    batch: readonly Delivery[],
    signal: AbortSignal,
  ): Promise<readonly Settlement[]> {
    const keys = validKeys(endpoint, clock.now()).map(({ sealed }) => secretBox.open(sealed));
    const pace = paceOf(endpoint.id);
    const settled: Settlement[] = [];
    let unrecorded: Settlement[] = [];
    let recordedMs = clock.monotonicMs();
    let recording: Promise<void> = Promise.resolve();
    let next = 0;
    let stopped = false;

    const record = (): void => {
      const part = unrecorded;
      unrecorded = [];
      recordedMs = clock.monotonicMs();
      if (part.length > 0) recording = recording.then(() => deliveryStore.settle(part));
    };
    const lane = async (): Promise<void> => {
      while (!stopped && !signal.aborted) {
        const delivery = batch[next];
        next += 1;
        if (delivery === undefined) return;
        await pace(signal);
        if (signal.aborted) return;
        const message = {
          url: endpoint.url,
          body: delivery.payload,
          headers: headersOf(delivery, endpoint, keys),
        };
        const outcome = await sender.send(message, signal);
        // Called off by the end of the process: it is as if it had not been tried.
        if (outcome.error === 'aborted') return;
        const settlement = settlementOf(delivery, outcome, settings, deps.random());
        settled.push(settlement);
        unrecorded.push(settlement);
        if (isGone(outcome)) stopped = true;
        if (unrecorded.length >= RECORD_AT || clock.monotonicMs() - recordedMs >= RECORD_EVERY_MS) record();
      }
    };
    await Promise.all(Array.from({ length: Math.min(settings.concurrency, batch.length) }, lane));
    record();
    await recording;
    return settled;
  }

  async function disable(endpoint: WebhookEndpoint, reason: 'gone' | 'failing'): Promise<void> {
    const next: WebhookEndpoint = {
      ...endpoint,
      state: 'disabled',
      disabledReason: reason,
      version: endpoint.version + 1,
    };
    const told = endpointChange(SYSTEM_CALLER, clock.now(), 'endpoint.disabled', next, endpoint);
    if (!(await endpointStore.replace(next, endpoint.version, [told]))) return;
    deps.changes.changed('endpoint', endpoint.id);
    deps.log.warn({ endpointId: endpoint.id, reason }, 'endpoint disabled');
    if (reason === 'gone') await deliveryStore.cancel(endpoint.id);
  }

  /** Draws the conclusions for the endpoint; false where it is sent nothing more. */
  async function conclude(endpoint: WebhookEndpoint, settled: readonly Settlement[]): Promise<boolean> {
    if (settled.some(({ attempt }) => isGone(attempt))) {
      await disable(endpoint, 'gone');
      return false;
    }
    if (settled.length === 0) return true;
    if (settled.some(({ attempt }) => isDelivered(attempt))) {
      if (endpoint.failingSince !== null) await endpointStore.markFailing(endpoint.id, null);
      return true;
    }
    const now = clock.now();
    if (endpoint.failingSince === null) {
      await endpointStore.markFailing(endpoint.id, now);
      return true;
    }
    if (Date.parse(now) - Date.parse(endpoint.failingSince) < settings.disableAfterMs) return true;
    await disable(endpoint, 'failing');
    return false;
  }

  return {
    async deliverEndpoint(endpointId, signal) {
      const untilMs = clock.monotonicMs() + TURN_MS;
      for (;;) {
        const endpoint = await endpointStore.get(endpointId);
        if (endpoint === null) {
          await deliveryStore.cancel(endpointId);
          paces.delete(endpointId);
          return 'missing';
        }
        if (endpoint.state !== 'active') return 'notActive';
        const batch = await deliveryStore.due(endpointId, clock.now(), BATCH);
        if (batch.length === 0) {
          const nextAt = await deliveryStore.nextDue(endpointId);
          if (nextAt !== null) await deliverySignal.wake(endpointId, nextAt);
          return 'done';
        }
        const settled = await sendAll(endpoint, batch, signal);
        if (!(await conclude(endpoint, settled))) return 'notActive';
        if (signal.aborted || clock.monotonicMs() >= untilMs) {
          await deliverySignal.wake(endpointId);
          return 'more';
        }
      }
    },
  };
}
