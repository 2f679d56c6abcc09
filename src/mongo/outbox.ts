import { type Connection, type Model, Schema } from 'mongoose';
import type { Change } from '../domain/change.js';
import type { Outbox } from '../ports/outbox.js';
import { guarded } from './errors.js';

/** What a document that has an outbox holds besides the object itself. */
export interface OutboxDocument {
  readonly _id: string;
  readonly outbox?: readonly Change[];
}

/** The field for the definition of such a collection's schema: `outbox: OUTBOX_FIELD`. */
export const OUTBOX_FIELD = { type: [Schema.Types.Mixed], default: undefined };

/** The part of an update that writes the changes; empty where there are none. Spread it beside `$set`. */
export function outboxPush(changes: readonly Change[]): {
  readonly $push?: { readonly outbox: { readonly $each: Change[] } };
} {
  return changes.length === 0 ? {} : { $push: { outbox: { $each: [...changes] } } };
}

/** The part of a new document that writes the changes; empty where there are none. */
export function outboxOf(changes: readonly Change[]): { readonly outbox?: readonly Change[] } {
  return changes.length === 0 ? {} : { outbox: [...changes] };
}

const schema = new Schema<OutboxDocument>(
  { _id: { type: String, required: true }, outbox: OUTBOX_FIELD },
  { strict: 'throw', minimize: false, versionKey: false, id: false },
);
schema.index({ 'outbox.id': 1 }, { sparse: true });

/** The outboxes of one collection's documents. Declares the index the sweep looks in. */
export class MongoOutbox implements Outbox {
  readonly #model: Model<OutboxDocument>;
  readonly #documentIdOf: (change: Change) => string;

  /** `documentIdOf` gives the id of the document a change stands in, where that is not the changed object. */
  constructor(
    connection: Connection,
    collection: string,
    documentIdOf: (change: Change) => string = ({ object }) => object.id,
  ) {
    this.#model = connection.model<OutboxDocument>(`Outbox of ${collection}`, schema, collection);
    this.#documentIdOf = documentIdOf;
  }

  async of(objectIds: readonly string[]): Promise<readonly Change[]> {
    if (objectIds.length === 0) return [];
    return guarded(async () => {
      const documents = await this.#model.find({ _id: { $in: [...objectIds] } }, { outbox: 1 }).lean();
      return documents.flatMap(({ outbox }) => outbox ?? []);
    });
  }

  async waiting(limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      // Not `outbox.0`: a sparse index on the changes' ids answers this one.
      const documents = await this.#model
        .find({ 'outbox.id': { $gt: '' } }, { _id: 1 })
        .limit(limit)
        .lean();
      return documents.map(({ _id }) => _id);
    });
  }

  async remove(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const byDocument = new Map<string, string[]>();
    for (const change of changes) {
      const documentId = this.#documentIdOf(change);
      const ids = byDocument.get(documentId);
      if (ids === undefined) byDocument.set(documentId, [change.id]);
      else ids.push(change.id);
    }
    const operations = [...byDocument].map(([_id, ids]) => ({
      updateOne: { filter: { _id }, update: { $pull: { outbox: { id: { $in: ids } } } } },
    }));
    // As the driver sends them: they are made here, and casting hundreds of them would cost as much as writing.
    await guarded(() => this.#model.collection.bulkWrite(operations as never, { ordered: false }));
  }
}
