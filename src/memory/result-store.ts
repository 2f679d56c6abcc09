import { gunzipSync } from 'node:zlib';
import type { MatchResult } from '../domain/match.js';
import { type PackedResult, type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';

const unpack = ({ body }: PackedResult): MatchResult => JSON.parse(gunzipSync(body).toString('utf8'));

/** Keeps whole results in this process. */
export class MemoryResultStore implements ResultStore {
  readonly #results = new Map<string, MatchResult>();

  async put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    const id = resultIdOf(result);
    if (this.#results.has(id)) return { id, stored: false };
    this.#results.set(id, structuredClone(result));
    return { id, stored: true };
  }

  async putPacked(packed: PackedResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    return this.put(unpack(packed));
  }

  async putPackedMany(results: readonly PackedResult[]): Promise<void> {
    for (const packed of results) await this.putPacked(packed);
  }

  async get(id: string): Promise<MatchResult | null> {
    return structuredClone(this.#results.get(id) ?? null);
  }

  async getJson(id: string): Promise<Uint8Array | null> {
    const result = this.#results.get(id);
    return result === undefined ? null : new TextEncoder().encode(resultJson(result));
  }
}
