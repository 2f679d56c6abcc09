import { type Connection, type Model, Schema } from 'mongoose';

/** Name of the collection of results. */
export const RESULTS = 'results';

/** Name of the collection of outlines. */
export const RESULT_OUTLINES = 'resultOutlines';

/** A result as it stands in the collection `results`: written once, whole. */
export interface ResultDocument {
  /** `resultIdOf(result)`. */
  readonly _id: string;
  readonly needId: string;
  readonly version: number;
  readonly generatedAt: string;
  /** The first parks, for queries over results; the body holds them all. */
  readonly top: readonly { readonly parkId: string; readonly score: number }[];
  /** The whole result as JSON, gzip. */
  readonly body: Buffer;
}

/**
 * The outline of a result that was not whole at first, as it stands in the collection `resultOutlines`: written once.
 * Apart from the bodies, which are ten times as long: what lies beside a document is written with it.
 */
export interface ResultOutlineDocument {
  /** `resultIdOf(result)`. */
  readonly _id: string;
  /** `outlineText`. */
  readonly text: string;
}

const schema = new Schema<ResultDocument>(
  {
    _id: { type: String, required: true },
    needId: { type: String, required: true },
    version: { type: Number, required: true, min: 1 },
    generatedAt: { type: String, required: true },
    top: { type: Schema.Types.Mixed, required: true },
    body: { type: Buffer, required: true },
  },
  { collection: RESULTS, strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ needId: 1, version: 1 });
schema.index({ 'top.parkId': 1 });

/** The model of the collection on this connection. */
export function resultModel(connection: Connection): Model<ResultDocument> {
  return connection.model<ResultDocument>('Result', schema);
}

const outlineSchema = new Schema<ResultOutlineDocument>(
  {
    _id: { type: String, required: true },
    text: { type: String, required: true },
  },
  { collection: RESULT_OUTLINES, strict: 'throw', minimize: false, versionKey: false, id: false },
);

/** The model of the collection of outlines. */
export function resultOutlineModel(connection: Connection): Model<ResultOutlineDocument> {
  return connection.model<ResultOutlineDocument>('ResultOutline', outlineSchema);
}
