import type { MatchResult } from '../domain/match.js';

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
 * Keeps whole match results under the unique key (need, version, profile, snapshot). Outlines stand in the history of
 * their needs. Raises `storeUnavailable` when the store is away.
 */
export interface ResultStore {
  /** Stores the result under `resultIdOf(result)`; a second put of the same key changes nothing: `stored` is false then. */
  put(result: MatchResult): Promise<{ readonly id: string; readonly stored: boolean }>;
  /** The same with a result that was packed elsewhere. */
  putPacked(packed: PackedResult): Promise<{ readonly id: string; readonly stored: boolean }>;
  /** `putPacked` of many results. Where it fails, some of them may be stored; done again, the same comes of it. */
  putPackedMany(results: readonly PackedResult[]): Promise<void>;
  /** Null where there is none. */
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

/** Id of the need a result's id names. */
export function needOfResult(resultId: string): string {
  return resultId.slice(0, Math.max(0, resultId.indexOf(':')));
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
