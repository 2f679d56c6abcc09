import { type Connection, type Model, Schema } from 'mongoose';
import { type Scheme, schemeRef } from '../domain/scheme.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD, type OutboxDocument } from './outbox.js';

/** A version of a scheme as it stands in the collection `schemes`: written once, never changed. `_id` is `id@version`. */
export interface SchemeDocument extends Omit<Scheme, 'id'>, OutboxDocument {
  readonly schemeId: string;
}

const schema = new Schema<SchemeDocument>(
  {
    _id: { type: String, required: true },
    schemeId: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    title: { type: String, required: true },
    from: { type: String, required: true },
    rules: { type: Schema.Types.Mixed, required: true },
    publishedAt: { type: String, required: true },
    publishedBy: { type: String, required: true },
    outbox: OUTBOX_FIELD,
  },
  { collection: 'schemes', strict: 'throw', minimize: false, versionKey: false, id: false },
);

/** The model of the collection on this connection. */
export function schemeModel(connection: Connection): Model<SchemeDocument> {
  return connection.model<SchemeDocument>('Scheme', schema);
}

/** The document of a scheme's version, without its outbox. */
export function fromScheme(scheme: Scheme): SchemeDocument {
  const { id, ...rest } = scheme;
  return { _id: schemeRef(scheme), schemeId: id, ...rest };
}

/**
 * Reads a document back.
 * @throws AppError `internal` if it does not have the form of a scheme.
 */
export function toScheme(document: SchemeDocument): Scheme {
  const { _id, schemeId, outbox: _outbox, ...scheme } = document;
  const whole =
    typeof schemeId === 'string' &&
    Number.isInteger(scheme.version) &&
    typeof scheme.from === 'string' &&
    typeof scheme.rules === 'object' &&
    scheme.rules !== null;
  if (!whole) throw malformed('schemes', _id);
  return { id: schemeId, ...scheme };
}
