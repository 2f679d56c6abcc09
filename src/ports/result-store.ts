import type { MatchResult } from '../domain/match.js';

/** Keeps match results under the unique key (need, version, profile, snapshot). Raises `storeUnavailable` when the store is away. */
export interface ResultStore {
  /** Stores the result under `resultIdOf(result)`; a second put of the same key changes nothing. */
  put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }>;
  get(id: string): Promise<MatchResult | null>;
  /**
   * The same result as JSON text in UTF-8, as it was put: for readers who hand it on. It begins with the properties
   * `needId` and `version`.
   */
  getJson(id: string): Promise<Uint8Array | null>;
}

/** The unique key of a result, as one string. */
export function resultIdOf(result: Pick<MatchResult, 'needId' | 'version' | 'profile' | 'snapshot'>): string {
  return `${result.needId}:${result.version}:${result.profile}:${result.snapshot}`;
}

/** A result as the JSON text that `getJson` gives: `needId` and `version` first, wherever they stood. */
export function resultJson(result: MatchResult): string {
  const { needId, version, ...rest } = result;
  return JSON.stringify({ needId, version, ...rest });
}
