import type { Connection, Model } from 'mongoose';
import type { MatchResult } from '../domain/match.js';
import { type PackedResult, packedResult, type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';
import { packJson, unpackJson, unpackText } from './compressed-json.js';
import { guarded, insertedNew, malformed } from './errors.js';
import { inCommands } from './in-commands.js';
import { type ResultDocument, resultModel } from './result-schema.js';

/** Enough of a result's text to see whose it is. */
const HEAD_BYTES = 200;

/** Results that are written in one command, bytes: 128 small ones, about 100 of the usual size. */
const WRITTEN_AT_ONCE = 8 * 2 ** 20;
/** What a result counts for beside its body. */
const OWN_WEIGHT = 2 ** 16;

const isResult = (value: unknown): value is MatchResult =>
  typeof value === 'object' &&
  value !== null &&
  'needId' in value &&
  'ranked' in value &&
  Array.isArray(value.ranked) &&
  'excluded' in value &&
  Array.isArray(value.excluded);

async function packed(result: MatchResult): Promise<PackedResult> {
  return packedResult(result, await packJson(resultJson(result)));
}

/** The same bytes, as the driver takes them. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const weightOf = ({ body }: PackedResult): number => OWN_WEIGHT + body.byteLength;

function documentOf({ id, needId, version, generatedAt, top, body }: PackedResult): ResultDocument {
  return { _id: id, needId, version, generatedAt, top, body: asBuffer(body) };
}

/** Results in MongoDB: the first body stored under a key stands. */
export class MongoResultStore implements ResultStore {
  readonly #model: Model<ResultDocument>;

  constructor(connection: Connection) {
    this.#model = resultModel(connection);
  }

  async put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    return guarded(async () => this.putPacked(await packed(result)));
  }

  async putPacked(result: PackedResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    return guarded(async () => ({ id: result.id, stored: await this.#insert([result]) }));
  }

  async putPackedMany(results: readonly PackedResult[]): Promise<void> {
    return guarded(async () => {
      for (const piece of inCommands(results, WRITTEN_AT_ONCE, weightOf)) await this.#insert(piece);
    });
  }

  async get(id: string): Promise<MatchResult | null> {
    return guarded(async () => {
      const body = await this.#body(id);
      if (body === null) return null;
      const result = await unpackJson(body);
      if (!isResult(result) || resultIdOf(result) !== id) throw malformed('results', id);
      return result;
    });
  }

  async getJson(id: string): Promise<Uint8Array | null> {
    return guarded(async () => {
      const body = await this.#body(id);
      if (body === null) return null;
      const text = await unpackText(body);
      const needId = id.slice(0, id.indexOf(':'));
      if (!text.subarray(0, HEAD_BYTES).toString('latin1').startsWith(`{"needId":"${needId}","version":`)) {
        throw malformed('results', id);
      }
      return text;
    });
  }

  /** False where the key of any of them was taken. */
  #insert(results: readonly PackedResult[]): Promise<boolean> {
    // As the driver sends them: they are made here, and a document of mongoose for each would cost more than storing.
    const documents = results.map(documentOf);
    return insertedNew(() => this.#model.collection.insertMany(documents as never, { ordered: false }));
  }

  async #body(id: string): Promise<Buffer | null> {
    return (await this.#model.findById(id, { body: 1 }).lean())?.body ?? null;
  }
}
