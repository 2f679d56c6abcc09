import { type Connection, type Model, Schema } from 'mongoose';
import type { ReferenceData } from '../domain/reference.js';

/** What reference data is made of. */
export const REFERENCE_KINDS = [
  'counties',
  'pairings',
  'chains',
  'industries',
  'presences',
  'accessRules',
  'policies',
  'quotaPrices',
  'standards',
  'profiles',
] as const satisfies readonly (keyof ReferenceData)[];

/** The one document that says which edition is in force. */
export interface ReferencePointerDocument {
  readonly _id: 'current';
  readonly edition: string;
  /** Editions that were in force before, oldest first, as far as their parts are still kept. */
  readonly earlier: readonly string[];
  /** How many parts each kind has. */
  readonly parts: Readonly<Record<string, number>>;
}

/** A part of one edition; never changed. */
export interface ReferencePartDocument {
  /** `edition:kind:part`. */
  readonly _id: string;
  readonly edition: string;
  /** Records as JSON, gzip. */
  readonly body: Buffer;
}

const pointerSchema = new Schema<ReferencePointerDocument>(
  {
    _id: { type: String, required: true },
    edition: { type: String, required: true },
    earlier: { type: [String], required: true },
    parts: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'referencePointers', strict: 'throw', minimize: false, versionKey: false, id: false },
);

const partSchema = new Schema<ReferencePartDocument>(
  {
    _id: { type: String, required: true },
    edition: { type: String, required: true },
    body: { type: Buffer, required: true },
  },
  { collection: 'referenceParts', strict: 'throw', minimize: false, versionKey: false, id: false },
);
partSchema.index({ edition: 1 });

/** The model of the pointer on this connection. */
export function referencePointerModel(connection: Connection): Model<ReferencePointerDocument> {
  return connection.model<ReferencePointerDocument>('ReferencePointer', pointerSchema);
}

/** The model of the parts on this connection. */
export function referencePartModel(connection: Connection): Model<ReferencePartDocument> {
  return connection.model<ReferencePartDocument>('ReferencePart', partSchema);
}

/** Reference data was checked when it was seeded and is immutable; here only that every kind is there. */
export function isReferenceData(records: object): records is ReferenceData {
  return REFERENCE_KINDS.every((kind) => kind in records);
}
