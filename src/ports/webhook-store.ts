import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Delivery, DeliveryAttempt, DeliveryState, WebhookEndpoint } from '../domain/webhook.js';
import type { Page } from './need-store.js';

/** Keeps endpoints. Each method is one atomic change of one document. Raises `storeUnavailable` when the store is away. */
export interface EndpointStore {
  insert(endpoint: WebhookEndpoint, changes: readonly Change[]): Promise<void>;
  get(id: string): Promise<WebhookEndpoint | null>;
  /** Replaces the endpoint if it still has `expectedVersion`. */
  replace(endpoint: WebhookEndpoint, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
  /** From then on it is as if it were not there; its keys and its address are forgotten. */
  remove(id: string, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
  /** Newest first; those of one county where one is given, null for all. */
  list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<WebhookEndpoint>>;
  /** Disabled ones of this county (null: the province's own), by id. */
  disabledOf(countyAdcode: Adcode | null): Promise<readonly WebhookEndpoint[]>;
  /** Every endpoint that is not disabled, for matching events to subscribers. */
  subscribed(): Promise<readonly WebhookEndpoint[]>;
  /** Marks since when all attempts fail (only if not marked yet), or clears the mark; does not count as an edit. */
  markFailing(id: string, since: string | null): Promise<void>;
}

/** What came of one try. */
export interface Settlement {
  readonly delivery: Delivery;
  readonly attempt: DeliveryAttempt;
  /** `pending` with the next time, or an end. */
  readonly next:
    | { readonly state: 'pending'; readonly at: string }
    | { readonly state: Exclude<DeliveryState, 'pending'> };
}

export interface DeliveryFilter {
  /** Null: all counties. */
  readonly countyAdcode: Adcode | null;
  readonly endpointId?: string;
  readonly type?: string;
  readonly state?: DeliveryState;
  /** By `createdAt`, ISO times, both included. */
  readonly from?: string;
  readonly to?: string;
}

/** Keeps deliveries: what is pending, and what was tried for 30 days. Raises `storeUnavailable` when the store is away. */
export interface DeliveryStore {
  /**
   * Adds pending deliveries; one that is known already (pending or ended) is passed over. Deliveries of one event have
   * type, payload and `createdAt` in common.
   */
  add(deliveries: readonly Delivery[]): Promise<void>;
  /** Pending ones of an endpoint whose time has come, oldest first; without those the caller has in hand already. */
  due(endpointId: string, now: string, limit: number, inHand?: ReadonlySet<string>): Promise<readonly Delivery[]>;
  /** When the endpoint's next pending delivery is due; null if there is none. */
  nextDue(endpointId: string): Promise<string | null>;
  /** Endpoints with something due: for the sweep. */
  endpointsDue(now: string, limit: number): Promise<readonly string[]>;
  /** Records attempts and what became of the deliveries, many at once. Doing it twice leaves one attempt (same `at`). */
  settle(settlements: readonly Settlement[]): Promise<void>;
  /** Makes ended deliveries pending again, due at `at`, under the same id; gives how many. */
  replay(filter: DeliveryFilter & { readonly ids?: readonly string[] }, at: string, limit: number): Promise<number>;
  /** Ends every pending delivery of an endpoint; gives how many. */
  cancel(endpointId: string): Promise<number>;
  get(id: string): Promise<Delivery | null>;
  /** Newest first. */
  list(filter: DeliveryFilter, cursor: string | null, limit: number): Promise<Page<Delivery>>;
  /** Forgets ended deliveries created before; gives how many. */
  purge(before: string): Promise<number>;
  /** Clears what deliveries created before have left behind among the pending ones; for the sweep. */
  tidy(before: string): Promise<number>;
}
