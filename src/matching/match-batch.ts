import type { MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import { outcomeText } from '../domain/outcome-text.js';
import { marginPointsOf } from '../domain/profile.js';
import type { Announced } from '../domain/rematch.js';
import { type CompiledNeed, compileNeed, type TextNumbers } from './compile-need.js';
import { type MatchOptions, prepareMatch } from './match.js';
import { firstRivals } from './rematch/first-count.js';
import { type Before, type MadeResult, madeOfOutline, madeResult } from './rematch/made-result.js';
import { contendersOf, type EarlierCount, narrowedSmaa, problemRows } from './rematch/narrowed-smaa.js';
import type { KnownCount, NeedStanding } from './rematch/need-index.js';
import { outlineOf } from './rematch/outline.js';
import { quickOutline } from './rematch/quick-outline.js';
import type { Snapshot } from './snapshot.js';
import type { FactsName } from './snapshot-shelf.js';
import type { Workspace } from './workspace.js';

/** A need and the likeness of its words. */
export interface AskedNeed {
  readonly need: Need;
  readonly text: TextNumbers;
}

/** One need to be matched. */
export interface BatchNeed {
  readonly needId: string;
  readonly version: number;
  /** Null where whoever matches it holds this version already. */
  readonly asked: AskedNeed | null;
  /**
   * `outcomeText` of the result that is stored: one of the same outcome is not handed back. Null: none is known. `same`:
   * the stored result is of these very facts.
   */
  readonly known: string | null;
  /** What subscribers were told last. */
  readonly announced: Announced | null;
}

/** Needs that are matched one after the other against the same facts. */
export interface Batch {
  /** `outline`: only what stands where, without the reasons. */
  readonly kind: 'whole' | 'outline';
  readonly facts: FactsName;
  /** The index that takes in the answers; null where they are of facts of the past. */
  readonly epoch: string | null;
  readonly needs: readonly BatchNeed[];
  readonly generatedAt: string;
  readonly options: MatchOptions;
}

/** Stands for `BatchNeed.known` where the stored result is of the same facts. */
export const SAME_FACTS = 'same';

/** What came of one need. */
export interface BatchAnswer {
  readonly needId: string;
  /** `outcomeText`; null where the need cannot be matched against these facts. */
  readonly outcome: string | null;
  /** Null where the outcome is the known one. */
  readonly made: MadeResult | null;
  /** The same whole; null of outlines, too. */
  readonly result: MatchResult | null;
}

/** What earlier answers tell of a need's weightings. */
export interface CountHints {
  /** What counting them all told; null without. */
  readonly earlier: EarlierCount | null;
  /** What the index knows of the label at these facts; null without. */
  readonly count: KnownCount | null;
}

/** The hints where there are none. */
export const NO_HINTS: CountHints = { earlier: null, count: null };

/** What an index of facts keeps of an answer. */
export interface Placed {
  readonly compiled: CompiledNeed;
  readonly standing: NeedStanding;
  /** See `EarlierCount`; null where not all weightings were counted. */
  readonly contenders: Int32Array | null;
}

/** An answer, and what an index keeps of it; null where the need cannot be matched. */
export interface Matched {
  readonly answer: BatchAnswer;
  readonly placed: Placed | null;
}

/** What matching in full and in outline share. */
type How = Pick<Batch, 'kind' | 'generatedAt' | 'options'>;

function isKnown({ known }: BatchNeed, outcome: string): boolean {
  return known === SAME_FACTS || known === outcome;
}

function beforeOf({ frame }: Snapshot, { known: previous, announced }: BatchNeed): Before {
  return { previous, announced, marginPoints: marginPointsOf(frame.profile) };
}

/** The answer for a need that cannot be matched. */
export function unmatched(needId: string): Matched {
  return { answer: { needId, outcome: null, made: null, result: null }, placed: null };
}

/** The outline of one need's result. @param work scratch of the snapshot's size. */
export function matchOutline(
  snapshot: Snapshot,
  one: BatchNeed,
  compiled: CompiledNeed,
  { generatedAt, options }: How,
  work: Workspace,
  { earlier, count }: CountHints,
): Matched {
  const { needId, version } = one;
  const stamp = { needId, version, generatedAt };
  const hints = { known: count, able: firstRivals(earlier) };
  const { standing, ...quick } = quickOutline(snapshot, compiled, stamp, work, options, hints);
  const { outcome } = quick;
  const made = isKnown(one, outcome) ? null : madeResult(quick, beforeOf(snapshot, one));
  return { answer: { needId, outcome, made, result: null }, placed: { compiled, standing, contenders: null } };
}

/** Matches one need whole. @param work scratch of the snapshot's size. */
export function matchWhole(
  snapshot: Snapshot,
  one: BatchNeed,
  { need, text }: AskedNeed,
  { generatedAt, options }: How,
  work: Workspace,
  { earlier }: Pick<CountHints, 'earlier'>,
): Matched {
  const { needId, version } = one;
  if (!snapshot.frame.countyRow.has(need.firm.countyAdcode)) return unmatched(needId);
  const prepared = prepareMatch(snapshot, need, text, { needId, version, generatedAt }, work, options);
  const rows = problemRows(work);
  const counted = narrowedSmaa(prepared.problem, rows, earlier);
  const result = prepared.finish(counted);
  const outline = outlineOf(result);
  const outcome = outcomeText(outline.outcome);
  const same = isKnown(one, outcome);
  const made = same ? null : madeOfOutline(outline, outcome, beforeOf(snapshot, one));
  return {
    answer: { needId, outcome, made, result: same ? null : result },
    placed: {
      compiled: compileNeed(snapshot.frame, need, text),
      standing: prepared.standing(counted),
      contenders: contendersOf(counted, rows),
    },
  };
}
