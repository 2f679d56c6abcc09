import type { MatchResult } from '../domain/match.js';
import type { ResultOutline } from '../domain/rematch.js';

/**
 * Keeps match results under the unique key (need, version, profile, snapshot): whole, or at first their outlines only.
 * Raises `storeUnavailable` when the store is away.
 */
export interface ResultStore {
  /** Stores the result under `resultIdOf(result)`; a second put of the same key changes nothing. */
  put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }>;
  /** Stores outlines, many at once; what is there under the same key, whole or outline, stays. */
  putOutlines(outlines: readonly ResultOutline[]): Promise<void>;
  /** Makes an outline whole; changes nothing where the whole result is there, or nothing is. */
  complete(result: MatchResult): Promise<void>;
  /** The whole result; null where there is none, or only its outline. */
  get(id: string): Promise<MatchResult | null>;
  /**
   * The same result as JSON text in UTF-8, as it was put: for readers who hand it on. It begins with the properties
   * `needId` and `version`.
   */
  getJson(id: string): Promise<Uint8Array | null>;
  /** The outline that was put, also of a result that was made whole since; null of one that was put whole. */
  outline(id: string): Promise<ResultOutline | null>;
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
