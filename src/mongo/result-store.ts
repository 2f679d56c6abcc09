import type { Connection, Model } from 'mongoose';
import type { MatchResult } from '../domain/match.js';
import { type PackedResult, packedResult, type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';
import { packJson, unpackJson, unpackText } from './compressed-json.js';
import { guarded, isDuplicateKey, malformed } from './errors.js';
import { type ResultDocument, resultModel } from './result-schema.js';

/** Enough of a result's text to see whose it is. */
const HEAD_BYTES = 200;

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
    const { id, needId, version, generatedAt, top, body } = result;
    return guarded(async () => {
      try {
        await this.#model.create({ _id: id, needId, version, generatedAt, top, body: asBuffer(body) });
        return { id, stored: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return { id, stored: false };
      }
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

  async #body(id: string): Promise<Buffer | null> {
    return (await this.#model.findById(id, { body: 1 }).lean())?.body ?? null;
  }
}
