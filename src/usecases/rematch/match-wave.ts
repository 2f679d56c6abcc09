import { marginPointsOf } from '../../domain/profile.js';
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
import type { Facts } from '../../matching/snapshot-shelf.js';
import { createWorkspace, type Workspace } from '../../matching/workspace.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import { resultIdOf } from '../../ports/result-store.js';
import type { CurrentSnapshot } from '../current-snapshot.js';
import type { OwnHolds } from '../own-holds.js';
import { inPieces, type MatchedNeed, type NeedShards, sideBySide } from './batches.js';
import { isOfOneNeed } from './failures.js';
import type { NeedBook, OpenNeed } from './load-index.js';
import type { Settled, SettleInput } from './settle-result.js';
import { type StoredOutcome, type StoredOutcomesDeps, storedOutcomes } from './stored-outcomes.js';

/** Needs in one batch for a thread: 50 ms of work where they are matched whole, 20 ms where in outline. */
const BATCH = { whole: 4, outline: 16 } as const;
/** Reads of stored results side by side. */
const READS = 8;
/** Results settled together at most: what comes while others are settled goes with the next. Rounds side by side. */
const SETTLED_AT_ONCE = 96;
const ROUNDS = 2;

/** What a wave is matched against. */
export interface WaveFacts {
  readonly current: CurrentSnapshot;
  readonly frameKey: string;
  /** Of the index that stands at them. */
  readonly epoch: string;
}

export interface WaveDeps extends StoredOutcomesDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly ownHolds: OwnHolds;
  readonly book: NeedBook;
  readonly shards: NeedShards;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
  readonly options: MatchOptions;
  /** Stores results whose outcome is another, and tells why; what came of each, in their order. */
  settle(inputs: readonly SettleInput[]): Promise<readonly Settled[]>;
  /** Before outlines of these results may be stored: keeps what they can be made whole from. */
  beforeOutlines(facts: WaveFacts, resultIds: readonly string[]): Promise<void>;
  /** True while this process may write. */
  confirm(): Promise<boolean>;
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

/** An answer that is to be settled. */
interface Waiting {
  readonly need: OpenNeed;
  readonly answer: MatchedNeed | BatchAnswer;
  readonly input: SettleInput;
}

/** Needs of a wave, by how they are matched. */
export interface WaveNeeds {
  readonly whole: readonly string[];
  readonly outline: readonly string[];
}

/** Matches needs anew and stores what changed. Doing it again changes nothing. */
export interface Waves {
  /** @throws AppError `storeUnavailable`; what was done until then stays done. */
  match(
    needs: WaveNeeds,
    facts: WaveFacts,
    why: (needId: string) => readonly FactChange[],
    signal?: AbortSignal,
  ): Promise<WaveOutcome>;
  /** Needs that saw other facts than all others when they were matched: what was held for them was theirs. */
  apart(): readonly string[];
  /** Forgets a need. */
  forget(needId: string): void;
}

/** All that the snapshot is compiled from. */
export function wholeFacts({ edition, snapshot }: CurrentSnapshot): Facts {
  return { reference: edition.data, today: snapshot.frame.today, parks: snapshot.parks };
}

