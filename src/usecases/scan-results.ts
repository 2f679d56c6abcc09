import type { MatchResult } from '../domain/match.js';
import type { StoredNeed } from '../domain/need.js';
import type { Clock } from '../ports/clock.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { Ids } from '../ports/ids.js';
import type { NeedStore } from '../ports/need-store.js';
import type { ResultStore } from '../ports/result-store.js';

/** Needs one request looks at, at most and where it does not say. */
export const SCAN_MAX = 500;
export const SCAN_DEFAULT = 100;

const PAGE = 50;
/** Results fetched side by side: enough to hide the store's delay, few enough to unpack without a pause. */
const AT_ONCE = 4;
/** After so long the event loop gets its turn. */
const TURN_MS = 8;
/** After so long a request answers with what it has seen. */
const PATIENCE_MS = 5_000;

export interface ScanDeps {
  readonly needStore: Pick<NeedStore, 'list'>;
  readonly resultStore: Pick<ResultStore, 'get'>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly ids: Pick<Ids, 'digest'>;
}

/** How far a scan came. */
export interface ScanEnd {
  /** Needs looked at, newest first. */
  readonly scanned: number;
  /** Of these, needs that have no result (pending or failed). */
  readonly unsettled: number;
  /** True if older needs were not looked at. */
  readonly truncated: boolean;
  /** Hand back to look at those; null at the end. */
  readonly nextCursor: string | null;
}

/** Stands for a need in a cursor: whoever gets it may not see the need, so it does not hold its id. */
function markOf(ids: Pick<Ids, 'digest'>, { id }: Pick<StoredNeed, 'id'>): string {
  return ids.digest(`scan:${id}`).slice(0, 24);
}

/** Comes after every id, so that a list begins with all needs of one moment. */
const AFTER_EVERY_ID = '~';

/** Where a scan begins again: the list's cursor, and which needs of its first moment were looked at before. */
function resume(ids: Pick<Ids, 'digest'>, cursor: string | null) {
  if (cursor === null) return { from: null, isNew: () => true };
  const { createdAt, id: mark } = decodeCursor(cursor);
  let passed = false;
  return {
    from: encodeCursor({ createdAt, id: AFTER_EVERY_ID }),
    isNew(stored: StoredNeed): boolean {
      if (passed || stored.createdAt !== createdAt) return true;
      passed = markOf(ids, stored) === mark;
      return false;
    },
  };
}

/**
 * Looks at the current results of open needs, newest first, at most `limit` of them and for at most PATIENCE_MS.
 * Needs stored meanwhile are not seen, none is seen twice. Between a few needs the event loop gets its turn.
 * @throws AppError `invalidInput` for a bad cursor, `storeUnavailable`.
 */
export async function scanResults(
  deps: ScanDeps,
  cursor: string | null,
  limit: number,
  look: (result: MatchResult, stored: StoredNeed) => void,
): Promise<ScanEnd> {
  const { needStore, resultStore, clock, ids } = deps;
  const until = clock.monotonicMs() + PATIENCE_MS;
  let turnEnds = clock.monotonicMs() + TURN_MS;
  const { isNew, from: first } = resume(ids, cursor);
  let from: string | null = first;
  let last: StoredNeed | undefined;
  let scanned = 0;
  let unsettled = 0;
  const end = (more: boolean): ScanEnd => ({
    scanned,
    unsettled,
    truncated: more,
    nextCursor: more && last !== undefined ? encodeCursor({ createdAt: last.createdAt, id: markOf(ids, last) }) : null,
  });
  while (scanned < limit) {
    const page = await needStore.list(null, from, Math.min(PAGE, limit - scanned));
    const items = page.items.filter(isNew);
    for (let at = 0; at < items.length; at += AT_ONCE) {
      const needs = items.slice(at, at + AT_ONCE);
      const results = await Promise.all(
        needs.map(({ matching }) =>
          matching.status === 'ready' && matching.resultId !== null ? resultStore.get(matching.resultId) : null,
        ),
      );
      for (const [index, stored] of needs.entries()) {
        const result = results[index] ?? null;
        if (result === null) unsettled += 1;
        else look(result, stored);
      }
      scanned += needs.length;
      last = needs.at(-1);
      const more = at + AT_ONCE < items.length || page.nextCursor !== null;
      if (more && clock.monotonicMs() >= until) return end(true);
      if (clock.monotonicMs() >= turnEnds) {
        await clock.sleep(0);
        turnEnds = clock.monotonicMs() + TURN_MS;
      }
    }
    from = page.nextCursor;
    if (from === null) break;
  }
  return end(from !== null);
}
