import type { FactChange } from '../../domain/rematch.js';
import { MATCH_DEFAULTS } from '../../matching/match.js';
import { factChanges } from '../../matching/rematch/fact-changes.js';
import type { Clock } from '../../ports/clock.js';
import type { RematchRunStore } from '../../ports/history-store.js';
import type { Ids } from '../../ports/ids.js';
import type { LeadStore } from '../../ports/lead-store.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { CurrentSnapshot, SnapshotSource } from '../current-snapshot.js';
import type { OwnHolds } from '../own-holds.js';
import { matchOptions } from '../robustness.js';
import { createDirtyNeeds } from './dirty-needs.js';
import { createSteps } from './fact-steps.js';
import { createFiller, type FillerDeps } from './fill-outlines.js';
import { frameKeyOf } from './frame-key.js';
import { createRunDesk, waitingRun } from './full-run.js';
import { createNeedBook } from './load-index.js';
import { createWaves, type WaveDeps, type WaveNeeds } from './match-wave.js';
import { changedRows, dayChange, frameChanges } from './snapshot-changes.js';
import { type WaveFacts, wholeFacts } from './wave-facts.js';

/** Needs matched whole between two looks where nothing else is said: more than the time is enough for. */
const WAVE = 512;
/** Labels weighed in one piece: 10 to 20 ms of work of a thread. */
const LABELS = 192;
/** Results are made whole once facts have not changed for so long, ms. */
const QUIET_MS = 300;
/** Outlines of so many needs are made between two looks. */
const OUTLINES = 1_024;
/**
 * After so long a wave takes no more needs: where answers are touched, and where nothing presses. A change that is heard
 * of ends it at once.
 */
const PRESSING_MS = 300;
const WAVE_MS = 2_000;
/** The facts, the needs and the runs are looked at this often while there is work. */
const LOOK_EVERY_MS = 1_000;
/** Needs are caught up with this often, and sooner where facts have changed: those that came meanwhile saw the old ones. */
const CATCH_UP_EVERY_MS = 3_000;
const CATCH_UP_BEHIND_MS = 1_000;

export interface RematcherDeps
  extends Omit<WaveDeps, 'book' | 'options' | 'needStore' | 'resultStore' | 'beforeOutlines'>,
    Pick<FillerDeps, 'factsStore' | 'complete'> {
  readonly needStore: Pick<NeedStore, 'get' | 'settled' | 'changedSince'>;
  readonly resultStore: WaveDeps['resultStore'] & FillerDeps['resultStore'];
  readonly leadStore: Pick<LeadStore, 'signedNeeds'>;
  readonly runStore: RematchRunStore;
  readonly snapshots: SnapshotSource;
  readonly ownHolds: OwnHolds;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'idFor' | 'digest' | 'newId'>;
  readonly log: Log;
  /** Facts older than this count as doubtful. */
  readonly staleAfterDays?: number;
  /** Needs matched whole between two looks at the facts, at most; a quarter of them is left to a run while changes come. */
  readonly waveSize?: number;
}

/** Keeps stored answers true: matches needs anew whose answer a change of facts can touch, and all of them in runs. */
export interface Rematcher {
  /** The facts, or runs, are looked at in the next turn. */
  look(): void;
  /**
   * One turn of work: a look where one is due, and a wave of needs. True where there is more to do at once. A turn that
   * raised is done again by the next one.
   * @throws AppError `storeUnavailable`; whatever the signal aborts with.
   */
  turn(signal: AbortSignal): Promise<boolean>;
  /** After a turn that gave false: how long until something is due that no look is asked for, ms. */
  restMs(): number;
  status(): RematcherStatus;
}

/** How far the rematcher is. */
export interface RematcherStatus {
  /** Open needs it knows. */
  readonly needs: number;
  /** The facts it holds them against; null before the first look. */
  readonly snapshotId: string | null;
  /** Needs a change may have touched that are not matched again yet. */
  readonly touched: number;
  /** Those, and the ones that are only looked at again. */
  readonly waiting: number;
  /** Results that are stored as outlines and not whole yet. */
  readonly outlines: number;
}

/** The facts all needs are held against. */
type At = WaveFacts;

