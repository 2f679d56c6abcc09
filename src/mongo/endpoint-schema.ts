import { type Connection, type Model, Schema } from 'mongoose';
import type { WebhookEndpoint } from '../domain/webhook.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

export const WEBHOOK_ENDPOINTS = 'webhook_endpoints';

/** An endpoint as it stands in its collection. A removed one stays without keys and address, for its last change's sake. */
export interface EndpointDocument extends Omit<WebhookEndpoint, 'id'>, OutboxDocument {
  readonly removed: boolean;
}

const schema = new Schema<EndpointDocument>(
  {
    _id: { type: String, required: true },
    countyAdcode: { type: String, default: null },
    url: { type: String, default: '' },
    types: { type: [String], required: true },
    description: { type: String, default: '' },
    signature: { type: String, required: true, enum: ['v1', 'v1a'] },
    // Made by the service, never by a request; casting them again would only cost time.
    keys: { type: [Schema.Types.Mixed], required: true },
    state: { type: String, required: true, enum: ['active', 'paused', 'disabled'] },
    disabledReason: { type: String, default: null },
    failingSince: { type: String, default: null },
    createdBy: { type: String, required: true },
    createdAt: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    removed: { type: Boolean, required: true },
    outbox: OUTBOX_FIELD,
  },
  { collection: WEBHOOK_ENDPOINTS, strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ countyAdcode: 1, createdAt: -1, _id: -1 });

/** The model of the collection on this connection. */
export function endpointModel(connection: Connection): Model<EndpointDocument> {
  return connection.model<EndpointDocument>('WebhookEndpoint', schema);
}

/** The document of an endpoint. */
export function fromEndpoint({ id, ...rest }: WebhookEndpoint): Omit<EndpointDocument, 'outbox'> {
  return { _id: id, ...rest, removed: false };
}

/** Reads a document back. @throws AppError `internal` if it does not have the form of an endpoint. */
export function toEndpoint(document: EndpointDocument): WebhookEndpoint {
  const { _id, removed: _removed, outbox: _outbox, ...fields } = document;
  const whole =
    typeof fields.url === 'string' &&
    Array.isArray(fields.types) &&
    Array.isArray(fields.keys) &&
    fields.keys.every((key) => typeof key.sealed === 'string') &&
    typeof fields.createdAt === 'string' &&
    Number.isInteger(fields.version);
  if (!whole) throw malformed(WEBHOOK_ENDPOINTS, _id);
  return {
    id: _id,
    countyAdcode: fields.countyAdcode ?? null,
    url: fields.url,
    types: fields.types,
    description: fields.description,
    signature: fields.signature,
    keys: fields.keys,
    state: fields.state,
    disabledReason: fields.disabledReason ?? null,
    failingSince: fields.failingSince ?? null,
    createdBy: fields.createdBy,
    createdAt: fields.createdAt,
    version: fields.version,
  };
}
