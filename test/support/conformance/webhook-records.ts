import type { Delivery, DeliveryAttempt, WebhookEndpoint } from '../../../src/domain/webhook.js';
import { idOf } from './lead-records.js';

/** A county's endpoint; `overrides` say the rest. */
export function makeEndpoint(number: number, overrides: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: idOf('ep', number),
    countyAdcode: '331102',
    url: `https://hooks.example.cn/${number}`,
    types: [],
    description: '',
    signature: 'v1',
    keys: [{ sealed: `sealed ${number}`, publicKey: null, createdAt: timeOf(number), validUntil: null }],
    state: 'active',
    disabledReason: null,
    failingSince: null,
    createdBy: idOf('user', 1),
    createdAt: timeOf(number),
    version: 1,
    ...overrides,
  };
}

/** A time, `ms` after the beginning of a day. */
export function timeOf(ms: number): string {
  return new Date(Date.UTC(2026, 2, 1) + ms).toISOString();
}

/** A pending delivery of an event to an endpoint, created `event` x 30 ms into the day and due then. */
export function makeDelivery(event: number, endpoint: number, overrides: Partial<Delivery> = {}): Delivery {
  const [eventId, endpointId] = [idOf('evt', event), idOf('ep', endpoint)];
  const createdAt = overrides.createdAt ?? timeOf(event * 30);
  return {
    ...{ id: `${eventId}.${endpointId}`, eventId, endpointId },
    countyAdcode: '331102',
    type: 'lead.pushed',
    payload: JSON.stringify({ type: 'lead.pushed', timestamp: createdAt, data: { event } }),
    createdAt,
    state: 'pending',
    attempts: [],
    nextAt: createdAt,
    ...overrides,
  };
}

/** An attempt; a quick success unless told. */
export function makeAttempt(at: string, overrides: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return { at, status: 204, error: null, latencyMs: 12.5, answer: '', ...overrides };
}
