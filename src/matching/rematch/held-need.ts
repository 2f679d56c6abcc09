import type { CompiledNeed } from '../compile-need.js';
import { labelOfCount } from '../robustness/report.js';
import { type NeedStanding, rowOfEntry } from './standing.js';
import { type LabelSpan, labelSpan } from './weighing.js';

/** The best parks of a list, as order entries best first, and a bound on those it does not hold. */
export interface HeldList {
  readonly entries: Float64Array;
  /** No other park's entry is larger; it only rises. -1: there is no other. */
  below: number;
}

/** One need in the index. Its numbers follow the changes that did not touch its outcome. */
export interface HeldNeed {
  readonly needId: string;
  readonly compiled: CompiledNeed;
  readonly top: HeldList;
  readonly conditional: HeldList;
  readonly excludedCut: number;
  readonly samples: number;
  /** The counts under which the label is what it is; null where nobody counted. */
  readonly span: LabelSpan | null;
  /** Under how many weightings the first park is first: at least and at most. */
  low: number;
  high: number;
  /** See `FirstCount`; null where not known. */
  readonly takers: Int32Array | null;
  /** The first park's utilities times their weights, by criterion; null until they are asked for. */
  firstWeighted: Float64Array | null;
}

/** A compiled need without the words: the engine reads none of them, and they are most of its memory. */
function withoutWords(compiled: CompiledNeed): CompiledNeed {
  const { firm, gbt, land, investWan } = compiled.need;
  return { ...compiled, need: { firm: { countyAdcode: firm.countyAdcode }, gbt, land, investWan } };
}

/** What the index keeps of a need's answer. */
export function heldNeed(needId: string, compiled: CompiledNeed, standing: NeedStanding): HeldNeed {
  return standingAs(needId, withoutWords(compiled), standing);
}

/** The same need with another answer. */
export function heldAgain({ needId, compiled }: HeldNeed, standing: NeedStanding): HeldNeed {
  return standingAs(needId, compiled, standing);
}

function standingAs(needId: string, compiled: CompiledNeed, standing: NeedStanding): HeldNeed {
  const { samples, firstCount } = standing;
  return {
    needId,
    compiled,
    top: { entries: standing.top.slice(), below: standing.topBelow },
    conditional: { entries: standing.conditional.slice(), below: standing.conditionalBelow },
    excludedCut: standing.excludedCut,
    samples,
    span: firstCount === null ? null : labelSpan(labelOfCount(firstCount.high, samples), samples),
    low: firstCount?.low ?? 0,
    high: firstCount?.high ?? samples,
    takers: firstCount?.takers ?? null,
    firstWeighted: null,
  };
}

/**
 * The parks by whose utilities' falling something of the answer may change, gates answering as before: those that are
 * shown, and those of whose losses the first park can win so much that its label is another. Null: all.
 * @param words 32 rows each.
 */
export function fallingRows({ top, conditional, span, samples, takers }: HeldNeed, words: number): Uint32Array | null {
  const winsLabel = span === null || span.most < samples;
  if (winsLabel && takers === null) return null;
  const bits = new Uint32Array(words);
  const mark = (row: number) => {
    bits[row >>> 5] = (bits[row >>> 5] ?? 0) | (1 << (row & 31));
  };
  for (const { entries } of [top, conditional]) for (const entry of entries) mark(rowOfEntry(entry));
  if (winsLabel) takers?.forEach(mark);
  return bits;
}
