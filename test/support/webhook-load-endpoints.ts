import { z } from 'zod';
import type { EventType } from '../../src/domain/webhook.js';
import { call } from './api-client.js';
import { expectStatus } from './webhook-load.js';
import { openReceivers, type WebhookReceiver } from './webhook-receivers.js';

/** What one of the receivers is told of. */
export interface Subscription {
  /** Null: the province. */
  readonly countyAdcode: string | null;
  /** Empty: every type. */
  readonly types: readonly EventType[];
  /** What the receiver takes before each answer, ms. */
  readonly slowMs: number;
}

/** A subscription with its endpoint and the receiver behind it. */
export interface OpenEndpoint extends Subscription {
  readonly id: string;
  readonly receiver: WebhookReceiver;
}

const madeSchema = z.object({ endpoint: z.object({ id: z.string() }), secret: z.string() });

/** Opens a receiver for each subscription and makes its endpoint, as whoever is signed in: the province. */
export async function openEndpoints(
  api: string,
  subscriptions: readonly Subscription[],
  settings: { readonly seed: number; readonly failShare: number },
): Promise<readonly OpenEndpoint[]> {
  const receivers = await openReceivers(
    subscriptions.map(({ slowMs }, index) => ({ ...settings, seed: settings.seed + index, slowMs })),
  );
  const open: OpenEndpoint[] = [];
  for (const [index, receiver] of receivers.entries()) {
    const subscription = subscriptions[index];
    if (subscription === undefined) continue;
    const { countyAdcode, types } = subscription;
    const body = { url: receiver.url, types, description: `chaos ${index}`, countyAdcode };
    const answer = await call(`${api}/api/v1/webhooks/endpoints`, { method: 'POST', body });
    const { endpoint, secret } = madeSchema.parse(expectStatus(answer, 201).body);
    receiver.trust(secret);
    open.push({ ...subscription, id: endpoint.id, receiver });
  }
  return open;
}

/** Gives an endpoint a new key; the receiver knows both from then on. */
export async function rotateKey(api: string, endpoint: OpenEndpoint): Promise<void> {
  const answer = await call(`${api}/api/v1/webhooks/endpoints/${endpoint.id}/rotation`, { method: 'POST' });
  endpoint.receiver.trust(madeSchema.parse(expectStatus(answer, 200).body).secret);
}
