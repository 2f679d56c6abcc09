import { AppError } from '../../domain/errors.js';
import type { MatchResult } from '../../domain/match.js';
import type { StoredNeed } from '../../domain/need.js';
import type { FactChange } from '../../domain/rematch.js';
import { compileNeed } from '../../matching/compile-need.js';
import type { MatchOptions } from '../../matching/match.js';
import {
  type Batch,
  type BatchAnswer,
  type BatchNeed,
  type Facts,
  matchForBatch,
  outcomeKey,
  SAME_FACTS,
} from '../../matching/match-batch.js';
import type { NeedIndex } from '../../matching/rematch/need-index.js';
import { outcomeOf } from '../../matching/rematch/outcome.js';
import { createWorkspace, type Workspace } from '../../matching/workspace.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import { type ResultStore, resultIdOf } from '../../ports/result-store.js';
import type { CurrentSnapshot } from '../current-snapshot.js';
import type { OwnHolds } from '../own-holds.js';
import type { NeedBook, OpenNeed } from './load-index.js';

/** Matches batches away from this event loop; `facts` are asked for where they are not there yet. */
export interface BatchRunner {
  match(batch: Batch, facts: () => Facts, signal?: AbortSignal): Promise<readonly BatchAnswer[]>;
}

/** Needs in one batch for a thread: about 50 ms of work. */
const BATCH = 4;
/** Reads of stored results side by side. */
const READS = 8;
/** Failures that end the wave: it is tried again. All others are of one need. */
const TRIED_AGAIN: ReadonlySet<string> = new Set(['storeUnavailable', 'queueUnavailable']);

/** What a wave is matched against. */
export interface WaveFacts {
  readonly current: CurrentSnapshot;
  readonly frameKey: string;
  /** The way from the facts before, for threads that have those. */
  readonly patch?: Batch['patch'];
  readonly index: NeedIndex;
  /** Counts the changes of facts in this frame. */
  readonly step: number;
  /** Rows of parks that changed after a step; null where that is long ago or they are many. */
  changedSince(step: number): readonly number[] | null;
}

export interface WaveDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly resultStore: Pick<ResultStore, 'get'>;
  readonly ownHolds: OwnHolds;
  readonly book: NeedBook;
  readonly batches: BatchRunner;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
  readonly options: MatchOptions;
  /** Stores a result whose outcome is another, and tells why; false where the need stands elsewhere by now. */
  settle(stored: StoredNeed, result: MatchResult, changes: readonly FactChange[]): Promise<boolean>;
  /** True while this process may write. */
  confirm(): Promise<boolean>;
}

/** What came of a wave. */
export interface WaveOutcome {
  /** Needs whose index and stored result are now those of the facts. The others are tried again. */
  readonly done: readonly string[];
  /** Those of them whose outcome was another. */
  readonly changed: number;
}

/** Runs `work` over the items, a few at a time. The first failure stops what has not begun and is raised. */
export async function sideBySide<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const line = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, line));
}

/** Matches needs anew and stores what changed. Doing it again changes nothing. */
export interface Waves {
  /** @throws AppError `storeUnavailable`; what was done until then stays done. */
  match(
    ids: readonly string[],
    facts: WaveFacts,
    why: (needId: string) => readonly FactChange[],
    signal?: AbortSignal,
  ): Promise<WaveOutcome>;
}

