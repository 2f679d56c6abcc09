import type { MatchResult } from '../domain/match.js';
import type { ResultOutline } from '../domain/rematch.js';

/** How many parks of a result can be queried without unpacking it. */
const TOP = 20;

/** A result as it is kept: its text and packing may be made in another thread. */
export interface PackedResult {
  /** `resultIdOf(result)`. */
  readonly id: string;
  readonly needId: string;
  readonly version: number;
  readonly generatedAt: string;
  /** The first parks, for queries over results. */
  readonly top: readonly { readonly parkId: string; readonly score: number }[];
  /** `resultJson(result)` in UTF-8 as gzip. */
  readonly body: Uint8Array;
}

/**
 * Keeps match results under the unique key (need, version, profile, snapshot): whole, or at first their outlines only.
 * Raises `storeUnavailable` when the store is away.
 */
export interface ResultStore {
  /**
   * Stores the result under `resultIdOf(result)`, whether its outline is there or not; a second put of the same key
   * changes nothing: `stored` is false then.
   */
  put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }>;
  /** The same with a result that was packed elsewhere. */
  putPacked(packed: PackedResult): Promise<{ readonly id: string; readonly stored: boolean }>;
  /**
   * Stores outlines, many at once; what is there under the same key stays. That of a result which is whole is of no
   * account, and need not be kept.
   */
  putOutlines(outlines: readonly ResultOutline[]): Promise<void>;
  /** Makes an outline whole; changes nothing where the whole result is there, or nothing is. */
  complete(result: MatchResult): Promise<void>;
  /** The same with a result that was packed elsewhere. */
  completePacked(packed: PackedResult): Promise<void>;
  /** The whole result; null where there is none, or only its outline. */
  get(id: string): Promise<MatchResult | null>;
  /**
   * The same result as JSON text in UTF-8, as it was put: for readers who hand it on. It begins with the properties
   * `needId` and `version`.
   */
  getJson(id: string): Promise<Uint8Array | null>;
  /** The outline that was put, also of a result that was made whole since. */
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

/** Puts a packed result together. @param body `resultJson(result)` in UTF-8 as gzip. */
export function packedResult(result: MatchResult, body: Uint8Array): PackedResult {
  const { needId, version, generatedAt, ranked } = result;
  const top = ranked.slice(0, TOP).map(({ park, score }) => ({ parkId: park.id, score }));
  return { id: resultIdOf(result), needId, version, generatedAt, top, body };
}
