import type { MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import type { SmaaOutcome, SmaaProblem } from '../domain/robustness.js';
import { type CompiledNeed, compileNeed, placementReport, type TextNumbers } from './compile-need.js';
import { evaluate } from './evaluate.js';
import { explainExcluded, explainRanked } from './explain.js';
import { failingGates } from './failing-gates.js';
import { liveRows, type Ranking, rank, rankKey } from './rank.js';
import { planRobustness, ROBUSTNESS_DEFAULTS, type RobustnessSettings } from './robustness/report.js';
import { runSmaa } from './robustness/smaa.js';
import type { Snapshot } from './snapshot.js';
import { remedyOf } from './why-not/remedy.js';
import { whatWouldItScore } from './why-not/would-score.js';
import { createWorkspace, type Workspace } from './workspace.js';

/** How many ranked and excluded parks a result explains; the totals tell how many there are. */
export const RANKED_SHOWN = 20;
/** Conditional parks explained however many eligible ones stand before them: an open fact must not hide a park. */
const CONDITIONAL_SHOWN = 5;
const EXCLUDED_SHOWN = 100;

/** What a result is made of beside the engine's numbers. */
export interface MatchStamp {
  readonly needId: string;
  readonly version: number;
  readonly generatedAt: string;
}

/** The parks a gate decides against: fewest failing gates first, then by park id. The first ones learn what would help. */
function excludedParks(snapshot: Snapshot, need: CompiledNeed, work: Workspace) {
  const live = new Set(liveRows(work));
  const all = [...snapshot.parks.keys()]
    .filter((row) => !live.has(row))
    .map((row) => ({ row, failing: failingGates(snapshot, row, need) }))
    .sort((a, b) => a.failing - b.failing || a.row - b.row);
  const shown = all.slice(0, EXCLUDED_SHOWN).map(({ row }) => ({ row, park: explainExcluded(snapshot, need, row) }));
  const ifMet = whatWouldItScore(
    snapshot,
    need,
    work,
    shown.map(({ row, park }) => ({ row, gates: park.gates })),
  );
  return {
    total: all.length,
    shown: shown.map(({ row, park }) => ({
      ...park,
      remedy: remedyOf(snapshot, row, need, park.gates),
      ifMet: ifMet.get(row) ?? null,
    })),
  };
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

/** A result without its robustness, and where its ranked parks stand in the scratch. */
interface Explained {
  readonly result: Omit<MatchResult, 'robustness'>;
  readonly compiled: CompiledNeed;
  readonly rows: readonly number[];
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
  const excluded = excludedParks(snapshot, compiled, work);
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
      excludedTotal: excluded.total,
      excluded: excluded.shown,
    },
    compiled,
    rows: places.map(({ row }) => row),
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
  finish(outcome: SmaaOutcome): MatchResult;
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
  const { result, compiled, rows } = explain(snapshot, need, text, stamp, work, options.shown);
  const plan = planRobustness(snapshot, compiled, work, rows, options.robustness);
  return { problem: plan.problem, finish: (outcome) => ({ ...result, robustness: plan.finish(outcome) }) };
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