export function createWaves(deps: WaveDeps): Waves {
  const { needStore, resultStore, ownHolds, book, batches, clock, log, options } = deps;
  let work: Workspace = createWorkspace(0);

  /** The outcome that is stored; read where it was not made or read before. */
  async function known(need: OpenNeed, snapshotId: string): Promise<string | null> {
    if (need.key !== null) return need.key;
    const { resultId } = need;
    if (resultId.endsWith(`:${snapshotId}`)) return SAME_FACTS;
    const stored = await resultStore.get(resultId);
    if (stored !== null && need.resultId === resultId) need.key = outcomeKey(outcomeOf(stored));
    return need.key;
  }

  function earlier({ counted }: OpenNeed, facts: WaveFacts): BatchNeed['earlier'] {
    if (counted === null || counted.frameKey !== facts.frameKey) return null;
    const changed = facts.changedSince(counted.step);
    return changed === null ? null : { contenders: counted.contenders, changed };
  }

  async function asBatchNeed(need: OpenNeed, facts: WaveFacts): Promise<BatchNeed> {
    const { id: needId, version } = need;
    const { current } = facts;
    const own = { needId, version, need: need.need, text: book.textOf(need, current) };
    return { ...own, known: await known(need, current.snapshot.id), earlier: earlier(need, facts) };
  }

  /** Those that see other facts than all others: what is held for them is theirs. */
  function matchHere(view: CurrentSnapshot, need: BatchNeed): BatchAnswer {
    if (work.size !== view.snapshot.size) work = createWorkspace(view.snapshot.size);
    return matchForBatch(view.snapshot, need, { generatedAt: clock.now(), options }, work);
  }

  /** False where the need stands elsewhere: it is read again. */
  async function store(
    need: OpenNeed,
    result: MatchResult,
    key: string,
    changes: readonly FactChange[],
  ): Promise<boolean> {
    const stored = await needStore.get(need.id);
    if (stored === null) return false;
    if (stored.version !== need.version || stored.matching.resultId !== need.resultId) {
      book.take(stored);
      return false;
    }
    if (!(await deps.settle(stored, result, changes))) return false;
    need.resultId = resultIdOf(result);
    need.key = key;
    return true;
  }

  return {
    async match(ids, facts, why, signal) {
      const { current, frameKey, patch, index, step } = facts;
      const { snapshot } = current;
      const done: string[] = [];
      let changed = 0;

      /** One need that cannot be read or written must not hold up the others: it is left as it is. */
      async function orLeft(needId: string, run: () => Promise<void>): Promise<void> {
        try {
          await run();
        } catch (error) {
          if (!(error instanceof AppError) || TRIED_AGAIN.has(error.code)) throw error;
          log.error({ needId, code: error.code }, 'need left as it is');
          done.push(needId);
        }
      }

      const plain: BatchNeed[] = [];
      const own: { readonly view: CurrentSnapshot; readonly need: BatchNeed }[] = [];
      await sideBySide(ids, READS, async (id) => {
        const need = book.get(id);
        if (need === undefined) {
          index.remove(id);
          done.push(id);
          return;
        }
        await orLeft(id, async () => {
          const view = await ownHolds.viewFor(current, id);
          const asked = await asBatchNeed(need, facts);
          // What it sees alone is no step of the facts of all.
          if (view === current) plain.push(asked);
          else own.push({ view, need: { ...asked, earlier: null } });
        });
      });

      async function take(asked: BatchNeed, { matched, result }: BatchAnswer, pinned: boolean): Promise<void> {
        const need = book.get(asked.needId);
        if (need === undefined || need.version !== asked.version) return;
        if (matched === null) {
          log.warn({ needId: need.id, version: need.version }, 'need cannot be matched against these facts');
          done.push(need.id);
          return;
        }
        if (result !== null) {
          if (!(await store(need, result, matched.key, why(need.id)))) return;
          changed += 1;
        }
        need.key = matched.key;
        need.counted = pinned ? null : { contenders: matched.contenders, frameKey, step };
        if (!pinned) index.unpin(need.id);
        index.put(need.id, compileNeed(snapshot.frame, need.need, asked.text), matched.standing);
        if (pinned) index.pin(need.id);
        done.push(need.id);
      }

      const wholeFacts = (): Facts => ({
        reference: current.edition.data,
        today: snapshot.frame.today,
        parks: snapshot.parks,
      });
      const chunks = Array.from({ length: Math.ceil(plain.length / BATCH) }, (_, at) =>
        plain.slice(at * BATCH, (at + 1) * BATCH),
      );
      const name = { snapshotId: snapshot.id, frameKey };
      await Promise.all([
        ...chunks.map(async (needs) => {
          const batch: Batch = {
            facts: name,
            ...(patch === undefined ? {} : { patch }),
            needs,
            generatedAt: clock.now(),
            options,
          };
          const answers = await batches.match(batch, wholeFacts, signal);
          if (answers.some(({ result }) => result !== null) && !(await deps.confirm())) return;
          const byId = new Map(answers.map((answer) => [answer.needId, answer]));
          await sideBySide(needs, READS, async (need) => {
            const answer = byId.get(need.needId);
            if (answer !== undefined) await orLeft(need.needId, () => take(need, answer, false));
          });
        }),
        sideBySide(own, 1, async ({ view, need }) => {
          const answer = matchHere(view, need);
          if (answer.result !== null && !(await deps.confirm())) return;
          await orLeft(need.needId, () => take(need, answer, true));
          // Locks and leases are renewed in between.
          await clock.sleep(0);
        }),
      ]);
      return { done, changed };
    },
  };
}
