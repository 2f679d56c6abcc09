import type { MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import type { SmaaOutcome, SmaaProblem } from '../domain/robustness.js';
import { type CompiledNeed, compileNeed, placementReport, type TextNumbers } from './compile-need.js';
import { evaluate } from './evaluate.js';
import { explainExcluded, explainRanked } from './explain.js';
import { rank } from './rank.js';
import { type NeedStanding, placesOf } from './rematch/standing.js';
import { planRobustness, ROBUSTNESS_DEFAULTS, type RobustnessSettings } from './robustness/report.js';
import { runSmaa } from './robustness/smaa.js';
import { EXCLUDED_SHOWN, type ExcludedRow, excludedRows, RANKED_SHOWN, shownRows } from './shown.js';
import type { Snapshot } from './snapshot.js';
import { remedyOf } from './why-not/remedy.js';
import { whatWouldItScore } from './why-not/would-score.js';
import { createWorkspace, type Workspace } from './workspace.js';

export { RANKED_SHOWN } from './shown.js';

/** What a result is made of beside the engine's numbers. */
export interface MatchStamp {
  readonly needId: string;
  readonly version: number;
  readonly generatedAt: string;
}

/** The excluded parks that are shown, explained; they learn what would help. */
function explainExcludedRows(snapshot: Snapshot, need: CompiledNeed, work: Workspace, all: readonly ExcludedRow[]) {
  const shown = all.slice(0, EXCLUDED_SHOWN).map(({ row }) => ({ row, park: explainExcluded(snapshot, need, row) }));
  const ifMet = whatWouldItScore(
    snapshot,
    need,
    work,
    shown.map(({ row, park }) => ({ row, gates: park.gates })),
  );
  return shown.map(({ row, park }) => ({
    ...park,
    remedy: remedyOf(snapshot, row, need, park.gates),
    ifMet: ifMet.get(row) ?? null,
  }));
}

/** A result without its robustness, and where its ranked parks stand in the scratch. */
interface Explained {
  readonly result: Omit<MatchResult, 'robustness'>;
  readonly compiled: CompiledNeed;
  readonly rows: readonly number[];
  readonly excluded: readonly ExcludedRow[];
}

function explain(
  snapshot: Snapshot,
  need: Need,
  text: TextNumbers,
  stamp: MatchStamp,
  work: Workspace,
  shown: number,
): Explained {
  const compiled = compileNeed(snapshot.frame, need, text);
  evaluate(snapshot, compiled, work);
  const ranking = rank(work, shown);
  const excluded = excludedRows(snapshot, compiled, work);
  const places = shownRows(work, ranking);
  return {
    result: {
      needId: stamp.needId,
      version: stamp.version,
      profile: compiled.profile,
      snapshot: snapshot.id,
      generatedAt: stamp.generatedAt,
      placement: placementReport(snapshot.frame, compiled.placement),
      rankedTotal: ranking.eligible + ranking.conditional,
      ranked: places.map((place) => explainRanked(snapshot, compiled, work, place.row, place.rank)),
      excludedTotal: excluded.length,
      excluded: explainExcludedRows(snapshot, compiled, work, excluded),
    },
    compiled,
    rows: places.map(({ row }) => row),
    excluded,
  };
}

/** Gates, criteria, ranking and explanation of one need, without the robustness. See `matchNeed`. */
export function explainNeed(
  snapshot: Snapshot,
  need: Need,
  text: TextNumbers,
  stamp: MatchStamp,
  work: Workspace = createWorkspace(snapshot.size),
  shown: number = RANKED_SHOWN,
): Omit<MatchResult, 'robustness'> {
  return explain(snapshot, need, text, stamp, work, shown).result;
}

/** A match but for the counting of its weightings, which may be done in another thread. */
export interface PreparedMatch {
  readonly problem: SmaaProblem;
  readonly compiled: CompiledNeed;
  finish(outcome: SmaaOutcome): MatchResult;
  /** What an index of needs keeps of the match (`NeedIndex.put`). */
  standing(outcome: SmaaOutcome): NeedStanding;
}

/** How a match is made, beside what is matched. */
export interface MatchOptions {
  readonly shown: number;
  readonly robustness: RobustnessSettings;
}

export const MATCH_DEFAULTS: MatchOptions = { shown: RANKED_SHOWN, robustness: ROBUSTNESS_DEFAULTS };

/**
 * Everything of `matchNeed` that reads the snapshot and the scratch. What it hands back needs neither: `finish` with
 * the outcome of `runSmaa(problem)` gives the result.
 * @throws RangeError if the firm's county is not in the snapshot's reference data.
 */
export function prepareMatch(
  snapshot: Snapshot,
  need: Need,
  text: TextNumbers,
  stamp: MatchStamp,
  work: Workspace,
  options: MatchOptions = MATCH_DEFAULTS,
): PreparedMatch {
  const { result, compiled, rows, excluded } = explain(snapshot, need, text, stamp, work, options.shown);
  const plan = planRobustness(snapshot, compiled, work, rows, options.robustness);
  const places = placesOf(snapshot, work, excluded, options.shown);
  const { samples } = plan.problem;
  return {
    problem: plan.problem,
    compiled,
    finish: (outcome) => ({ ...result, robustness: plan.finish(outcome) }),
    standing(outcome) {
      const count = plan.firstCount(outcome);
      return { ...places, samples, firstCount: { low: count, high: count, takers: plan.takers(outcome) } };
    },
  };
}

/**
 * Matches one need against a snapshot: gates, criteria, ranking, explanation, robustness (design section 4). Pure: the
 * same need, snapshot, text numbers and stamp give the same result to the bit, on any machine.
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
  const prepared = prepareMatch(snapshot, need, text, stamp, work, { ...MATCH_DEFAULTS, shown });
  return prepared.finish(runSmaa(prepared.problem));
}
