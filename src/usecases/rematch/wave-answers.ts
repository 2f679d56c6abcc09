import { marginPointsOf } from '../../domain/profile.js';
import type { FactChange } from '../../domain/rematch.js';
import type { BatchAnswer, BatchNeed } from '../../matching/match-batch.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import { resultIdOf } from '../../ports/result-store.js';
import type { MatchedNeed } from './batches.js';
import { isOfOneNeed } from './failures.js';
import type { NeedBook, OpenNeed } from './load-index.js';
import type { Settled, SettleInput } from './settle-result.js';
import type { WaveFacts } from './wave-facts.js';

/** Results settled together at most: what comes while others are settled goes with the next. Rounds side by side. */
const SETTLED_AT_ONCE = 96;
const ROUNDS = 2;

/** An answer that is to be settled. */
interface Waiting {
  readonly need: OpenNeed;
  readonly answer: MatchedNeed | BatchAnswer;
  readonly input: SettleInput;
}

export interface AnswersDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly book: NeedBook;
  readonly log: Log;
  /** Stores results whose outcome is another, and tells why; what came of each, in their order. */
  settle(inputs: readonly SettleInput[]): Promise<readonly Settled[]>;
  /** True while this process may write. */
  confirm(): Promise<boolean>;
}

/** The wave whose answers are taken in. */
export interface AnsweredWave {
  readonly facts: WaveFacts;
  /** Why a need was matched again. */
  why(needId: string): readonly FactChange[];
  /** Takes note of a need whose answer is the stored one now. */
  taken(need: OpenNeed): void;
  /** Resolves once outlines may be stored. */
  noted(): Promise<void>;
}

/** Takes in the answers of a wave: those that are stored already, and those that are to be settled, many together. */
export interface WaveAnswers {
  /** Resolves when these, and all that came before, are settled. @throws AppError `storeUnavailable`. */
  takeIn(asked: readonly BatchNeed[], answers: readonly (MatchedNeed | BatchAnswer)[]): Promise<void>;
  /** One need that cannot be read or written must not hold up the others: it is left as it is. */
  orLeft(needId: string, run: () => Promise<void>): Promise<void>;
  /** A need that is not there any more. */
  gone(needId: string): void;
  /** Needs that are done with, and how many of them have another outcome. */
  sum(): { readonly done: readonly string[]; readonly changed: number };
}

export function createWaveAnswers(deps: AnswersDeps, wave: AnsweredWave): WaveAnswers {
  const { needStore, book, log } = deps;
  const marginPoints = marginPointsOf(wave.facts.current.snapshot.frame.profile);
  const done: string[] = [];
  let changed = 0;

  async function orLeft(needId: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!isOfOneNeed(error)) throw error;
      log.error({ needId, code: error.code }, 'need left as it is');
      done.push(needId);
    }
  }

  /** A need stands elsewhere than was thought: it is read, and matched again. */
  async function readAgain(needId: string): Promise<void> {
    const stored = await needStore.get(needId);
    if (stored !== null) book.take(stored);
  }

  /** Takes over an answer that is stored, or is what was stored before. */
  function take(need: OpenNeed, { outcome }: Pick<BatchAnswer, 'outcome'>): void {
    need.outcome = outcome;
    wave.taken(need);
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
    return { stored, previous: need.outcome, made, whole, changes: wave.why(id), marginPoints };
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
    if (waiting.some(({ input }) => input.whole === null)) await wave.noted();
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

  const takeIn: WaveAnswers['takeIn'] = async (asked, answers) => {
    queue.push(...sort(asked, answers));
    while (queue.length > 0 || rounds.size > 0) {
      if (queue.length > 0 && rounds.size < ROUNDS) {
        const mine = round().finally(() => rounds.delete(mine));
        rounds.add(mine);
      }
      await Promise.all(rounds);
    }
  };

  return {
    takeIn,
    orLeft,
    gone: (needId) => void done.push(needId),
    sum: () => ({ done, changed }),
  };
}
