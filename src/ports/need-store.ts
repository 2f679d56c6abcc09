import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { StoredNeed } from '../domain/need.js';
import type { Announced } from '../domain/rematch.js';

export interface Page<T> {
  readonly items: readonly T[];
  /** Hand back to get the next page; null at the end. */
  readonly nextCursor: string | null;
}

/** A need that has been matched: where it points from now on, and what is told of it. */
export interface ReadyNeed {
  readonly status: 'ready';
  /** When. */
  readonly at: string;
  readonly resultId: string;
  /** Where it must still point, if given. */
  readonly from?: string | null;
  readonly announced: Announced | null;
  readonly sequence: number;
  /** Entries of its history with this result. */
  readonly steps?: number;
  readonly changes: readonly Change[];
}

/** Where a need stands, and since when. */
export interface TouchedNeed extends Pick<StoredNeed, 'id' | 'version'> {
  readonly matching: Pick<StoredNeed['matching'], 'status' | 'resultId'>;
  readonly touchedAt: string;
}

/** Keeps needs. Each method is one atomic change of one document. Raises `storeUnavailable` when the store is away. */
export interface NeedStore {
  /** Stores a need whose id is free; hands back the need that is there if it is not. */
  insert(
    need: StoredNeed,
    changes: readonly Change[],
  ): Promise<{ readonly inserted: true } | { readonly inserted: false; readonly existing: StoredNeed }>;
  get(id: string): Promise<StoredNeed | null>;
  /**
   * Replaces the need if it still has `expectedVersion` and, where `from` is given, its matching still stands there: else
   * it is `stale`, with the version it has. What was announced and counted so far is thus never undone.
   */
  replace(
    need: StoredNeed,
    expectedVersion: number,
    changes: readonly Change[],
    from?: Pick<StoredNeed['matching'], 'resultId' | 'sequence'>,
  ): Promise<
    | { readonly outcome: 'replaced' }
    | { readonly outcome: 'missing' }
    | { readonly outcome: 'stale'; readonly currentVersion: number }
  >;
  /**
   * Newest first, ordered by (createdAt, id); `cursor` is what an earlier page gave. `countyAdcode`: only needs of firms
   * in that county; null for all.
   */
  list(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<StoredNeed>>;
  /**
   * Points the need at a result, or at a failure, if it still has `version` and, where `from` is given, still points at
   * that result, which becomes the previous one. With a result comes what was announced of it, and the changes that tell
   * so. `at` is when. Doing it twice changes nothing. False where the need stands elsewhere.
   */
  settle(
    id: string,
    version: number,
    outcome: ReadyNeed | { readonly status: 'failed'; readonly at: string; readonly failure: string },
  ): Promise<boolean>;
  /** `settle` of many needs, each on its own; what it gives for each, in their order. */
  settleMany(
    needs: readonly { readonly id: string; readonly version: number; readonly outcome: ReadyNeed }[],
  ): Promise<readonly boolean[]>;
  /** Needs with a result, by id, from the one after `afterId` on; of one county where one is given. */
  settled(countyAdcode: Adcode | null, afterId: string | null, limit: number): Promise<readonly StoredNeed[]>;
  /**
   * Needs changed or settled since `since` (ISO time, included) with the moment of it, oldest first: what an index has to
   * catch up with. The moments are of the clocks of the processes that wrote: look back further than those may differ.
   */
  changedSince(since: string, limit: number): Promise<readonly TouchedNeed[]>;
  /** Ids and versions of needs that are pending since before `before` (ISO time), oldest first. */
  pending(before: string, limit: number): Promise<readonly { readonly needId: string; readonly version: number }[]>;
}
