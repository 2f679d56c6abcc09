import { SYSTEM_CALLER } from '../../../src/domain/access.js';
import type { Delivery, WebhookEndpoint } from '../../../src/domain/webhook.js';
import { MemoryDeliveryStore } from '../../../src/memory/delivery-store.js';
import { MemoryEndpointStore } from '../../../src/memory/endpoint-store.js';
import { MemoryWebhookSender } from '../../../src/memory/webhook-sender.js';
import type { DeliverySignal } from '../../../src/ports/webhook-sender.js';
import { createDeliverer, type DelivererDeps } from '../../../src/usecases/webhooks/deliverer.js';
import { DELIVERY_SETTINGS, type DeliverySettings } from '../../../src/usecases/webhooks/delivery-settings.js';
import { newKey } from '../../../src/usecases/webhooks/endpoint-keys.js';
import { createSecretBox } from '../../../src/webhooks/aes-secret-box.js';
import { StandardSigner } from '../../../src/webhooks/standard-signer.js';
import { makeDelivery, makeEndpoint } from '../../support/conformance/webhook-records.js';
import { recordingLog } from '../../support/recording-log.js';
import { ManualClock } from '../manual-clock.js';

/** A signal that keeps what it was asked for. */
export function recordingSignal(): DeliverySignal & { readonly wakes: { endpointId: string; at: string | null }[] } {
  const wakes: { endpointId: string; at: string | null }[] = [];
  return {
    wakes,
    async wake(endpointId, at) {
      wakes.push({ endpointId, at: at ?? null });
    },
  };
}

/** Stores, a sender that only remembers and a clock that moves when told, with a deliverer over them. */
export function makeWebhookWorld(settings: Partial<DeliverySettings> = {}, given: Partial<DelivererDeps> = {}) {
  const clock = new ManualClock('2026-03-02T00:00:00.000Z');
  const { log, lines } = recordingLog();
  const endpointStore = new MemoryEndpointStore();
  const deliveryStore = new MemoryDeliveryStore();
  const deliverySignal = recordingSignal();
  const sender = new MemoryWebhookSender(() => clock.now());
  const keys = { signer: new StandardSigner(), secretBox: createSecretBox(Buffer.alloc(32, 7).toString('base64')) };
  const changed: string[] = [];
  const deps: DelivererDeps = {
    ...{ endpointStore, deliveryStore, deliverySignal, sender, clock, log, ...keys },
    changes: { changed: (_outbox, id) => changed.push(id) },
    random: () => 0.5,
    settings: { ...DELIVERY_SETTINGS, ...settings },
    ...given,
  };
  const deliverer = createDeliverer(deps);

  /** An endpoint with a key that opens; gives its secret too. */
  async function endpoint(number: number, overrides: Partial<WebhookEndpoint> = {}) {
    const { key, secret } = newKey(keys, overrides.signature ?? 'v1', clock.now());
    const made = makeEndpoint(number, { keys: [key], ...overrides });
    await endpointStore.insert(made, []);
    return { ...made, secret: secret ?? '' };
  }

  /** Pending deliveries of events from 1 on. */
  async function pending(number: number, count: number): Promise<readonly Delivery[]> {
    const deliveries = Array.from({ length: count }, (_, index) => makeDelivery(index + 1, number));
    await deliveryStore.add(deliveries);
    return deliveries;
  }

  /** Lets a turn run to its end, time passing by steps. */
  async function turn(
    endpointId: string,
    signals: { readonly signal?: AbortSignal; readonly draining?: AbortSignal; readonly stepMs?: number } = {},
  ) {
    const { signal = new AbortController().signal, draining, stepMs = 20 } = signals;
    let ended = false;
    const run = deliverer.deliverEndpoint(endpointId, signal, draining).finally(() => {
      ended = true;
    });
    run.catch(() => undefined);
    for (let steps = 0; !ended && steps < 3_000; steps += 1) await clock.advance(stepMs);
    if (!ended) throw new Error('the turn does not end');
    return run;
  }

  const states = async (): Promise<Readonly<Record<string, number>>> => {
    const { items } = await deliveryStore.list({ countyAdcode: null }, null, 10_000);
    const counts: Record<string, number> = {};
    for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  };

  return {
    ...{ clock, lines, endpointStore, deliveryStore, deliverySignal, sender, deps, deliverer, changed, keys },
    ...{ endpoint, pending, turn, states, caller: SYSTEM_CALLER },
  };
}
