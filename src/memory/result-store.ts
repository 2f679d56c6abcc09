import type { MatchResult } from '../domain/match.js';
import { type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';

/** Keeps results in this process. */
export class MemoryResultStore implements ResultStore {
  readonly #results = new Map<string, MatchResult>();

  async put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }> {
    const id = resultIdOf(result);
    const stored = !this.#results.has(id);
    if (stored) this.#results.set(id, structuredClone(result));
    return { id, stored };
  }

  async get(id: string): Promise<MatchResult | null> {
    return structuredClone(this.#results.get(id) ?? null);
  }

  async getJson(id: string): Promise<Uint8Array | null> {
    const result = this.#results.get(id);
    return result === undefined ? null : new TextEncoder().encode(resultJson(result));
  }
}
