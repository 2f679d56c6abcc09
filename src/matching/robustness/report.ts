import { CRITERIA, type Criterion } from '../../domain/criterion.js';
import { profileName } from '../../domain/profile.js';
import type {
  Acceptability,
  ParkRobustness,
  Range,
  Robustness,
  RobustnessLabel,
  SmaaOutcome,
  SmaaProblem,
} from '../../domain/robustness.js';
import type { CompiledNeed } from '../compile-need.js';
import { liveRows } from '../rank.js';
import { pointsOf } from '../score-columns.js';
import type { Snapshot } from '../snapshot.js';
import type { Workspace } from '../workspace.js';
import { confidenceFactor } from './confidence.js';
import { STALE_AFTER_DAYS, type UtilityRanges, utilityRanges } from './doubt.js';
import { seedOf } from './random.js';
import { pivots, rivals, stableWeights } from './stability.js';
import { SAMPLES } from './variations.js';

/** First under at least so many of the weightings: 稳固. */
export const FIRM_FROM = 0.75;
/** First under at least so many: 倾向; under fewer: 难分. */
export const LEANING_FROM = 0.5;

export interface RobustnessSettings {
  readonly samples: number;
  readonly staleAfterDays: number;
}

export const ROBUSTNESS_DEFAULTS: RobustnessSettings = { samples: SAMPLES, staleAfterDays: STALE_AFTER_DAYS };

/** The label of a result whose first park is first under this share of the weightings. */
export function labelOf(acceptability1: number): RobustnessLabel {
  return acceptability1 >= FIRM_FROM ? 'firm' : acceptability1 >= LEANING_FROM ? 'leaning' : 'tossUp';
}

/** The same label from counts, rounded as shares in results are. */
export function labelOfCount(first: number, samples: number): RobustnessLabel {
  return labelOf(rounded(first / samples));
}

/** All but the counting, which may be done elsewhere: nothing here points into scratch. */
export interface RobustnessPlan {
  readonly problem: SmaaProblem;
  finish(outcome: SmaaOutcome): Robustness;
  /** Weightings under which the park that is first is first; 0 where no park is ranked. */
  firstCount(outcome: SmaaOutcome): number;
  /** Rows of the other parks that are first under some weighting. */
  takers(outcome: SmaaOutcome): Int32Array;
}

