import type { ExcludedPark, MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import { type CompiledNeed, compileNeed, placementReport, type TextNumbers } from './compile-need.js';
import { createWorkspace, evaluate, type Workspace } from './evaluate.js';
import { explainExcluded, explainRanked } from './explain.js';
import { liveRows, rank } from './rank.js';
import type { Snapshot } from './snapshot.js';

/** How many ranked and excluded parks a result explains; the totals tell how many there are. */
export const RANKED_SHOWN = 20;
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
    ranked: ranking.rows.map((row, index) => explainRanked(snapshot, compiled, work, row, index + 1)),
    excludedTotal: excluded.length,
    excluded: excluded.slice(0, EXCLUDED_SHOWN),
  };
}
