import type { FactChange } from '../../domain/rematch.js';
import { profileOf } from '../../matching/compile-need.js';
import type { MatchOptions } from '../../matching/match.js';
import {
  type AskedNeed,
  type Batch,
  type BatchAnswer,
  type BatchNeed,
  matchWhole,
  NO_HINTS,
} from '../../matching/match-batch.js';
import { createWorkspace, type Workspace } from '../../matching/workspace.js';
import type { Clock } from '../../ports/clock.js';
import { resultIdOf } from '../../ports/result-store.js';
import type { CurrentSnapshot } from '../current-snapshot.js';
import type { OwnHolds } from '../own-holds.js';
import { createTasks, inPieces, type NeedShards, sideBySide } from './batches.js';
import type { NeedBook, OpenNeed } from './load-index.js';
import { type StoredOutcome, type StoredOutcomesDeps, storedOutcomes } from './stored-outcomes.js';
import { type AnswersDeps, createWaveAnswers } from './wave-answers.js';
import { type WaveFacts, wholeFacts } from './wave-facts.js';

/** Needs in one batch for a thread: 50 ms of work where they are matched whole, 20 ms where in outline. */
const BATCH = { whole: 4, outline: 16 } as const;
/** Reads of stored results side by side. */
const READS = 8;
/** Needs that are made ready for a thread at once, and batches that are with it: one in hand and one that waits. */
const READIED = 16;
const AHEAD = 2;

export interface WaveDeps extends StoredOutcomesDeps, AnswersDeps {
  readonly ownHolds: OwnHolds;
  readonly book: NeedBook;
  readonly shards: NeedShards;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly options: MatchOptions;
  /** Before outlines of these results may be stored: keeps what they can be made whole from. */
  beforeOutlines(facts: WaveFacts, resultIds: readonly string[]): Promise<void>;
}

/** What came of a wave. */
export interface WaveOutcome {
  /** Needs whose index and stored result are now those of the facts. The others are tried again. */
  readonly done: readonly string[];
  /** Those of them whose outcome was another. */
  readonly changed: number;
  /** The index is lost, or a part of it: it is to be begun anew. */
  readonly lost: boolean;
}

/** Needs of a wave, by how they are matched. */
export interface WaveNeeds {
  readonly whole: readonly string[];
  readonly outline: readonly string[];
}

/** How a wave goes. */
export interface WaveCourse {
  /** Why a need is matched again. */
  why(needId: string): readonly FactChange[];
  /** True once no more needs are to be matched whole; each thread does some first. Those left are not done. */
  stops(): boolean;
  readonly signal?: AbortSignal;
}

/** A need that sees other facts than all others. */
interface OwnNeed {
  readonly view: CurrentSnapshot;
  readonly need: BatchNeed;
  readonly asked: AskedNeed;
}

/** Needs that were made ready. */
interface Ready {
  readonly plain: readonly BatchNeed[];
  readonly own: readonly OwnNeed[];
}

/** Matches needs anew and stores what changed. Doing it again changes nothing. */
export interface Waves {
  /** @throws AppError `storeUnavailable`; what was done until then stays done. */
  match(needs: WaveNeeds, facts: WaveFacts, course: WaveCourse): Promise<WaveOutcome>;
  /** Needs that saw other facts than all others when they were matched: what was held for them was theirs. */
  apart(): readonly string[];
  /** Forgets a need. */
  forget(needId: string): void;
}

