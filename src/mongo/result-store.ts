import type { Collection, Connection, Model } from 'mongoose';
import type { MatchResult } from '../domain/match.js';
import type { ResultOutline } from '../domain/rematch.js';
import { outlineText, readOutlineText } from '../ports/outline-text.js';
import { type PackedResult, packedResult, type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';
import { packJson, unpackJson, unpackText } from './compressed-json.js';
import { guarded, insertedNew, isDuplicateKey, malformed } from './errors.js';
import {
  RESULT_OUTLINES,
  type ResultDocument,
  type ResultOutlineDocument,
  resultModel,
  resultOutlineModel,
} from './result-schema.js';

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

function fromOutline(outline: ResultOutline): ResultOutlineDocument {
  return { _id: resultIdOf(outline), text: outlineText(outline) };
}

/** Results in MongoDB: the first body stored under a key stands. */
export class MongoResultStore implements ResultStore {
  readonly #model: Model<ResultDocument>;
  readonly #outlines: Model<ResultOutlineDocument>;
  readonly #plainOutlines: Collection<ResultOutlineDocument>;

  constructor(connection: Connection) {
    this.#model = resultModel(connection);
    this.#outlines = resultOutlineModel(connection);
    this.#plainOutlines = connection.collection<ResultOutlineDocument>(RESULT_OUTLINES);
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

  async putOutlines(outlines: readonly ResultOutline[]): Promise<void> {
    if (outlines.length === 0) return;
    // Plain documents straight to the driver: hundreds come at once, and casting them would cost more than storing.
    const documents = outlines.map(fromOutline);
    await guarded(() => insertedNew(() => this.#plainOutlines.insertMany(documents, { ordered: false })));
  }

  async complete(result: MatchResult): Promise<void> {
    await guarded(async () => this.completePacked(await packed(result)));
  }

  async completePacked(result: PackedResult): Promise<void> {
    const outlined = await guarded(() => this.#outlines.exists({ _id: result.id }));
    if (outlined !== null) await this.putPacked(result);
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

  async outline(id: string): Promise<ResultOutline | null> {
    return guarded(async () => {
      const text = (await this.#outlines.findById(id).lean())?.text;
      if (text === undefined) return null;
      const outline = readOutlineText(text);
      if (outline === null || resultIdOf(outline) !== id) throw malformed('results', id);
      return outline;
    });
  }

  async #body(id: string): Promise<Buffer | null> {
    return (await this.#model.findById(id, { body: 1 }).lean())?.body ?? null;
  }
}
