import { AppError } from '../domain/errors.js';
import type { MatchResult } from '../domain/match.js';
import type { Clock } from '../ports/clock.js';
import type { ResultSignal } from '../ports/match-queue.js';
import type { NeedStore } from '../ports/need-store.js';
import type { ResultStore } from '../ports/result-store.js';
import type { MatchView } from './use-cases.js';

export interface ReadDeps {
  readonly needStore: NeedStore;
  readonly resultStore: ResultStore;
  readonly resultSignal: ResultSignal;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

async function look(deps: ReadDeps, id: string): Promise<MatchView> {
  const stored = await deps.needStore.get(id);
  if (stored === null) throw new AppError('notFound', { params: { what: 'need' } });
  const { version, matching } = stored;
  if (matching.status === 'failed') {
    return { needId: id, version, status: 'failed', failure: matching.failure ?? 'internal' };
  }
  if (matching.status === 'pending' || matching.resultId === null) return { needId: id, version, status: 'pending' };
  const result = await deps.resultStore.get(matching.resultId);
  if (result === null) throw new AppError('internal', { params: { what: 'result' } });
  return readyView(result);
}

/** The body of a settled need: the result with its status. */
export function readyView(result: MatchResult): MatchView {
  const { needId, version, ...rest } = result;
  return { needId, version, status: 'ready', ...rest };
}

/** See `UseCases.readMatches`. A waiting reader is told by the signal and looks again by itself when the time is over. */
export async function readMatches(
  deps: ReadDeps,
  id: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<MatchView> {
  const until = deps.clock.monotonicMs() + waitMs;
  for (;;) {
    const left = until - deps.clock.monotonicMs();
    // Listening begins before looking: what is announced in between is not missed.
    const stop = new AbortController();
    const told = left > 0 ? deps.resultSignal.wait(id, left, anyOf(signal, stop.signal)) : null;
    try {
      const view = await look(deps, id);
      if (view.status !== 'pending' || told === null || signal?.aborted === true) return view;
      await told;
    } finally {
      stop.abort();
    }
  }
}

function anyOf(outer: AbortSignal | undefined, inner: AbortSignal): AbortSignal {
  return outer === undefined ? inner : AbortSignal.any([outer, inner]);
}
