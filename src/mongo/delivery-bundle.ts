import { type Connection, type Model, Schema } from 'mongoose';
import type { Delivery, DeliveryState } from '../domain/webhook.js';

/**
 * Deliveries of one endpoint that were created within the same tenth of a second: so that writing, reading and removing
 * cost a fraction of a document each. What was tried more than once stands in a bundle of its own, because it comes due
 * alone. `_id` is `<endpoint>.<slice>`, or `<endpoint>.<slice>.<event>` for one alone: it tells the order of creation.
 * What all endpoints are told alike (type, text, time) stands with the event, once.
 */
export interface BundleDocument {
  readonly _id: string;
  readonly endpointId: string;
  readonly countyAdcode: string | null;
  /** Of `createdAt`: the digits up to the tenth of a second. */
  readonly slice: string;
}

/** Deliveries that wait. */
export interface PendingDocument extends BundleDocument {
  /** One text for each delivery, see `delivery-items.ts`. */
  readonly items: readonly string[];
  /** No later than the first of them is due. */
  readonly nextAt: string;
  /** Of one that stands alone: what became of it so far, as text. */
  readonly alone?: string;
}

/** Deliveries that have ended. */
export interface EndedDocument extends BundleDocument {
  /** States and types that are, or were, among them. */
  readonly states: readonly DeliveryState[];
  readonly types: readonly string[];
  /** Of those that stand together: one text for each writing, see `delivery-items.ts`. The last word on an event holds. */
  readonly log?: readonly string[];
  /** Of one that stands alone: what became of it, as text. */
  readonly alone?: string;
}

let last = { at: '', slice: '' };

/** The slice of a time, UTC ISO 8601 with milliseconds. */
export function sliceOf(at: string): string {
  if (at !== last.at) {
    const day = at.slice(0, 4) + at.slice(5, 7) + at.slice(8, 10);
    last = { at, slice: day + at.slice(11, 13) + at.slice(14, 16) + at.slice(17, 19) + at.slice(20, 21) };
  }
  return last.slice;
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

/** True where a pending delivery stands among others: it was neither tried nor replayed yet. */
export function waitsAmongOthers({ attempts, replayedAt }: Pick<Delivery, 'attempts' | 'replayedAt'>): boolean {
  return attempts.length === 0 && replayedAt === undefined;
}

/** True where an ended delivery stands among others: it was tried once at most. */
export function endedAmongOthers({ attempts }: Pick<Delivery, 'attempts'>): boolean {
  return attempts.length <= 1;
}

/** The ids of an endpoint's bundles lie in this range. */
export function ofEndpoint(endpointId: string): { readonly $gte: string; readonly $lt: string } {
  // The slash comes right after the full stop.
  return { $gte: `${endpointId}.`, $lt: `${endpointId}/` };
}

const common = {
  _id: { type: String, required: true },
  endpointId: { type: String, required: true },
  countyAdcode: { type: String, default: null },
  slice: { type: String, required: true },
  alone: { type: String },
} as const;
const options = { strict: 'throw', minimize: false, versionKey: false, id: false } as const;

const pending = new Schema<PendingDocument>(
  { ...common, items: { type: [String], required: true }, nextAt: { type: String, required: true } },
  { ...options, collection: 'webhook_waiting' },
);
pending.index({ endpointId: 1, nextAt: 1 });
pending.index({ nextAt: 1 });
pending.index({ slice: -1, _id: -1 });

const ended = new Schema<EndedDocument>(
  {
    ...common,
    states: { type: [String], required: true },
    types: { type: [String], required: true },
    log: { type: [String], default: undefined },
  },
  { ...options, collection: 'webhook_ended' },
);
ended.index({ slice: -1, _id: -1 });
ended.index({ endpointId: 1, slice: -1, _id: -1 });
ended.index({ countyAdcode: 1, slice: -1, _id: -1 });

/** The models of both collections. */
export interface DeliveryModels {
  readonly pending: Model<PendingDocument>;
  readonly ended: Model<EndedDocument>;
}

/** The models of both collections on this connection. */
export function deliveryModels(connection: Connection): DeliveryModels {
  return {
    pending: connection.model<PendingDocument>('PendingDeliveries', pending),
    ended: connection.model<EndedDocument>('EndedDeliveries', ended),
  };
}
