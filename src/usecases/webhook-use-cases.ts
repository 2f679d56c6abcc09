import type { Adcode } from '../domain/county.js';
import type { Delivery, EndpointKey, EventType, WebhookEndpoint } from '../domain/webhook.js';
import type { Page } from '../ports/need-store.js';
import type { DeliveryFilter } from '../ports/webhook-store.js';

/** An endpoint as its county may see it: never a secret. */
export type EndpointView = Omit<WebhookEndpoint, 'keys'> & {
  readonly keys: readonly Omit<EndpointKey, 'sealed'>[];
};

/** Webhooks as the caller may manage them; what is another county's is `notFound`. */
export interface WebhookUseCases {
  /** @throws `invalidInput` for an address that must not be sent to (field `url`, the code says why), unknown types. */
  createEndpoint(input: {
    readonly url: string;
    readonly types: readonly EventType[];
    readonly description: string;
    readonly signature: 'v1' | 'v1a';
    /** Only from the province; else the caller's. */
    readonly countyAdcode: Adcode | null;
  }): Promise<{ readonly endpoint: EndpointView /** Of v1; shown once. */; readonly secret: string | null }>;
  listEndpoints(cursor: string | null, limit: number): Promise<Page<EndpointView>>;
  getEndpoint(id: string): Promise<EndpointView>;
  /** Activating a disabled endpoint clears why it was. */
  updateEndpoint(
    id: string,
    expectedVersion: number,
    change: {
      readonly url?: string;
      readonly types?: readonly EventType[];
      readonly description?: string;
      readonly state?: 'active' | 'paused';
    },
  ): Promise<EndpointView>;
  /** Ends what is pending for it. */
  removeEndpoint(id: string): Promise<void>;
  /** A new key; the old one signs beside it for 24 h. */
  rotateKey(id: string): Promise<{ readonly endpoint: EndpointView; readonly secret: string | null }>;
  /** Sends a test event to this endpoint only. */
  testEndpoint(id: string): Promise<Delivery>;
  listDeliveries(
    filter: Omit<DeliveryFilter, 'countyAdcode'>,
    cursor: string | null,
    limit: number,
  ): Promise<Page<Delivery>>;
  getDelivery(id: string): Promise<Delivery>;
  replayDelivery(id: string): Promise<Delivery>;
  /** Replays all of an endpoint in a time range, or only the failed ones; at most 10,000 a call; gives how many. */
  replayDeliveries(input: {
    readonly endpointId: string;
    readonly from: string;
    readonly to: string;
    readonly failedOnly: boolean;
  }): Promise<{ readonly replayed: number; readonly more: boolean }>;
}
