import type { MatchResult } from '../../domain/match.js';
import { GATES, type Gate } from '../../domain/match.js';
import type { MatchOutcome, ResultOutline } from '../../domain/rematch.js';
import type { CompiledNeed } from '../compile-need.js';
import { evaluate } from '../evaluate.js';
import { failingMask } from '../failing-gates.js';
import type { MatchOptions, MatchStamp } from '../match.js';
import { rank } from '../rank.js';
import { labelOfCount } from '../robustness/report.js';
import { UNITS_PER_POINT } from '../score-columns.js';
import { EXCLUDED_SHOWN, excludedRows, shownRows } from '../shown.js';
import { GATE_BIT, type Snapshot } from '../snapshot.js';
import type { Workspace } from '../workspace.js';
import { followCount } from './count-problem.js';
import { firstCount } from './first-count.js';
import type { KnownCount } from './need-index.js';
import { type FirstCount, type NeedStanding, placesOf } from './standing.js';

function gatesIn(mask: number): readonly Gate[] {
  return mask === 0 ? [] : GATES.filter((gate) => (mask & GATE_BIT[gate]) !== 0);
}

/** What is known of the weightings before an outline is made. */
export interface CountHints {
  /** Of the park that was first; tells if it is first still. Null: nothing. */
  readonly known: KnownCount | null;
  /** Rows of the parks that can be first under some weighting; null: all. */
  readonly able: ReadonlySet<number> | null;
}

const NO_PARK: FirstCount = { low: 0, high: 0 };

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
): { readonly outline: ResultOutline; readonly standing: NeedStanding } {
  evaluate(snapshot, compiled, work);
  const ranking = rank(work, options.shown);
  const places = shownRows(work, ranking);
  const excluded = excludedRows(snapshot, compiled, work);
  const { samples } = options.robustness;
  const first = places[0]?.row;
  const followed = (row: number) => (hints.known?.row === row ? followCount(hints.known.problem) : null);
  const count = (row: number): FirstCount =>
    followed(row) ?? firstCount(snapshot.frame, compiled, work, row, samples, hints.able);
  const counted = first === undefined ? NO_PARK : count(first);
  const idOf = (row: number): string => snapshot.parks[row]?.id ?? '';
  const outcome: MatchOutcome = {
    ranked: places.map(({ row, rank: own }) => {
      const open = work.open[row] ?? 0;
      return { parkId: idOf(row), rank: own, status: open === 0 ? 'eligible' : 'conditional', open: gatesIn(open) };
    }),
    rankedTotal: ranking.eligible + ranking.conditional,
    excluded: excluded
      .slice(0, EXCLUDED_SHOWN)
      .map(({ row }) => ({ parkId: idOf(row), failing: gatesIn(failingMask(snapshot, row, compiled)) })),
    excludedTotal: excluded.length,
    label: first === undefined ? null : labelOfCount(counted.high, samples),
  };
  const { needId, version, generatedAt } = stamp;
  const name: Pick<MatchResult, 'profile' | 'snapshot'> = { profile: compiled.profile, snapshot: snapshot.id };
  return {
    outline: {
      ...{ needId, version, ...name, generatedAt, outcome },
      scores: places.map(({ row }) => (work.score[row] ?? 0) / UNITS_PER_POINT),
    },
    standing: {
      ...placesOf(snapshot, work, excluded, options.shown),
      samples,
      firstCount: counted,
    },
  };
}
