import { gunzipSync } from 'node:zlib';
import type { MatchResult } from '../domain/match.js';
import type { ResultOutline } from '../domain/rematch.js';
import { type PackedResult, type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';

const unpack = ({ body }: PackedResult): MatchResult => JSON.parse(gunzipSync(body).toString('utf8'));

/** Keeps results in this process. */
export class MemoryResultStore implements ResultStore {
  readonly #results = new Map<string, MatchResult>();
  readonly #outlines = new Map<string, ResultOutline>();

  async put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    const id = resultIdOf(result);
    if (this.#results.has(id)) return { id, stored: false };
    this.#results.set(id, structuredClone(result));
    return { id, stored: true };
  }

  async putPacked(packed: PackedResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    return this.put(unpack(packed));
  }

  async putOutlines(outlines: readonly ResultOutline[]): Promise<void> {
    for (const outline of outlines) {
      const id = resultIdOf(outline);
      if (this.#results.has(id) || this.#outlines.has(id)) continue;
      this.#outlines.set(id, structuredClone(outline));
    }
  }

  async complete(result: MatchResult): Promise<void> {
    const id = resultIdOf(result);
    if (this.#outlines.has(id) && !this.#results.has(id)) this.#results.set(id, structuredClone(result));
  }

  async completePacked(packed: PackedResult): Promise<void> {
    await this.complete(unpack(packed));
  }

  async get(id: string): Promise<MatchResult | null> {
    return structuredClone(this.#results.get(id) ?? null);
  }

  async getJson(id: string): Promise<Uint8Array | null> {
    const result = this.#results.get(id);
    return result === undefined ? null : new TextEncoder().encode(resultJson(result));
  }

  async outline(id: string): Promise<ResultOutline | null> {
    return structuredClone(this.#outlines.get(id) ?? null);
  }
}