/** Four decimals tell 10,000 weightings apart. */
function rounded(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

/**
 * The weightings of a need as a problem, with the park rows in the problem's order: eligible ones, then conditional.
 * @param work scratch that holds the need's evaluation.
 */
export function problemOf(
  snapshot: Snapshot,
  need: CompiledNeed,
  work: Workspace,
  samples: number,
): { readonly rows: readonly number[]; readonly problem: SmaaProblem } {
  const live = [...liveRows(work)];
  const isOpen = (row: number) => (work.open[row] ?? 0) !== 0;
  const rows = [...live.filter((row) => !isOpen(row)), ...live.filter(isOpen)];
  const criteria = [...CRITERIA.keys()].filter((criterion) => (need.weights[criterion] ?? 0) > 0);
  const utilities = new Float64Array(rows.length * criteria.length);
  rows.forEach((row, park) => {
    criteria.forEach((criterion, column) => {
      utilities[park * criteria.length + column] = work.utilities[criterion]?.[row] ?? 0;
    });
  });
  const problem: SmaaProblem = {
    seed: seedOf(profileName(snapshot.frame.profile, false)),
    samples,
    criteria,
    weights: Float64Array.from(criteria, (criterion) => need.weights[criterion] ?? 0),
    utilities,
    eligible: live.length - live.filter(isOpen).length,
  };
  return { rows, problem };
}

/** Scores, in points, that the doubt allows each park. */
function scoreRanges(problem: SmaaProblem, ranges: UtilityRanges, parks: number): Range[] {
  const columns = problem.criteria.length;
  const points = (utilities: Float64Array, park: number) =>
    problem.weights.reduce((sum, weight, column) => sum + pointsOf(weight, utilities[park * columns + column] ?? 0), 0);
  return Array.from({ length: parks }, (_, park) => ({
    low: points(ranges.low, park),
    high: points(ranges.high, park),
  }));
}

/**
 * Ranks that the doubt allows a park: best, with those before it that stay before it at their worst against its best;
 * worst, the other way round. A conditional park may be confirmed, so it may come before any eligible one.
 */
function rankRange(scores: readonly Range[], rows: readonly number[], eligible: number, park: number): Range {
  const own = scores[park] ?? { low: 0, high: 0 };
  let low = 1;
  let high = park < eligible ? 1 : eligible + 1;
  scores.forEach((other, place) => {
    if (place === park) return;
    const before = (rows[place] ?? 0) < (rows[park] ?? 0);
    if (place < eligible && (other.low > own.high || (other.low === own.high && before))) low += 1;
    if (park >= eligible && place < eligible) return;
    if (other.high > own.low || (other.high === own.low && before)) high += 1;
  });
  return { low, high };
}

/**
 * Works out how sure a result is. The seed is that of the weight profile, so all needs under a profile are judged by
 * the same weightings: the same need and snapshot give the same answer, and two answers differ only by their facts.
 * @param work scratch that holds the need's evaluation; not read after this returns
 * @param shown rows of the parks to report on, in order; the first is the park that is first
 */
export function planRobustness(
  snapshot: Snapshot,
  need: CompiledNeed,
  work: Workspace,
  shown: readonly number[],
  settings: RobustnessSettings,
): RobustnessPlan {
  const { rows, problem } = problemOf(snapshot, need, work, settings.samples);
  const parkIds = rows.map((row) => snapshot.parks[row]?.id ?? '');
  const columns = problem.criteria.length;
  const names = problem.criteria.map((criterion) => CRITERIA[criterion]).filter((name) => name !== undefined);
  const ranges = utilityRanges(snapshot, need, work, rows, problem.criteria, settings.staleAfterDays);
  const scores = scoreRanges(problem, ranges, rows.length);
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  const places = shown.flatMap((row) => placeOf.get(row) ?? []);
  const first = places[0];
  const stable = first === undefined ? [] : stableWeights(problem, first);

  function acceptability(outcome: SmaaOutcome, park: number): Acceptability {
    return {
      parkId: parkIds[park] ?? '',
      acceptability1: rounded((outcome.first[park] ?? 0) / problem.samples),
      acceptability3: rounded((outcome.firstThree[park] ?? 0) / problem.samples),
    };
  }

  function parkReport(outcome: SmaaOutcome, park: number): ParkRobustness {
    const count = outcome.first[park] ?? 0;
    const central = outcome.weightSums.slice(park * columns, (park + 1) * columns).map((sum) => sum / count);
    const cell = (column: number) => park * columns + column;
    return {
      ...acceptability(outcome, park),
      centralWeights:
        count === 0
          ? null
          : (Object.fromEntries(names.map((name, column) => [name, rounded(central[column] ?? 0)])) as Partial<
              Record<Criterion, number>
            >),
      confidence: count === 0 ? null : rounded(confidenceFactor(problem, ranges, park, central)),
      scoreRange: scores[park] ?? { low: 0, high: 0 },
      rankRange: rankRange(scores, rows, problem.eligible, park),
      doubtful: names.filter((_, column) => (ranges.high[cell(column)] ?? 0) > (ranges.low[cell(column)] ?? 0)),
    };
  }

  return {
    problem,
    firstCount: (outcome) => (first === undefined ? 0 : (outcome.first[first] ?? 0)),
    takers: ({ first: counts }) => Int32Array.from(rows.filter((_, park) => park !== first && (counts[park] ?? 0) > 0)),
    finish(outcome) {
      const sure = first === undefined ? null : acceptability(outcome, first);
      return {
        seed: problem.seed,
        samples: problem.samples,
        staleAfterDays: settings.staleAfterDays,
        label: sure === null ? null : labelOf(sure.acceptability1),
        first: sure,
        parks: places.map((park) => parkReport(outcome, park)),
        pivotal:
          first === undefined || rivals(problem) < 2
            ? []
            : pivots(problem, first).flatMap(({ column, park, lead }) => {
                const criterion = names[column];
                return criterion === undefined ? [] : [{ criterion, firstWithout: parkIds[park] ?? '', lead }];
              }),
        stability: stable.flatMap(({ from, to }, column) => {
          const criterion = names[column];
          return criterion === undefined ? [] : [{ criterion, weight: problem.weights[column] ?? 0, from, to }];
        }),
      };
    },
  };
}
