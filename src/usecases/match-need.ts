import type { MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import { outcomeText } from '../domain/outcome-text.js';
import { marginPointsOf } from '../domain/profile.js';
import type { TextNumbers } from '../matching/compile-need.js';
import type { Frame } from '../matching/frame.js';
import { prepareMatch } from '../matching/match.js';
import { madeOfOutline } from '../matching/rematch/made-result.js';
import { outlineOf } from '../matching/rematch/outline.js';
import { createWorkspace, type Workspace } from '../matching/workspace.js';
import type { Clock } from '../ports/clock.js';
import type { MatchQueue, ResultSignal } from '../ports/match-queue.js';
import type { NeedStore } from '../ports/need-store.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';
import type { TextAnalysis } from '../ports/text-analysis.js';
import type { SnapshotSource } from './current-snapshot.js';
import type { OwnHolds } from './own-holds.js';
import { readOutline, type SettleDeps, settleResult } from './rematch/settle-result.js';
import { finishMatch, matchOptions } from './robustness.js';

/** Likeness of a need's own words as the engine's numbers. The firm's name is no part of them. */
export function textNumbers(frame: Frame, text: TextAnalysis, need: Pick<Need, 'title' | 'description'>): TextNumbers {
  const likeness = text.likeness(`${need.title}\n${need.description}`);
  return {
    links: Float64Array.from(frame.graph.links, (link) => likeness.links.get(link.id) ?? 0),
    counties: Float64Array.from(frame.counties, (county) => likeness.counties.get(county.adcode) ?? 0),
  };
}

export interface MatchDeps extends SettleDeps {
  readonly needStore: NeedStore;
  readonly resultStore: SettleDeps['resultStore'];
  readonly resultSignal: ResultSignal;
  readonly snapshots: SnapshotSource;
  readonly ownHolds: OwnHolds;
  readonly clock: Clock;
  /** Counts the weightings of large matches; absent: all are counted in place. */
  readonly robustnessRunner?: RobustnessRunner;
  /** Facts older than this count as doubtful. */
  readonly staleAfterDays?: number;
}

/** Matches stored needs. Every step may be done again: results and pointers are keyed, so twice changes nothing. */
export interface Matcher {
  /** `superseded` where the need stands elsewhere by now, `missing` where there is no such need. */
  matchNeed(needId: string, version: number, signal?: AbortSignal): Promise<'done' | 'superseded' | 'missing'>;
  /** Points a need at a failure that trying again will not mend. */
  failNeed(needId: string, version: number, code: string): Promise<void>;
}

export function createMatcher(deps: MatchDeps): Matcher {
  let work: Workspace | null = null;
  const options = matchOptions(deps.staleAfterDays);

  return {
    async matchNeed(needId, version, signal) {
      const [stored, facts] = await Promise.all([deps.needStore.get(needId), deps.snapshots.current()]);
      if (stored === null) return 'missing';
      if (stored.version !== version) return 'superseded';
      if (stored.matching.status === 'ready') {
        // Done before, and perhaps ended before the readers were told. What has changed since is rematching's affair.
        await deps.resultSignal.announce(needId, version);
        return 'done';
      }
      const { snapshot, edition } = await deps.ownHolds.viewFor(facts, needId);
      signal?.throwIfAborted();
      const numbers = textNumbers(snapshot.frame, edition.text(), stored.need);
      if (work === null || work.size !== snapshot.size) work = createWorkspace(snapshot.size);
      const stamp = { needId, version, generatedAt: deps.clock.now() };
      const prepared = prepareMatch(snapshot, stored.need, numbers, stamp, work, options);
      const { previousResultId } = stored.matching;
      const result: MatchResult = await finishMatch(prepared, deps.robustnessRunner, signal);
      const stands = previousResultId === null ? null : await readOutline(deps, previousResultId);
      const previous = stands === null ? null : outcomeText(stands.outcome);
      const [outline, marginPoints] = [outlineOf(result), marginPointsOf(snapshot.frame.profile)];
      const before = { previous, announced: stored.matching.announced, marginPoints };
      const { settlement } = await settleResult(deps, {
        ...{ stored, previous, marginPoints },
        made: madeOfOutline(outline, outcomeText(outline.outcome), before),
        whole: result,
        // A new version of a need is itself what has changed.
        changes: version === 1 ? [] : [{ kind: 'need', parkId: null, fact: null, from: version - 1, to: version }],
      });
      return settlement === 'superseded' ? 'superseded' : 'done';
    },

    async failNeed(needId, version, code) {
      const settled = await deps.needStore.settle(needId, version, {
        status: 'failed',
        at: deps.clock.now(),
        failure: code,
      });
      if (settled) await deps.resultSignal.announce(needId, version);
    },
  };
}

/** Jobs left by one sweep at most. */
const SWEEP_LIMIT = 500;

/**
 * Leaves a job for every need that has been pending for `ageMs`: those whose first job was lost with the queue or
 * gave up in an outage. The attempt carries the second, so that a job that failed for good does not block it.
 * @returns how many jobs were left.
 */
export async function sweepPending(
  deps: { readonly needStore: NeedStore; readonly matchQueue: MatchQueue; readonly clock: Clock },
  ageMs: number,
): Promise<number> {
  const now = deps.clock.now();
  const before = new Date(Date.parse(now) - ageMs).toISOString();
  const pending = await deps.needStore.pending(before, SWEEP_LIMIT);
  let left = 0;
  for (const job of pending) {
    const queued = await deps.matchQueue.enqueue(job, `s${now.slice(0, 19).replace(/\D/g, '')}`);
    if (!queued) break;
    left += 1;
  }
  return left;
}
