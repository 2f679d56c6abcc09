import { type Connection, type Model, Schema } from 'mongoose';

/** Name of the collection of results. */
const RESULTS = 'results';

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