export function createRematcher(deps: RematcherDeps): Rematcher {
  const { snapshots, runStore, shards, clock, ids, log, waveSize: largest = WAVE } = deps;
  const book = createNeedBook(deps);
  const options = matchOptions(deps.staleAfterDays ?? MATCH_DEFAULTS.robustness.staleAfterDays);
  const filler = createFiller({ ...deps, book, options });
  const waves = createWaves({
    ...deps,
    ...{ book, options },
    beforeOutlines: ({ current }, resultIds) => filler.note(current, resultIds),
  });
  const desk = createRunDesk({ runStore, book, clock });
  const dirty = createDirtyNeeds();
  let steps = createSteps();
  let at: At | null = null;
  let loaded = false;
  let asked = true;
  let resting = true;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let caughtUpMs = Number.NEGATIVE_INFINITY;
  /** When facts changed last, or answers because of them. */
  let changedMs = Number.NEGATIVE_INFINITY;
  /** What the last change of facts was. */
  let lastChanges: readonly FactChange[] = [];
  /** Facts have changed since needs were caught up with: those that came meanwhile are still to be seen. */
  let behind = false;
  /** Labels in doubt, share by share. */
  let doubtful: number[] = [];

  /** Another edition, day or set of parks: every need is matched anew, as a run. */
  async function beginAnew(before: At | null, current: CurrentSnapshot): Promise<void> {
    const { snapshot, edition } = current;
    const frameKey = frameKeyOf(edition.name, snapshot.frame.today, snapshot.parks, ids);
    const changes = frameChanges(before?.current ?? null, current);
    const reason = changes.some(({ kind }) => kind === 'edition') ? 'edition' : 'day';
    // Named after what it is for: a process that starts again makes no second one.
    await runStore.insert(waitingRun(deps, `frame ${frameKey}`, reason, null), []);
    steps = createSteps();
    await beginIndex(current, frameKey, changes);
    log.info({ reason, needs: book.ids().length }, 'all needs are matched anew');
  }

  /** An index that holds no need yet: all of them are to be matched until it does. */
  async function beginIndex(current: CurrentSnapshot, frameKey: string, changes: readonly FactChange[]): Promise<void> {
    const epoch = ids.newId('index');
    const name = { snapshotId: current.snapshot.id, frameKey };
    await shards.begin(epoch, name, () => wholeFacts(current));
    doubtful = [];
    at = { current, frameKey, epoch };
    for (const id of book.ids()) dirty.unsure(id, changes);
  }

  /** A thread ended, and with it what it held. */
  async function beginAgain({ current, frameKey }: At): Promise<void> {
    log.warn({ needs: book.ids().length }, 'index of needs lost, begun anew');
    await beginIndex(current, frameKey, lastChanges);
  }

  async function moveOn(before: At, current: CurrentSnapshot): Promise<void> {
    const own = await deps.ownHolds.needs(current);
    const rows = changedRows(before.current, current);
    const [was, is] = [before.current.snapshot, current.snapshot];
    const changes = rows.flatMap((row) => factChanges(was.parks[row] ?? null, is.parks[row] ?? null));
    const { frameKey, epoch } = before;
    const facts = { snapshotId: is.id, frameKey };
    const parks = rows.flatMap((row) => is.parks[row] ?? []);
    const moved = await shards.move({ epoch, fromId: was.id, facts, parks, rows });
    const known = moved.filter((one) => one !== null);
    // What the change before this one left in doubt is told of that one.
    for (const id of known.flatMap(({ late }) => late)) dirty.touched(id, lastChanges);
    changedMs = clock.monotonicMs();
    lastChanges = changes;
    steps.add({ from: was.id, changes });
    doubtful = moved.map((one) => one?.doubtful ?? 0);
    at = { current, frameKey, epoch };
    const affected = known.flatMap(({ touched }) => touched);
    if (affected.length > 0) filler.keep(current);
    // A hold placed for a need changes what it alone sees, whatever the index says.
    const apart = [...own, ...waves.apart()].filter((id) => book.get(id) !== undefined);
    for (const id of [...affected, ...apart]) dirty.touched(id, changes);
    log.debug({ parks: rows.length, touched: affected.length, doubtful, apart: apart.length }, 'facts have changed');
    if (known.length < moved.length) await beginAgain(at);
  }

  async function forget(gone: readonly string[]): Promise<void> {
    for (const id of gone) {
      dirty.done(id);
      waves.forget(id);
    }
    if (at !== null) await shards.forget(at.epoch, gone);
  }

  async function lookAtNeeds(signal: AbortSignal): Promise<void> {
    caughtUpMs = clock.monotonicMs();
    behind = false;
    if (!loaded) {
      await book.load(signal);
      await filler.begin();
      loaded = true;
      return;
    }
    const { changed, gone } = await book.catchUp(signal);
    for (const need of changed) {
      need.heldIn = null;
      dirty.touched(need.id, []);
    }
    await forget(gone);
    if (at !== null)
      await shards.forget(
        at.epoch,
        changed.map(({ id }) => id),
      );
  }

  async function look(signal: AbortSignal): Promise<void> {
    asked = false;
    try {
      const current = await snapshots.current();
      const changed = at?.current.snapshot.id !== current.snapshot.id;
      if (!loaded || clock.monotonicMs() >= caughtUpMs + CATCH_UP_EVERY_MS) await lookAtNeeds(signal);
      else if (changed) await forget(await book.signedSince());
      if (at === null || at.current.snapshot.frame !== current.snapshot.frame) await beginAnew(at, current);
      else if (changed) await moveOn(at, current);
      // Needs that are known go first; those that came meanwhile count as touched as soon as they are seen.
      if (changed) behind = true;
      await desk.look();
      lookedMs = clock.monotonicMs();
    } catch (error) {
      asked = true;
      throw error;
    }
  }

  /**
   * Why a need is matched again. Of one that came since the last look, or stood stored when this process began, it is
   * told by the snapshot its result is of, as far as that is remembered.
   */
  function why(needId: string, { current }: At): readonly FactChange[] {
    const seen = dirty.reasonsOf(needId).flat();
    if (seen.length > 0) return seen;
    const snapshotId = book.get(needId)?.resultId.split(':').at(-1) ?? '';
    const known = steps.changesFrom(snapshotId);
    return known.length > 0 ? known : dayChange(snapshotId, current.snapshot.frame.today);
  }

  /** Finds out which of the labels in doubt the last change of facts can touch; false where that is lost. */
  async function weighLabels({ epoch }: At, signal: AbortSignal): Promise<boolean> {
    const changes = lastChanges;
    if (doubtful.every((left) => left === 0)) return true;
    // Behind the needs that are to be matched: their answers have a longer way to go.
    await clock.sleep(0);
    const weighed = await Promise.all(
      [...doubtful.keys()].map(async (shard) => {
        while ((doubtful[shard] ?? 0) > 0) {
          const some = await shards.weigh(shard, epoch, LABELS, signal);
          if (some === null) return false;
          for (const id of some.touched) dirty.touched(id, changes);
          doubtful[shard] = some.doubtful;
        }
        return true;
      }),
    );
    return weighed.every(Boolean);
  }

  /** What is matched next: touched needs, in outline; a run's share; where nothing presses, what else waits. */
  async function next(urgent: number): Promise<{ readonly needs: WaveNeeds; readonly ofRun: readonly string[] }> {
    const ofRun = await desk.next(Math.max(Math.ceil(largest / 4), largest - urgent));
    if (urgent === 0) {
      const others = dirty.first(largest - ofRun.length, new Set(ofRun));
      return { needs: { whole: [...others, ...ofRun], outline: [] }, ofRun };
    }
    // Those a run comes to as well: its share may be more than the wave has time for.
    const outline = dirty.first(Math.min(OUTLINES, urgent), new Set());
    const outlined = new Set(outline);
    return { needs: { whole: ofRun.filter((id) => !outlined.has(id)), outline }, ofRun };
  }

  async function wave(facts: At, signal: AbortSignal): Promise<boolean> {
    if (desk.begins()) await lookAtNeeds(signal);
    const urgent = dirty.touchedCount;
    const endMs = clock.monotonicMs() + (urgent > 0 ? PRESSING_MS : WAVE_MS);
    const stops = () => asked || dirty.touchedCount > urgent || clock.monotonicMs() >= endMs;
    const { needs, ofRun } = await next(urgent);
    const count = needs.whole.length + needs.outline.length;
    if (count === 0) {
      if (!(await weighLabels(facts, signal))) await beginAgain(facts);
      return desk.begins() || dirty.touchedCount > 0;
    }
    if (!(await deps.confirm())) return false;
    const weighing = weighLabels(facts, signal);
    // Seen when the wave has ended.
    weighing.catch(() => undefined);
    const course = { why: (id: string) => why(id, facts), stops, signal };
    const outcome = await waves.match(needs, facts, course).finally(() => weighing);
    if (needs.outline.length > 0) changedMs = clock.monotonicMs();
    for (const id of outcome.done) dirty.done(id);
    const done = new Set(outcome.done);
    if (ofRun.length > 0) {
      await desk.done(
        ofRun.filter((id) => done.has(id)),
        outcome.changed,
      );
    }
    if (outcome.lost || !(await weighing)) await beginAgain(facts);
    return true;
  }

  /** Whether needs that came while facts changed are to be seen now: what is known to be touched goes first. */
  function isBehind(): boolean {
    return behind && dirty.touchedCount === 0 && clock.monotonicMs() >= caughtUpMs + CATCH_UP_BEHIND_MS;
  }

  /** Makes results whole while nothing else is to be done; true where there are more. */
  async function fill(facts: At, signal: AbortSignal): Promise<boolean> {
    if (filler.size === 0 || dirty.touchedCount > 0) return false;
    if (clock.monotonicMs() < changedMs + QUIET_MS) return false;
    return filler.turn(facts, signal);
  }

  return {
    look() {
      asked = true;
    },
    restMs() {
      if (!behind || dirty.touchedCount > 0) return LOOK_EVERY_MS;
      return Math.max(0, caughtUpMs + CATCH_UP_BEHIND_MS - clock.monotonicMs());
    },
    status: () => ({
      needs: book.ids().length,
      snapshotId: at?.current.snapshot.id ?? null,
      touched: dirty.touchedCount + doubtful.reduce((sum, left) => sum + left, 0),
      waiting: dirty.size,
      outlines: filler.size,
    }),
    async turn(signal) {
      if (asked || resting || clock.monotonicMs() >= lookedMs + LOOK_EVERY_MS) await look(signal);
      signal.throwIfAborted();
      if (at === null) return false;
      if (isBehind()) await lookAtNeeds(signal);
      try {
        const worked = (await wave(at, signal)) || isBehind();
        resting = !(worked || (await fill(at, signal)));
        return !resting;
      } finally {
        if (signal.aborted) await desk.save().catch(() => undefined);
      }
    },
  };
}
