import mongoose, { type Connection, type Model, Schema, type Types } from 'mongoose';

/** An edition as it stands in the collection `factEditions`. */
export interface FactEditionDocument {
  /** Name of the edition. */
  readonly _id: string;
  /** Grows from put to put: the greatest is the newest. */
  readonly order: Types.ObjectId;
  /** The reference data as JSON, gzip. */
  readonly body: Buffer;
}

/** The facts of a snapshot as they stand in the collection `snapshotFacts`; never changed. */
export interface SnapshotFactsDocument {
  /** Name of the snapshot. */
  readonly _id: string;
  readonly edition: string;
  readonly today: string;
  /** Snapshot whose parks stand where `body` has none; null: `body` has all. */
  readonly base: string | null;
  /** Parks as JSON, gzip. */
  readonly body: Buffer;
}

/** A note as it stands in the collection `outlineNotes`; never changed. */
export interface OutlineNoteDocument {
  readonly _id: string;
  /** Grows from note to note. */
  readonly order: Types.ObjectId;
  readonly snapshotId: string;
  readonly resultIds: readonly string[];
}

const plain = { strict: 'throw', minimize: false, versionKey: false, id: false } as const;
const id = { type: String, required: true } as const;

const editionSchema = new Schema<FactEditionDocument>(
  {
    _id: id,
    order: { type: Schema.Types.ObjectId, required: true },
    body: { type: Buffer, required: true },
  },
  { collection: 'factEditions', ...plain },
);

const factsSchema = new Schema<SnapshotFactsDocument>(
  {
    _id: id,
    edition: { type: String, required: true },
    today: { type: String, required: true },
    base: { type: String, default: null },
    body: { type: Buffer, required: true },
  },
  { collection: 'snapshotFacts', ...plain },
);

const noteSchema = new Schema<OutlineNoteDocument>(
  {
    _id: id,
    order: { type: Schema.Types.ObjectId, required: true },
    snapshotId: { type: String, required: true },
    resultIds: { type: [String], required: true },
  },
  { collection: 'outlineNotes', ...plain },
);

/** The models of the three collections on this connection. */
export function factsModels(connection: Connection): {
  readonly editions: Model<FactEditionDocument>;
  readonly facts: Model<SnapshotFactsDocument>;
  readonly notes: Model<OutlineNoteDocument>;
} {
  return {
    editions: connection.model<FactEditionDocument>('FactEdition', editionSchema),
    facts: connection.model<SnapshotFactsDocument>('SnapshotFacts', factsSchema),
    notes: connection.model<OutlineNoteDocument>('OutlineNote', noteSchema),
  };
}

/** The next in an order that grows within this process, and between processes with their clocks' seconds. */
export function nextInOrder(): Types.ObjectId {
  return new mongoose.Types.ObjectId();
}
