import { type Connection, type Model, Schema } from 'mongoose';
import type { Delivery, DeliveryState } from '../domain/webhook.js';
import { malformed } from './errors.js';

/** What a bundle holds of one delivery, as JSON; the rest is told by the bundle. */
interface BundleItem {
  readonly type: Delivery['type'];
  readonly payload: string;
  readonly createdAt: string;
  readonly state: DeliveryState;
  readonly attempts: Delivery['attempts'];
  readonly nextAt: string | null;
  readonly replayedAt?: string;
}

/**
 * Deliveries of one endpoint that were created within the same tenth of a second, by event id: so that writing, reading
 * and removing cost a fraction of a document each. What has failed once stands in a bundle of its own, because it comes
 * due alone. `_id` is `<endpoint>.<slice>`, or `<endpoint>.<slice>.<event>` for one alone: it tells the order of creation.
 */
export interface BundleDocument {
  readonly _id: string;
  readonly endpointId: string;
  readonly countyAdcode: string | null;
  /** Of `createdAt`: the digits up to the tenth of a second. */
  readonly slice: string;
  /** Event ids in `items`. */
  readonly ids: readonly string[];
  /** By event id. Text, because documents within documents cost the embedded server most of its time. */
  readonly items: Readonly<Record<string, string>>;
  /** Of pending ones: no later than the first of them is due. */
  readonly nextAt?: string;
  /** Of ended ones: the states and types that are, or were, among them. */
  readonly states?: readonly DeliveryState[];
  readonly types?: readonly string[];
  /** Where ended ones stand together: every delivery of the slice that was tried or ended, so that it is not added again. */
  readonly seen?: readonly string[];
}

const SLICE_DIGITS = 15;
const EVENT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The slice of a time, UTC ISO 8601 with milliseconds. */
export function sliceOf(at: string): string {
  return at.replace(/\D/g, '').slice(0, SLICE_DIGITS);
}

type Where = Pick<Delivery, 'endpointId' | 'eventId' | 'createdAt'>;

/** The bundle of a delivery that stands among others. */
export function sharedKey({ endpointId, createdAt }: Pick<Where, 'endpointId' | 'createdAt'>): string {
  return `${endpointId}.${sliceOf(createdAt)}`;
}

/** The bundle of a delivery that stands alone. */
export function ownKey({ endpointId, createdAt, eventId }: Where): string {
  return `${endpointId}.${sliceOf(createdAt)}.${eventId}`;
}

/** Where a pending delivery stands: alone once it was tried. */
export function pendingKey(delivery: Where & Pick<Delivery, 'attempts'>): string {
  return delivery.attempts.length === 0 ? sharedKey(delivery) : ownKey(delivery);
}

/** Where an ended delivery stands: alone if it was tried more than once. */
export function endedKey(delivery: Where & Pick<Delivery, 'attempts'>): string {
  return delivery.attempts.length <= 1 ? sharedKey(delivery) : ownKey(delivery);
}

/** What finds the bundles of an endpoint by their `_id`. */
export function ofEndpoint(endpointId: string): RegExp {
  return new RegExp(`^${endpointId.replace(/[^A-Za-z0-9_-]/g, '\\$&')}\\.`);
}

/**
 * What a bundle keeps of a delivery.
 * @throws RangeError for an event id that can't be the name of a field.
 */
export function itemOf(delivery: Delivery): string {
  if (!EVENT_ID.test(delivery.eventId)) throw new RangeError('event id has another form');
  const { type, payload, createdAt, state, attempts, nextAt, replayedAt } = delivery;
  const item: BundleItem = {
    ...{ type, payload, createdAt, state, attempts, nextAt },
    ...(replayedAt === undefined ? {} : { replayedAt }),
  };
  return JSON.stringify(item);
}

function readItem(text: unknown): BundleItem | null {
  if (typeof text !== 'string') return null;
  const item: Partial<BundleItem> = JSON.parse(text);
  const { type, payload, createdAt, state, attempts, nextAt, replayedAt } = item;
  if (typeof payload !== 'string' || typeof createdAt !== 'string' || !Array.isArray(attempts)) return null;
  if (type === undefined || state === undefined || nextAt === undefined) return null;
  return {
    ...{ type, payload, createdAt, state, attempts, nextAt },
    ...(replayedAt === undefined ? {} : { replayedAt }),
  };
}

/**
 * Reads the deliveries of a bundle, in no order.
 * @throws AppError `internal` if it does not have the form of one.
 */
export function deliveriesOf({ _id, endpointId, countyAdcode, items }: BundleDocument): Delivery[] {
  return Object.entries(items ?? {}).map(([eventId, text]) => {
    const item = readItem(text);
    if (item === null) throw malformed('deliveries', _id);
    return { id: `${eventId}.${endpointId}`, eventId, endpointId, countyAdcode, ...item };
  });
}

const common = {
  _id: { type: String, required: true },
  endpointId: { type: String, required: true },
  countyAdcode: { type: String, default: null },
  slice: { type: String, required: true },
  ids: { type: [String], required: true },
  // Made by the store, never by a request; casting them again would only cost time.
  items: { type: Schema.Types.Mixed, required: true },
} as const;
const options = { strict: 'throw', minimize: false, versionKey: false, id: false } as const;

const pending = new Schema<BundleDocument>(
  { ...common, nextAt: { type: String, required: true } },
  { ...options, collection: 'webhook_pending' },
);
pending.index({ endpointId: 1, nextAt: 1 });
pending.index({ nextAt: 1 });
pending.index({ ids: 1 });
pending.index({ slice: -1, _id: -1 });

const ended = new Schema<BundleDocument>(
  {
    ...common,
    states: { type: [String], required: true },
    types: { type: [String], required: true },
    seen: { type: [String], default: undefined },
  },
  { ...options, collection: 'webhook_deliveries' },
);
ended.index({ ids: 1 });
ended.index({ slice: -1, _id: -1 });
ended.index({ endpointId: 1, slice: -1, _id: -1 });
ended.index({ countyAdcode: 1, slice: -1, _id: -1 });

/** The models of both collections on this connection. */
export function deliveryModels(connection: Connection): {
  readonly pending: Model<BundleDocument>;
  readonly ended: Model<BundleDocument>;
} {
  return {
    pending: connection.model<BundleDocument>('PendingDeliveries', pending),
    ended: connection.model<BundleDocument>('EndedDeliveries', ended),
  };
}
