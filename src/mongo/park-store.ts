import { isDeepStrictEqual } from 'node:util';
import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Change } from '../domain/change.js';
import { AppError } from '../domain/errors.js';
import type { ParkCapacity } from '../domain/hold.js';
import type { Park, ParkInventory } from '../domain/park.js';
import type { ParkStore } from '../ports/park-store.js';
import { guarded, isDuplicateKey } from './errors.js';
import { outboxPush } from './outbox.js';
import { fromPark, type ParkDocument, parkModel, toPark } from './park-schema.js';
import { ParkStates } from './park-states.js';

/** How often a seed that people overtook looks again before it gives up. */
const SEED_TRIES = 5;

/** What a change of a park rests on. */
type Expected = Parameters<ParkStore['updateCapacity']>[1];

/** The park with both versions. In a document written before there were holds the capacity is absent: version 0. */
function withVersions(id: string, { version, capacityVersion }: Expected): QueryFilter<ParkDocument> {
  return { _id: id, version, 'capacity.version': capacityVersion === 0 ? { $in: [0, null] } : capacityVersion };
}

/** Parks in MongoDB. A park, its inventory and its holds are one document, changed by one conditional update. */
export class MongoParkStore implements ParkStore {
  readonly #model: Model<ParkDocument>;
  readonly #states: ParkStates;

  constructor(connection: Connection) {
    this.#model = parkModel(connection);
    this.#states = new ParkStates(this.#model);
  }

  async all(): Promise<readonly Park[]> {
    return guarded(async () => {
      const documents = await this.#model.find({}, { outbox: 0 }).sort({ _id: 1 }).lean();
      return documents.map(toPark);
    });
  }

  async get(id: string): Promise<Park | null> {
    return guarded(async () => {
      const document = await this.#model.findById(id, { outbox: 0 }).lean();
      return document === null ? null : toPark(document);
    });
  }

  async parkOfHold(holdId: string): Promise<string | null> {
    return guarded(async () => {
      const document = await this.#model
        .findOne({ $or: [{ 'capacity.holds.id': holdId }, { 'capacity.waitlist.holdId': holdId }] }, { _id: 1 })
        .lean();
      return document?._id ?? null;
    });
  }

  async versions(): ReturnType<ParkStore['versions']> {
    return guarded(() => this.#states.read());
  }

  async updateInventory(
    id: string,
    expected: Expected,
    inventory: ParkInventory,
    changes: readonly Change[],
  ): ReturnType<ParkStore['updateInventory']> {
    return guarded(async () => {
      const changed = await this.#model
        .findOneAndUpdate(
          withVersions(id, expected),
          { $set: { inventory, edited: true, version: expected.version + 1 }, ...outboxPush(changes) },
          { returnDocument: 'after', projection: { outbox: 0 } },
        )
        .lean();
      if (changed !== null) return { outcome: 'replaced', park: toPark(changed) };
      const current = await this.#model.findById(id, { version: 1, 'capacity.version': 1 }).lean();
      if (current === null) return { outcome: 'missing' };
      const { version, capacity } = current;
      return { outcome: 'stale', currentVersion: version, currentCapacityVersion: capacity?.version ?? 0 };
    });
  }

  async updateCapacity(
    id: string,
    expected: Expected,
    capacity: ParkCapacity,
    changes: readonly Change[],
  ): ReturnType<ParkStore['updateCapacity']> {
    return guarded(async () => {
      const changed = await this.#model
        .findOneAndUpdate(
          withVersions(id, expected),
          { $set: { capacity }, ...outboxPush(changes) },
          { returnDocument: 'after', projection: { outbox: 0 } },
        )
        .lean();
      if (changed !== null) return { outcome: 'replaced', park: toPark(changed) };
      return { outcome: (await this.#model.exists({ _id: id })) === null ? 'missing' : 'stale' };
    });
  }

  async withHoldsDue(until: string, limit: number): Promise<readonly string[]> {
    return guarded(async () => {
      const documents = await this.#model
        .find(
          { $or: [{ 'capacity.holds.until': { $lte: until } }, { 'capacity.waitlist.holdId': { $gt: '' } }] },
          { _id: 1 },
        )
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      return documents.map(({ _id }) => _id);
    });
  }

  async tellStale(id: string, version: number, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      const told = await this.#model.updateOne(
        { _id: id, version, staleToldVersion: { $ne: version } },
        { $set: { staleToldVersion: version }, ...outboxPush(changes) },
      );
      return told.matchedCount === 1;
    });
  }

  async seed(parks: readonly Park[]): ReturnType<ParkStore['seed']> {
    return guarded(async () => {
      const there = new Map(
        (await this.#model.find({}, { outbox: 0 }).lean()).map((document) => [document._id, document]),
      );
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
        // What leads were promised rests on the inventory there: only people may change it, who see what is held.
        const kept = current.edited || park.capacity.holds.length > 0;
        const next = {
          ...seeded,
          inventory: kept ? park.inventory : seeded.inventory,
          version: park.version,
          capacity: park.capacity,
        };
        if (isDeepStrictEqual(next, park)) return 'kept';
        const { _id, ...fields } = fromPark({ ...next, version: park.version + 1 }, current.edited);
        const expected = { version: park.version, capacityVersion: park.capacity.version };
        const changed = await this.#model.updateOne(withVersions(_id, expected), { $set: fields });
        if (changed.matchedCount === 1) return kept ? 'kept' : 'updated';
      }
      current = await this.#model.findById(seeded.id, { outbox: 0 }).lean();
    }
    throw new AppError('versionConflict', { params: { park: seeded.id } });
  }
}
