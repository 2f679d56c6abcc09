import type { Delivery, WebhookEndpoint, WebhookEvent } from '../../domain/webhook.js';
import type { DeliverySignal } from '../../ports/webhook-sender.js';
import type { DeliveryStore, EndpointStore } from '../../ports/webhook-store.js';
import type { ChangeSink } from '../relay-outbox.js';
import { type EventDeps, eventsOf } from './events-of.js';

export interface WebhookSinkDeps extends EventDeps {
  readonly endpointStore: Pick<EndpointStore, 'subscribed'>;
  readonly deliveryStore: Pick<DeliveryStore, 'add'>;
  readonly deliverySignal: DeliverySignal;
}

/** True if the endpoint is to be told: its county's business and a type it asked for. */
export function isTold(
  { countyAdcode, types, state }: Pick<WebhookEndpoint, 'countyAdcode' | 'types' | 'state'>,
  event: Pick<WebhookEvent, 'type' | 'counties'>,
): boolean {
  if (state === 'disabled') return false;
  const concerned = countyAdcode === null || event.counties.includes(countyAdcode);
  return concerned && (types.length === 0 || types.some((type) => type === event.type));
}

/** One event for one endpoint, due when it happened. */
export function deliveryOf(event: WebhookEvent, endpoint: Pick<WebhookEndpoint, 'id' | 'countyAdcode'>): Delivery {
  return {
    id: `${event.id}.${endpoint.id}`,
    eventId: event.id,
    endpointId: endpoint.id,
    countyAdcode: endpoint.countyAdcode,
    type: event.type,
    payload: event.payload,
    createdAt: event.at,
    state: 'pending',
    attempts: [],
    nextAt: event.at,
  };
}

/**
 * Makes the sink that turns changes into deliveries: one for each event and endpoint that is to be told, under an id made
 * of both, so that the same changes again make nothing new. Subscriptions are read each time there is something to tell:
 * an endpoint made a moment ago misses nothing.
 */
export function createWebhookSink(deps: WebhookSinkDeps): ChangeSink {
  return async (changes) => {
    const events = changes.flatMap((change) => eventsOf(deps, change));
    if (events.length === 0) return;
    const endpoints = await deps.endpointStore.subscribed();
    const told = endpoints
      .map((endpoint) => ({ endpoint, events: events.filter((event) => isTold(endpoint, event)) }))
      .filter((one) => one.events.length > 0);
    await deps.deliveryStore.add(
      told.flatMap(({ endpoint, events }) => events.map((event) => deliveryOf(event, endpoint))),
    );
    const active = told.filter(({ endpoint }) => endpoint.state === 'active');
    await Promise.all(active.map(({ endpoint }) => deps.deliverySignal.wake(endpoint.id)));
  };
}