export function createWaves(deps: WaveDeps): Waves {
  const { needStore, ownHolds, book, shards, clock, log, options } = deps;
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

  /** A need stands elsewhere than was thought: it is read, and matched again. */
  async function readAgain(needId: string): Promise<void> {
    const stored = await needStore.get(needId);
    if (stored !== null) book.take(stored);
  }

  return {
    async match(ids, facts, why, signal) {
      const { current, frameKey, epoch } = facts;
      const { snapshot } = current;
      const marginPoints = marginPointsOf(snapshot.frame.profile);
      const done: string[] = [];
      let changed = 0;
      let lost = false;

      /** One need that cannot be read or written must not hold up the others: it is left as it is. */
      async function orLeft(needId: string, run: () => Promise<void>): Promise<void> {
        try {
          await run();
        } catch (error) {
          if (!isOfOneNeed(error)) throw error;
          log.error({ needId, code: error.code }, 'need left as it is');
          done.push(needId);
        }
      }

      const plain: Record<Batch['kind'], BatchNeed[]> = { whole: [], outline: [] };
      const own: { readonly view: CurrentSnapshot; readonly need: BatchNeed; readonly asked: AskedNeed }[] = [];
      const asked = (['whole', 'outline'] as const).flatMap((kind) => ids[kind].map((id) => ({ id, kind })));
      const open = asked.flatMap(({ id }) => book.get(id) ?? []);
      const known = await storedOutcomes(deps, open, snapshot.id);
      await sideBySide(asked, READS, async ({ id, kind }) => {
        const need = book.get(id);
        if (need === undefined) {
          await shards.forget(epoch, [id]);
          done.push(id);
          return;
        }
        await orLeft(id, async () => {
          const view = await ownHolds.viewFor(current, id);
          // What it sees alone is no step of the facts of all.
          if (view === current) plain[kind].push(await asBatchNeed(need, kind, facts, known));
          else {
            const batchNeed = await asBatchNeed(need, 'whole', facts, known);
            own.push({ view, need: batchNeed, asked: askedNeed(need, view) });
          }
        });
      });
      const alone = new Set(own.map(({ need }) => need.needId));
      await shards.forget(epoch, [...alone]);

      /** Takes over an answer that is stored, or is what was stored before. */
      function take(need: OpenNeed, { outcome }: Pick<BatchAnswer, 'outcome'>): void {
        need.outcome = outcome;
        const isAlone = alone.has(need.id);
        need.heldIn = isAlone ? null : epoch;
        if (isAlone) apart.add(need.id);
        else apart.delete(need.id);
        done.push(need.id);
      }

      /** The need of an answer, where it still stands as it did when it was matched. */
      function sameNeed({ needId, version, announced }: BatchNeed): OpenNeed | null {
        const need = book.get(needId);
        return need?.version === version && need.matching.announced === announced ? need : null;
      }

      function inputOf(need: OpenNeed, answer: MatchedNeed | BatchAnswer): SettleInput | null {
        const { made } = answer;
        if (made === null) return null;
        const whole = 'packed' in answer ? answer.packed : answer.result;
        const { id, version, matching } = need;
        const stored = { id, version, need: need.need, matching };
        // Where the stored outcome is not known, nothing is known to be the same.
        return { stored, previous: need.outcome, made, whole, changes: why(id), marginPoints };
      }

      /** Where the need stands once it is settled; false where it is to be matched again. */
      async function moveOn(need: OpenNeed, input: SettleInput, settled: Settled): Promise<boolean> {
        const { settlement, matching } = settled;
        if (settlement === 'superseded' || matching === null) {
          await readAgain(need.id);
          return false;
        }
        need.matching = matching;
        need.resultId = matching.resultId ?? resultIdOf(input.made.name);
        if (settlement === 'settled') changed += 1;
        return true;
      }

      /** Settles the answers of a batch together; where that fails for a reason of one need, one by one. */
      async function settleAll(inputs: readonly SettleInput[]): Promise<readonly (Settled | null)[]> {
        try {
          return await deps.settle(inputs);
        } catch (error) {
          if (!isOfOneNeed(error)) throw error;
        }
        const settled: (Settled | null)[] = [];
        for (const input of inputs) {
          let own: Settled | null = null;
          await orLeft(input.stored.id, async () => {
            own = (await deps.settle([input]))[0] ?? null;
          });
          settled.push(own);
        }
        return settled;
      }

      /** Takes over what is stored already; gives what is to be settled. */
      function sort(asked: readonly BatchNeed[], answers: readonly (MatchedNeed | BatchAnswer)[]): readonly Waiting[] {
        const byId = new Map(answers.map((answer) => [answer.needId, answer]));
        const waiting: Waiting[] = [];
        for (const one of asked) {
          const [need, answer] = [sameNeed(one), byId.get(one.needId)];
          if (need === null || answer === undefined) continue;
          if (answer.outcome === null) {
            log.warn({ needId: need.id, version: need.version }, 'need cannot be matched against these facts');
            need.heldIn = null;
            done.push(need.id);
            continue;
          }
          const input = inputOf(need, answer);
          if (input === null) take(need, answer);
          else waiting.push({ need, answer, input });
        }
        return waiting;
      }

      async function settle(waiting: readonly Waiting[]): Promise<void> {
        if (!(await deps.confirm())) return;
        if (waiting.some(({ input }) => input.whole === null)) await noted;
        const settled = await settleAll(waiting.map(({ input }) => input));
        for (const [place, { need, answer, input }] of waiting.entries()) {
          const own = settled[place] ?? null;
          if (own !== null && (await moveOn(need, input, own))) take(need, answer);
        }
      }

      const queue: Waiting[] = [];
      const rounds = new Set<Promise<void>>();

      /** Settles what waits, and what comes meanwhile. */
      async function round(): Promise<void> {
        while (queue.length > 0) await settle(queue.splice(0, SETTLED_AT_ONCE));
      }

      async function takeAll(...batch: Parameters<typeof sort>): Promise<void> {
        queue.push(...sort(...batch));
        while (queue.length > 0 || rounds.size > 0) {
          if (queue.length > 0 && rounds.size < ROUNDS) {
            const mine = round().finally(() => rounds.delete(mine));
            rounds.add(mine);
          }
          await Promise.all(rounds);
        }
      }

      const outlined = plain.outline.flatMap(({ needId, version }) => {
        const need = book.get(needId)?.need;
        if (need === undefined) return [];
        return resultIdOf({ needId, version, profile: profileOf(snapshot.frame, need), snapshot: snapshot.id });
      });
      const noted = outlined.length === 0 ? Promise.resolve() : deps.beforeOutlines(facts, outlined);
      // Seen by those who wait for it.
      noted.catch(() => undefined);
      const name = { snapshotId: snapshot.id, frameKey };
      const ofShard = (shard: number) => (need: BatchNeed) => shards.shardOf(need.needId) === shard;
      const pieces = (['outline', 'whole'] as const).flatMap((kind) =>
        Array.from({ length: shards.shards }, (_, shard) => plain[kind].filter(ofShard(shard))).flatMap((share) =>
          inPieces(share, BATCH[kind]).map((needs) => ({ kind, needs })),
        ),
      );
      await Promise.all([
        ...pieces.map(async ({ kind, needs }) => {
          const batch: Batch = { kind, facts: name, epoch, needs, generatedAt: clock.now(), options };
          const answers = await shards.match(batch, () => wholeFacts(current), signal);
          if (answers === null) lost = true;
          else await takeAll(needs, answers);
        }),
        sideBySide(own, 1, async ({ view, need, asked }) => {
          await orLeft(need.needId, () => takeAll([need], [matchHere(view, need, asked)]));
          // Locks and leases are renewed in between.
          await clock.sleep(0);
        }),
      ]);
      return { done, changed, lost };
    },
    apart: () => [...apart],
    forget(needId) {
      apart.delete(needId);
    },
  };
}
