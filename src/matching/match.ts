import type { ExcludedPark, MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import { type CompiledNeed, compileNeed, placementReport, type TextNumbers } from './compile-need.js';
import { createWorkspace, evaluate, type Workspace } from './evaluate.js';
import { explainExcluded, explainRanked } from './explain.js';
import { liveRows, type Ranking, rank, rankKey } from './rank.js';
import type { Snapshot } from './snapshot.js';

/** How many ranked and excluded parks a result explains; the totals tell how many there are. */
export const RANKED_SHOWN = 20;
/** Conditional parks explained however many eligible ones stand before them: an open fact must not hide a park. */
export const CONDITIONAL_SHOWN = 5;
export const EXCLUDED_SHOWN = 100;

/** What a result is made of beside the engine's numbers. */
export interface MatchStamp {
  readonly needId: string;
  readonly version: number;
  readonly generatedAt: string;
}

/** The parks a gate decides against: fewest failing gates first, then by park id. */
function excludedParks(snapshot: Snapshot, need: CompiledNeed, work: Workspace): ExcludedPark[] {
  const live = new Set(liveRows(work));
  const failing = (park: ExcludedPark) => park.gates.filter(({ outcome }) => outcome === 'fail').length;
  return snapshot.parks
    .flatMap((_, row) => (live.has(row) ? [] : [explainExcluded(snapshot, need, row)]))
    .sort((a, b) => failing(a) - failing(b) || (a.park.id < b.park.id ? -1 : 1));
}

/** Rows and ranks that are shown: the best of all, and the best conditional ones wherever they stand. */
function shownRows(work: Workspace, ranking: Ranking): { readonly row: number; readonly rank: number }[] {
  const best = ranking.rows.map((row, index) => ({ row, rank: index + 1 }));
  const conditional = [...liveRows(work)]
    .filter((row) => (work.open[row] ?? 0) !== 0)
    .sort((a, b) => rankKey(work, b) - rankKey(work, a) || a - b)
    .slice(0, CONDITIONAL_SHOWN)
    .map((row, index) => ({ row, rank: ranking.eligible + index + 1 }));
  return [...best, ...conditional.filter(({ rank: own }) => own > best.length)];
}

/**
 * Matches one need against a snapshot: gates, criteria, ranking, explanation (design section 4). Pure: the same need,
 * snapshot, text numbers and stamp give the same result to the bit, on any machine.
 * @param work scratch of the snapshot's size, reused from need to need.
 * @throws RangeError if the firm's county is not in the snapshot's reference data.
 */
export function matchNeed(
  snapshot: Snapshot,
  need: Need,
  text: TextNumbers,
  stamp: MatchStamp,
  work: Workspace = createWorkspace(snapshot.size),
  shown: number = RANKED_SHOWN,
): MatchResult {
  const compiled = compileNeed(snapshot.frame, need, text);
  evaluate(snapshot, compiled, work);
  const ranking = rank(work, shown);
  const excluded = excludedParks(snapshot, compiled, work);
  return {
    needId: stamp.needId,
    version: stamp.version,
    profile: compiled.profile,
    snapshot: snapshot.id,
    generatedAt: stamp.generatedAt,
    placement: placementReport(snapshot.frame, compiled.placement),
    rankedTotal: ranking.eligible + ranking.conditional,
    ranked: shownRows(work, ranking).map((place) => explainRanked(snapshot, compiled, work, place.row, place.rank)),
    excludedTotal: excluded.length,
    excluded: excluded.slice(0, EXCLUDED_SHOWN),
  };
}
