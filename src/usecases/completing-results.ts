import { AppError } from '../domain/errors.js';
import type { MatchResult } from '../domain/match.js';
import type { ResultOutline } from '../domain/rematch.js';
import { prepareMatch } from '../matching/match.js';
import { sameOutcome } from '../matching/rematch/outcome.js';
import { outlineOf } from '../matching/rematch/outline.js';
import { createWorkspace, type Workspace } from '../matching/workspace.js';
import type { HistoryStore } from '../ports/history-store.js';
import type { Log } from '../ports/log.js';
import type { NeedStore } from '../ports/need-store.js';
import { type ResultStore, resultIdOf, resultJson } from '../ports/result-store.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';
import { createFactsSnapshots, type FactsSnapshotsDeps, type PastSnapshot } from './facts-snapshots.js';
import { textNumbers } from './match-need.js';
import { finishMatch, matchOptions } from './robustness.js';

export interface CompletingDeps extends FactsSnapshotsDeps {
  /** Where whole results are, and outlines. */
  readonly resultStore: ResultStore;
  readonly historyStore: Pick<HistoryStore, 'outline'>;
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly log: Log;
  /** Counts the weightings of large matches; absent: all are counted in place. */
  readonly robustnessRunner?: RobustnessRunner;
  /** Facts older than this count as doubtful; the same in all processes. */
  readonly staleAfterDays?: number;
}

/** True if two outlines tell the same, down to the scores. */
function sameOutline(a: ResultOutline, b: ResultOutline): boolean {
  return (
    resultIdOf(a) === resultIdOf(b) &&
    sameOutcome(a.outcome, b.outcome) &&
    a.scores.length === b.scores.length &&
    a.scores.every((score, at) => score === b.scores[at])
  );
}

/**
 * Results as readers want them: whole. An outline is made whole when it is read, from the facts of its snapshot, and
 * stored; what comes of it is to the bit what matching would have given then. All else is done by the store within.
 * Reading an outline raises AppError `internal` where its facts or its need are lost, `storeUnavailable` where the store
 * is away.
 */
export function createCompletingResults(deps: CompletingDeps): ResultStore {
  const { resultStore, historyStore, needStore, log, robustnessRunner } = deps;
  const snapshots = createFactsSnapshots(deps);
  const options = matchOptions(deps.staleAfterDays);
  /** One at a time for each result; whoever comes meanwhile waits for it. */
  const completing = new Map<string, Promise<MatchResult | null>>();
  let work: Workspace = createWorkspace(0);

  async function computed(outline: ResultOutline, { snapshot, text }: PastSnapshot): Promise<MatchResult> {
    const { needId, version, generatedAt } = outline;
    const stored = await needStore.get(needId);
    const need = stored?.history.find((one) => one.version === version)?.need;
    if (need === undefined) throw new AppError('internal', { params: { what: 'need' } });
    const numbers = textNumbers(snapshot.frame, text(), need);
    if (work.size !== snapshot.size) work = createWorkspace(snapshot.size);
    const prepared = prepareMatch(snapshot, need, numbers, { needId, version, generatedAt }, work, options);
    return finishMatch(prepared, robustnessRunner);
  }

  /** Null where there is no such result at all. */
  async function complete(id: string): Promise<MatchResult | null> {
    const outline = await historyStore.outline(id);
    if (outline === null) return resultStore.get(id);
    const past = await snapshots.of(outline.snapshot);
    if (past === null) {
      // The facts go once all results are whole: somebody may have been faster.
      const whole = await resultStore.get(id);
      if (whole === null) throw new AppError('internal', { params: { what: 'facts' } });
      return whole;
    }
    const result = await computed(outline, past);
    if (!sameOutline(outlineOf(result), outline)) {
      // Made by another version of the program. Reasons must fit together, so this one is stored and shown.
      const { needId, version, snapshot } = outline;
      log.error({ needId, version, snapshot }, 'outline is not that of the whole result');
    }
    await resultStore.put(result);
    return result;
  }

  function whole(id: string): Promise<MatchResult | null> {
    const running = completing.get(id);
    if (running !== undefined) return running;
    const started = complete(id).finally(() => completing.delete(id));
    completing.set(id, started);
    return started;
  }

  return {
    put: (result) => resultStore.put(result),
    putPacked: (packed) => resultStore.putPacked(packed),
    putPackedMany: (results) => resultStore.putPackedMany(results),
    get: async (id) => (await resultStore.get(id)) ?? (await whole(id)),
    async getJson(id) {
      const text = await resultStore.getJson(id);
      if (text !== null) return text;
      const result = await whole(id);
      return result === null ? null : new TextEncoder().encode(resultJson(result));
    },
  };
}
