import type { Connection, Model } from 'mongoose';
import type { Change } from '../domain/change.js';
import { type Scheme, schemeRef } from '../domain/scheme.js';
import type { SchemeStore } from '../ports/scheme-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { MongoOutbox, outboxOf } from './outbox.js';
import { fromScheme, type SchemeDocument, schemeModel, toScheme } from './scheme-schema.js';

/** Schemes in MongoDB: a document for each version. */
export class MongoSchemeStore implements SchemeStore {
  readonly #model: Model<SchemeDocument>;

  constructor(connection: Connection) {
    this.#model = schemeModel(connection);
  }

  async insert(scheme: Scheme, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      try {
        await this.#model.create({ ...fromScheme(scheme), ...outboxOf(changes) });
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    });
  }

  async get(ref: string): Promise<Scheme | null> {
    return guarded(async () => {
      const document = await this.#model.findById(ref).lean();
      return document === null ? null : toScheme(document);
    });
  }

  async all(): Promise<readonly Scheme[]> {
    return guarded(async () => {
      // Not by `_id`: as text, version 10 would come before version 2.
      const documents = await this.#model.find().sort({ schemeId: 1, version: 1 }).lean();
      return documents.map(toScheme);
    });
  }
}

/** The outboxes of schemes: a change names the scheme and its version, the document is that of the version. */
export function mongoSchemeOutbox(connection: Connection): MongoOutbox {
  return new MongoOutbox(connection, 'schemes', ({ object }) => schemeRef(object));
}
