import type { Connection, Model } from 'mongoose';
import { AppError } from '../domain/errors.js';
import type { ReferenceData } from '../domain/reference.js';
import type { ReferenceStore } from '../ports/reference-store.js';
import { packJson, unpackJson } from './compressed-json.js';
import { guarded, isDuplicateKey, malformed } from './errors.js';
import {
  isReferenceData,
  REFERENCE_KINDS,
  type ReferencePartDocument,
  type ReferencePointerDocument,
  referencePartModel,
  referencePointerModel,
} from './reference-schema.js';

/** Characters of JSON in one part; with three bytes for each, still under 4 MB. */
const PART_CHARACTERS = 1_300_000;

/** How often a reader or a publisher that was overtaken begins again. */
const TRIES = 5;

const partId = (edition: string, kind: string, part: number): string => `${edition}:${kind}:${part}`;

/** Cuts records into JSON arrays of bounded size. Always gives at least one, so that an empty kind is told from a lost one. */
function cut(records: readonly unknown[]): readonly string[] {
  const parts: string[] = [];
  let lines: string[] = [];
  let size = 0;
  for (const record of records) {
    const line = JSON.stringify(record);
    if (lines.length > 0 && size + line.length > PART_CHARACTERS) {
      parts.push(`[${lines.join(',')}]`);
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += line.length + 1;
  }
  parts.push(`[${lines.join(',')}]`);
  return parts;
}

/**
 * Reference data in MongoDB. The parts of an edition are written first and never change; one pointer document, changed
 * last by one conditional update, puts the edition in force. The edition before stays for readers who are still at it.
 */
export class MongoReferenceStore implements ReferenceStore {
  readonly #pointers: Model<ReferencePointerDocument>;
  readonly #parts: Model<ReferencePartDocument>;

  constructor(connection: Connection) {
    this.#pointers = referencePointerModel(connection);
    this.#parts = referencePartModel(connection);
  }

  async edition(): Promise<string | null> {
    return guarded(async () => (await this.#pointer())?.edition ?? null);
  }

  async load(): ReturnType<ReferenceStore['load']> {
    return guarded(async () => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const pointer = await this.#pointer();
        if (pointer === null) return null;
        const data = await this.#read(pointer);
        if (data !== null) return { edition: pointer.edition, data };
      }
      throw malformed('referenceParts', 'current');
    });
  }

  async publish(edition: string, data: ReferenceData): Promise<{ readonly changed: boolean }> {
    return guarded(async () => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const before = await this.#pointer();
        if (before?.edition === edition) {
          // Mends an edition that lost parts; writes nothing else.
          await this.#write(edition, data);
          return { changed: false };
        }
        const parts = await this.#write(edition, data);
        const earlier = before === null ? [] : [...before.earlier.filter((name) => name !== edition), before.edition];
        if (await this.#switch(before, { _id: 'current', edition, earlier, parts })) {
          await this.#prune(edition, earlier);
          // A publisher of another edition may have pruned this one while it was being written.
          await this.#write(edition, data);
          return { changed: true };
        }
      }
      throw new AppError('versionConflict', { params: { edition } });
    });
  }

  async #pointer(): Promise<ReferencePointerDocument | null> {
    return this.#pointers.findById('current').lean();
  }

  async #switch(before: ReferencePointerDocument | null, next: ReferencePointerDocument): Promise<boolean> {
    if (before !== null) {
      const { _id, ...fields } = next;
      const changed = await this.#pointers.updateOne({ _id, edition: before.edition }, { $set: fields });
      return changed.matchedCount === 1;
    }
    try {
      await this.#pointers.create(next);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }

  /** Writes the parts that are missing; hands back how many each kind has. */
  async #write(edition: string, data: ReferenceData): Promise<Record<string, number>> {
    const there = new Set((await this.#parts.find({ edition }, { _id: 1 }).lean()).map(({ _id }) => _id));
    const counts: Record<string, number> = {};
    for (const kind of REFERENCE_KINDS) {
      const texts = cut(data[kind]);
      counts[kind] = texts.length;
      for (const [part, text] of texts.entries()) {
        const _id = partId(edition, kind, part);
        if (there.has(_id)) continue;
        try {
          await this.#parts.create({ _id, edition, body: await packJson(text) });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
        }
      }
    }
    return counts;
  }

  /** Gives null where parts are missing: the edition was replaced twice while it was read. */
  async #read(pointer: ReferencePointerDocument): Promise<ReferenceData | null> {
    const ids = REFERENCE_KINDS.flatMap((kind) =>
      Array.from({ length: pointer.parts[kind] ?? 0 }, (_, part) => partId(pointer.edition, kind, part)),
    );
    const documents = await this.#parts.find({ _id: { $in: ids } }, { body: 1 }).lean();
    if (documents.length !== ids.length) return null;
    const bodies = new Map(documents.map(({ _id, body }) => [_id, body]));
    const records: Record<string, unknown[]> = {};
    for (const kind of REFERENCE_KINDS) {
      const all: unknown[] = [];
      for (let part = 0; part < (pointer.parts[kind] ?? 0); part += 1) {
        const id = partId(pointer.edition, kind, part);
        const body = bodies.get(id);
        const values = body === undefined ? null : await unpackJson(body);
        if (!Array.isArray(values)) throw malformed('referenceParts', id);
        for (const value of values) all.push(value);
      }
      records[kind] = all;
    }
    if (!isReferenceData(records)) throw malformed('referenceParts', pointer.edition);
    return records;
  }

  /** Removes editions that were in force, save the one just before. */
  async #prune(edition: string, earlier: readonly string[]): Promise<void> {
    const old = earlier.slice(0, -1);
    if (old.length === 0) return;
    await this.#parts.deleteMany({ edition: { $in: old } });
    await this.#pointers.updateOne({ _id: 'current', edition }, { $set: { earlier: earlier.slice(-1) } });
  }
}
