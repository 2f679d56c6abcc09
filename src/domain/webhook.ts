import type { Adcode } from './county.js';

/** Events a county can be told of (Standard Webhooks: `type` is a full-stop delimited name). */
export const EVENT_TYPES = [
  'match.created',
  'match.changed',
  'match.lost',
  'lead.pushed',
  'lead.stage_changed',
  'lead.clock_due',
  'lead.overdue',
  'hold.placed',
  'hold.expiring',
  'hold.released',
  'park.inventory_stale',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What `POST …/test` sends; not to be subscribed to. */
export const TEST_EVENT = 'endpoint.test';

/** `v1`: HMAC-SHA256 with a shared secret; `v1a`: Ed25519, the receiver knows only the public key. */
export type SignatureScheme = 'v1' | 'v1a';

/** One signing key, encrypted as it is stored. A rotated one signs beside its successor until `validUntil`. */
export interface EndpointKey {
  /** Secret or private key, sealed by the SecretBox. */
  readonly sealed: string;
  /** Of a v1a key: `whpk_` + base64 of the 32 bytes. Null for v1. */
  readonly publicKey: string | null;
  readonly createdAt: string;
  /** Null: the present key. */
  readonly validUntil: string | null;
}

/** Where a county wants to be told. */
export interface WebhookEndpoint {
  /** `ep_` + 24 letters and digits. */
  readonly id: string;
  /** Null: the province; it is told of every county's events. */
  readonly countyAdcode: Adcode | null;
  readonly url: string;
  /** Empty: every type. */
  readonly types: readonly EventType[];
  readonly description: string;
  readonly signature: SignatureScheme;
  /** Newest first; at most two that are valid. */
  readonly keys: readonly EndpointKey[];
  /** `disabled` is the service's doing: the receiver said 410, or failed for days. */
  readonly state: 'active' | 'paused' | 'disabled';
  readonly disabledReason: 'gone' | 'failing' | null;
  /** Since when every attempt has failed; null after a success. */
  readonly failingSince: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly version: number;
}

/** One message of which every subscriber gets the same bytes under the same id. */
export interface WebhookEvent {
  /** `evt_` + 24 letters and digits, made from the change it tells of: the same change is the same event. */
  readonly id: string;
  readonly type: EventType | typeof TEST_EVENT;
  /** When it happened. */
  readonly at: string;
  /** Counties whose endpoints are told; the province is always. */
  readonly counties: readonly Adcode[];
  /** JSON `{type, timestamp, data}` under 20 kB: ids, codes, ranks, numbers and links, never a firm's data. */
  readonly payload: string;
}

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'cancelled';

/** One try to deliver. */
export interface DeliveryAttempt {
  readonly at: string;
  /** Null where no answer came. */
  readonly status: number | null;
  /** Why no answer came, or why it counts as none: a code (`timeout`, `refusedAddress`, `redirect`, `connect`, `tls` …). */
  readonly error: string | null;
  readonly latencyMs: number;
  /** First kB of the answer, control characters left out. */
  readonly answer: string;
}

/** One event for one endpoint. */
export interface Delivery {
  /** `<event id>.<endpoint id>`. */
  readonly id: string;
  readonly eventId: string;
  readonly endpointId: string;
  readonly countyAdcode: Adcode | null;
  readonly type: EventType | typeof TEST_EVENT;
  readonly payload: string;
  readonly createdAt: string;
  readonly state: DeliveryState;
  /** Oldest first; the newest 20 are kept. */
  readonly attempts: readonly DeliveryAttempt[];
  /** When it is tried next; null unless pending. */
  readonly nextAt: string | null;
  /** When it was last replayed: from then on the schedule of retries counts anew. */
  readonly replayedAt?: string;
}
