import type { Caller } from '../domain/access.js';
import { AppError } from '../domain/errors.js';
import type { MatchResult } from '../domain/match.js';
import type { Clock } from '../ports/clock.js';
import type { ResultSignal } from '../ports/match-queue.js';
import type { NeedStore } from '../ports/need-store.js';
import type { ResultStore } from '../ports/result-store.js';
import type { MatchView } from './use-cases.js';
import { visibleNeed } from './visible-need.js';

export interface ReadDeps {
  readonly needStore: NeedStore;
  readonly resultStore: Pick<ResultStore, 'get' | 'getJson'>;
  readonly resultSignal: ResultSignal;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** Where a need stands: the id of its result once there is one. */
type Standing =
  | Exclude<MatchView, { readonly status: 'ready' }>
  | { readonly status: 'ready'; readonly resultId: string };

async function look(deps: ReadDeps, caller: Caller, id: string): Promise<Standing> {
  const { version, matching } = await visibleNeed(deps.needStore, caller, id);
  if (matching.status === 'failed') {
    return { needId: id, version, status: 'failed', failure: matching.failure ?? 'internal' };
  }
  if (matching.status === 'pending' || matching.resultId === null) return { needId: id, version, status: 'pending' };
  return { status: 'ready', resultId: matching.resultId };
}

/** The body of a settled need: its status and the result. */
export function readyView(result: MatchResult): MatchView {
  const { needId, version, ...rest } = result;
  return { status: 'ready', needId, version, ...rest };
}

/** The JSON text of `readyView`, made of the JSON text of the result. */
function readyJson(result: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode('{"status":"ready",');
  const brace = 1;
  const text = new Uint8Array(head.length + result.length - brace);
  text.set(head);
  text.set(result.subarray(brace), head.length);
  return text;
}

function found<T>(result: T | null): T {
  if (result === null) throw new AppError('internal', { params: { what: 'result' } });
  return result;
}

/** See `UseCases.readMatches`. */
export async function readMatches(
  deps: ReadDeps,
  caller: Caller,
  id: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<MatchView> {
  const standing = await settled(deps, caller, id, waitMs, signal);
  if (standing.status !== 'ready') return standing;
  return readyView(found(await deps.resultStore.get(standing.resultId)));
}

/** See `UseCases.readMatchesJson`. */
export async function readMatchesJson(
  deps: ReadDeps,
  caller: Caller,
  id: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const standing = await settled(deps, caller, id, waitMs, signal);
  if (standing.status !== 'ready') return new TextEncoder().encode(JSON.stringify(standing));
  return readyJson(found(await deps.resultStore.getJson(standing.resultId)));
}

/** A waiting reader is told by the signal and looks again by itself when the time is over. */
async function settled(
  deps: ReadDeps,
  caller: Caller,
  id: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<Standing> {
  const until = deps.clock.monotonicMs() + waitMs;
  for (;;) {
    const left = until - deps.clock.monotonicMs();
    // Listening begins before looking: what is announced in between is not missed.
    const stop = new AbortController();
    const told = left > 0 ? deps.resultSignal.wait(id, left, anyOf(signal, stop.signal)) : null;
    try {
      const standing = await look(deps, caller, id);
      if (standing.status !== 'pending' || told === null || signal?.aborted === true) return standing;
      await told;
    } finally {
      stop.abort();
    }
  }
}

function anyOf(outer: AbortSignal | undefined, inner: AbortSignal): AbortSignal {
  return outer === undefined ? inner : AbortSignal.any([outer, inner]);
}
