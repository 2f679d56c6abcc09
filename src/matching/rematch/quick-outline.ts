import { excludedText, joinOutcome, rankedText } from '../../domain/outcome-text.js';
import type { CompiledNeed } from '../compile-need.js';
import { evaluate } from '../evaluate.js';
import { failingMask } from '../failing-gates.js';
import type { Frame } from '../frame.js';
import type { MatchOptions, MatchStamp } from '../match.js';
import { rank } from '../rank.js';
import { labelOfCount } from '../robustness/report.js';
import { UNITS_PER_POINT } from '../score-columns.js';
import { excludedParks, shownRows } from '../shown.js';
import type { Snapshot } from '../snapshot.js';
import type { Workspace } from '../workspace.js';
import { followCount } from './count-problem.js';
import { firstCount } from './first-count.js';
import type { MadeResult } from './made-result.js';
import type { KnownCount } from './need-index.js';
import { type FirstCount, type NeedStanding, placesOf } from './standing.js';

/** Ids of a frame's parks as JSON, by row. */
const quoted = new WeakMap<Frame, readonly string[]>();

function quotedIds(frame: Frame): readonly string[] {
  const ids = quoted.get(frame) ?? frame.parkIds.map((id) => JSON.stringify(id));
  quoted.set(frame, ids);
  return ids;
}

/** What is known of the weightings before an outline is made. */
export interface CountHints {
  /** Of the park that was first; tells if it is first still. Null: nothing. */
  readonly known: KnownCount | null;
  /** Rows of the parks that can be first under some weighting; null: all. */
  readonly able: ReadonlySet<number> | null;
}

const NO_PARK: FirstCount = { low: 0, high: 0 };

/** An outline as texts, with what the index of facts keeps of it. */
export interface QuickOutline extends Omit<MadeResult, 'news'> {
  readonly standing: NeedStanding;
}

/**
 * The outline of what `matchNeed` gives, in a fraction of its time: nothing is explained, and of the weightings only as
 * many are looked at as the label takes.
 * @param work scratch of the snapshot's size; holds the need's evaluation afterwards.
 */
export function quickOutline(
  snapshot: Snapshot,
  compiled: CompiledNeed,
  stamp: MatchStamp,
  work: Workspace,
  options: MatchOptions,
  hints: CountHints,
): QuickOutline {
  evaluate(snapshot, compiled, work);
  const ranking = rank(work, options.shown);
  const places = shownRows(work, ranking);
  const excluded = excludedParks(snapshot, compiled, work);
  const { samples } = options.robustness;
  const first = places[0]?.row;
  const followed = (row: number) => (hints.known?.row === row ? followCount(hints.known.problem) : null);
  const count = (row: number): FirstCount =>
    followed(row) ?? firstCount(snapshot.frame, compiled, work, row, samples, hints.able);
  const counted = first === undefined ? NO_PARK : count(first);
  const ids = quotedIds(snapshot.frame);
  const outcome = joinOutcome(
    {
      label: first === undefined ? null : labelOfCount(counted.high, samples),
      rankedTotal: ranking.eligible + ranking.conditional,
      excludedTotal: excluded.total,
    },
    places.map(({ row, rank: own }) => {
      const open = work.open[row] ?? 0;
      return rankedText(ids[row] ?? '', own, open === 0, open);
    }),
    excluded.shown.map(({ row }) => excludedText(ids[row] ?? '', failingMask(snapshot, row, compiled))),
  );
  const { needId, version, generatedAt } = stamp;
  return {
    name: { needId, version, profile: compiled.profile, snapshot: snapshot.id, generatedAt },
    outcome,
    scores: places.map(({ row }) => (work.score[row] ?? 0) / UNITS_PER_POINT),
    standing: {
      ...placesOf(snapshot, work, excluded, options.shown),
      samples,
      firstCount: counted,
    },
  };
}
