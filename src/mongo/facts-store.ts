import type { Connection, Model } from 'mongoose';
import type { Park } from '../domain/park.js';
import type { ReferenceData } from '../domain/reference.js';
import type { FactsStore, OutlineNote, SnapshotFacts } from '../ports/facts-store.js';
import { packJson, unpackJson } from './compressed-json.js';
import { guarded, insertedNew, malformed } from './errors.js';
import {
  type FactEditionDocument,
  factsModels,
  nextInOrder,
  type OutlineNoteDocument,
  type SnapshotFactsDocument,
} from './facts-schema.js';
import { isReferenceData } from './reference-schema.js';

const isPark = (value: unknown): value is Park =>
  typeof value === 'object' && value !== null && 'id' in value && 'inventory' in value && 'capacity' in value;

const isParks = (value: unknown): value is readonly Park[] => Array.isArray(value) && value.every(isPark);

function toNote({ _id, snapshotId, resultIds }: OutlineNoteDocument): OutlineNote {
  const whole = typeof snapshotId === 'string' && Array.isArray(resultIds);
  if (!whole) throw malformed('outlineNotes', _id);
  return { id: _id, snapshotId, resultIds };
}

/** Facts of snapshots in MongoDB: everything is looked up by `_id`, and the collections stay small. */
export class MongoFactsStore implements FactsStore {
  readonly #editions: Model<FactEditionDocument>;
  readonly #facts: Model<SnapshotFactsDocument>;
  readonly #notes: Model<OutlineNoteDocument>;

  constructor(connection: Connection) {
    const { editions, facts, notes } = factsModels(connection);
    this.#editions = editions;
    this.#facts = facts;
    this.#notes = notes;
  }

  async putEdition(edition: string, data: ReferenceData): Promise<void> {
    await guarded(async () => {
      // Packing it costs much more than seeing that it is there.
      const known = await this.#editions.updateOne({ _id: edition }, { $set: { order: nextInOrder() } });
      if (known.matchedCount === 1) return;
      const body = await packJson(JSON.stringify(data));
      await insertedNew(() => this.#editions.create({ _id: edition, order: nextInOrder(), body }));
    });
  }

  async edition(edition: string): Promise<ReferenceData | null> {
    return guarded(async () => {
      const document = await this.#editions.findById(edition).lean();
      if (document === null) return null;
      const data = await unpackJson(document.body);
      if (typeof data !== 'object' || data === null || !isReferenceData(data)) throw malformed('factEditions', edition);
      return data;
    });
  }

  async putFacts({ snapshotId, edition, today, parks }: SnapshotFacts, base?: SnapshotFacts | null): Promise<void> {
    const known = base ?? null;
    await guarded(async () => {
      const written = known === null ? parks : parks.filter((park, row) => known.parks[row] !== park);
      const body = await packJson(JSON.stringify(written));
      const fields = { edition, today, base: known?.snapshotId ?? null, body };
      await insertedNew(() => this.#facts.create({ _id: snapshotId, ...fields }));
    });
  }

  async facts(snapshotId: string): Promise<SnapshotFacts | null> {
    return guarded(async () => {
      const document = await this.#facts.findById(snapshotId).lean();
      if (document === null) return null;
      const { edition, today, base } = document;
      const whole = typeof edition === 'string' && typeof today === 'string';
      if (!whole) throw malformed('snapshotFacts', snapshotId);
      const written = await this.#parks(document);
      if ((base ?? null) === null) return { snapshotId, edition, today, parks: written };
      const under = await this.#facts.findById(base).lean();
      // Gone together with these, in between.
      if (under === null) return null;
      const own = new Map(written.map((park) => [park.id, park]));
      return { snapshotId, edition, today, parks: (await this.#parks(under)).map((park) => own.get(park.id) ?? park) };
    });
  }

  async #parks({ _id, body }: SnapshotFactsDocument): Promise<readonly Park[]> {
    const parks = await unpackJson(body);
    if (!isParks(parks)) throw malformed('snapshotFacts', _id);
    return parks;
  }

  async note({ id, snapshotId, resultIds }: OutlineNote): Promise<void> {
    await guarded(() =>
      insertedNew(() => this.#notes.create({ _id: id, order: nextInOrder(), snapshotId, resultIds: [...resultIds] })),
    );
  }

  async notes(limit: number): Promise<readonly OutlineNote[]> {
    return guarded(async () => {
      const documents = await this.#notes.find({}).sort({ order: 1 }).limit(limit).lean();
      return documents.map(toNote);
    });
  }

  async settled(noteId: string): Promise<void> {
    await guarded(() => this.#notes.deleteOne({ _id: noteId }));
  }

  async tidy(keep: readonly string[]): Promise<number> {
    return guarded(async () => {
      // Facts first, notes after: facts that come meanwhile are not looked at.
      const facts = await this.#facts.find({}, { base: 1 }).lean();
      const noted = await this.#notes.find({}, { snapshotId: 1 }).lean();
      const kept = new Set([...keep, ...noted.map(({ snapshotId }) => snapshotId)]);
      // A base has no base.
      for (const { base } of facts.filter(({ _id }) => kept.has(_id))) kept.add(base ?? '');
      const needless = facts.filter(({ _id }) => !kept.has(_id)).map(({ _id }) => _id);
      if (needless.length > 0) await this.#facts.deleteMany({ _id: { $in: needless } });
      return needless.length + (await this.#tidyEditions());
    });
  }

  async #tidyEditions(): Promise<number> {
    const editions = await this.#editions.find({}, { order: 1 }).sort({ order: -1 }).lean();
    if (editions.length < 2) return 0;
    const facts = await this.#facts.find({}, { edition: 1 }).lean();
    const named = new Set(facts.map(({ edition }) => edition));
    const needless = editions.slice(1).filter(({ _id }) => !named.has(_id));
    for (const { _id, order } of needless) await this.#editions.deleteOne({ _id, order });
    return needless.length;
  }
}