export function createWaves(deps: WaveDeps): Waves {
  const { ownHolds, book, shards, clock, options } = deps;
  const apart = new Set<string>();
  let work: Workspace = createWorkspace(0);

  async function asBatchNeed(
    need: OpenNeed,
    kind: Batch['kind'],
    facts: WaveFacts,
    known: StoredOutcome,
  ): Promise<BatchNeed> {
    const { id: needId, version } = need;
    const { current, epoch } = facts;
    const held = kind === 'outline' && need.heldIn === epoch;
    return {
      ...{ needId, version },
      asked: held ? null : askedNeed(need, current),
      known: await known(need),
      announced: need.matching.announced,
    };
  }

  function askedNeed(need: OpenNeed, current: CurrentSnapshot): AskedNeed {
    return { need: need.need, text: book.textOf(need, current) };
  }

  /** Those that see other facts than all others: what is held for them is theirs. */
  function matchHere(view: CurrentSnapshot, need: BatchNeed, asked: AskedNeed): BatchAnswer {
    if (work.size !== view.snapshot.size) work = createWorkspace(view.snapshot.size);
    const how = { kind: 'whole' as const, generatedAt: clock.now(), options };
    return matchWhole(view.snapshot, need, asked, how, work, NO_HINTS).answer;
  }

  return {
    async match(ids, facts, { why, stops, signal }) {
      const { current, frameKey, epoch } = facts;
      const { snapshot } = current;
      const name = { snapshotId: snapshot.id, frameKey };
      const alone = new Set<string>();
      const tasks = createTasks();
      let noted: Promise<void> = Promise.resolve();
      let lost = false;

      /** The index holds a need whose answer stands, unless it is apart. */
      function taken(need: OpenNeed): void {
        const isAlone = alone.has(need.id);
        need.heldIn = isAlone ? null : epoch;
        if (isAlone) apart.add(need.id);
        else apart.delete(need.id);
      }

      const answers = createWaveAnswers(deps, { facts, why, taken, noted: () => noted });

      async function ready(needIds: readonly string[], kind: Batch['kind']): Promise<Ready> {
        const plain: BatchNeed[] = [];
        const own: OwnNeed[] = [];
        const open = needIds.flatMap((id) => book.get(id) ?? []);
        const known = await storedOutcomes(deps, open, snapshot.id);
        await sideBySide(needIds, READS, async (id) => {
          const need = book.get(id);
          if (need === undefined) {
            await shards.forget(epoch, [id]);
            answers.gone(id);
            return;
          }
          await answers.orLeft(id, async () => {
            const view = await ownHolds.viewFor(current, id);
            // What it sees alone is no step of the facts of all.
            if (view === current) plain.push(await asBatchNeed(need, kind, facts, known));
            else own.push({ view, need: await asBatchNeed(need, 'whole', facts, known), asked: askedNeed(need, view) });
          });
        });
        for (const { need } of own) alone.add(need.needId);
        await shards.forget(
          epoch,
          own.map(({ need }) => need.needId),
        );
        return { plain, own };
      }

      /** Has a batch matched by its thread; what comes of it is taken in while the thread goes on. */
      async function send(kind: Batch['kind'], needs: readonly BatchNeed[]): Promise<void> {
        const batch: Batch = { kind, facts: name, epoch, needs, generatedAt: clock.now(), options };
        const matched = await shards.match(batch, () => wholeFacts(current), signal);
        if (matched === null) lost = true;
        else tasks.begin(answers.takeIn(needs, matched));
      }

      async function matchOwn(own: readonly OwnNeed[]): Promise<void> {
        for (const { view, need, asked } of own) {
          await answers.orLeft(need.needId, () => answers.takeIn([need], [matchHere(view, need, asked)]));
          // Locks and leases are renewed in between.
          await clock.sleep(0);
        }
      }

      /** Before outlines are stored. */
      function note(outlined: readonly BatchNeed[]): void {
        const resultIds = outlined.flatMap(({ needId, version }) => {
          const need = book.get(needId)?.need;
          if (need === undefined) return [];
          return resultIdOf({ needId, version, profile: profileOf(snapshot.frame, need), snapshot: snapshot.id });
        });
        if (resultIds.length > 0) noted = deps.beforeOutlines(facts, resultIds);
        // Seen by those who wait for it.
        noted.catch(() => undefined);
      }

      /** Needs of one share, whole: no more with the thread than keeps it busy, so that it soon is free when asked to. */
      async function line(share: readonly string[]): Promise<void> {
        const sent = new Set<Promise<void>>();
        let begun = false;
        const ends = (): boolean => begun && (lost || tasks.failed || stops());
        for (const needIds of inPieces(share, READIED)) {
          if (ends()) return;
          const { plain, own } = await ready(needIds, 'whole');
          for (const needs of inPieces(plain, BATCH.whole)) {
            if (ends()) return;
            begun = true;
            const one = tasks.begin(send('whole', needs)).finally(() => sent.delete(one));
            sent.add(one);
            if (sent.size >= AHEAD) await Promise.race(sent);
          }
          await matchOwn(own);
        }
      }

      const shareOf = <T>(items: readonly T[], idOf: (item: T) => string) =>
        Array.from({ length: shards.shards }, (_, shard) => items.filter((one) => shards.shardOf(idOf(one)) === shard));
      const outline = await ready(ids.outline, 'outline');
      note(outline.plain);
      for (const share of shareOf(outline.plain, ({ needId }) => needId)) {
        for (const needs of inPieces(share, BATCH.outline)) tasks.begin(send('outline', needs));
      }
      tasks.begin(matchOwn(outline.own));
      for (const share of shareOf(ids.whole, (id) => id)) tasks.begin(line(share));
      await tasks.end();
      return { ...answers.sum(), lost };
    },
    apart: () => [...apart],
    forget(needId) {
      apart.delete(needId);
    },
  };
}
