import { isDeepStrictEqual } from 'node:util';
import type { Connection, Model } from 'mongoose';
import { AppError } from '../domain/errors.js';
import type { Park, ParkInventory } from '../domain/park.js';
import type { ParkStore } from '../ports/park-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { fromPark, type ParkDocument, parkModel, toPark } from './park-schema.js';

/** How often a seed that people overtook looks again before it gives up. */
const SEED_TRIES = 5;

/** Parks in MongoDB. A park and its inventory are one document, changed by one conditional update. */
export class MongoParkStore implements ParkStore {
  readonly #model: Model<ParkDocument>;

  constructor(connection: Connection) {
    this.#model = parkModel(connection);
  }

  async all(): Promise<readonly Park[]> {
    return guarded(async () => {
      const documents = await this.#model.find().sort({ _id: 1 }).lean();
      return documents.map(toPark);
    });
  }

  async get(id: string): Promise<Park | null> {
    return guarded(async () => {
      const document = await this.#model.findById(id).lean();
      return document === null ? null : toPark(document);
    });
  }

  async versions(): ReturnType<ParkStore['versions']> {
    return guarded(async () => {
      const documents = await this.#model.find({}, { version: 1 }).sort({ _id: 1 }).lean();
      return documents.map(({ _id, version }) => ({ id: _id, version }));
    });
  }

  async updateInventory(
    id: string,
    expectedVersion: number,
    inventory: ParkInventory,
  ): ReturnType<ParkStore['updateInventory']> {
    return guarded(async () => {
      const changed = await this.#model
        .findOneAndUpdate(
          { _id: id, version: expectedVersion },
          { $set: { inventory, edited: true, version: expectedVersion + 1 } },
          { returnDocument: 'after' },
        )
        .lean();
      if (changed !== null) return { outcome: 'replaced', park: toPark(changed) };
      const current = await this.#model.findById(id, { version: 1 }).lean();
      return current === null ? { outcome: 'missing' } : { outcome: 'stale', currentVersion: current.version };
    });
  }

  async seed(parks: readonly Park[]): ReturnType<ParkStore['seed']> {
    return guarded(async () => {
      const there = new Map((await this.#model.find().lean()).map((document) => [document._id, document]));
      const counts = { added: 0, updated: 0, kept: 0 };
      for (const park of parks) counts[await this.#seedOne(park, there.get(park.id) ?? null)] += 1;
      return counts;
    });
  }

  async #seedOne(seeded: Park, seen: ParkDocument | null): Promise<'added' | 'updated' | 'kept'> {
    let current = seen;
    for (let tries = 0; tries < SEED_TRIES; tries += 1) {
      if (current === null) {
        try {
          await this.#model.create(fromPark({ ...seeded, version: 1 }, false));
          return 'added';
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
        }
      } else {
        const park = toPark(current);
        const next = {
          ...seeded,
          inventory: current.edited ? park.inventory : seeded.inventory,
          version: park.version,
        };
        if (isDeepStrictEqual(next, park)) return 'kept';
        const { _id, ...fields } = fromPark({ ...next, version: park.version + 1 }, current.edited);
        const changed = await this.#model.updateOne({ _id, version: park.version }, { $set: fields });
        if (changed.matchedCount === 1) return current.edited ? 'kept' : 'updated';
      }
      current = await this.#model.findById(seeded.id).lean();
    }
    throw new AppError('versionConflict', { params: { park: seeded.id } });
  }
}
