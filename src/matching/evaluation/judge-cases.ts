import type { Adcode } from '../../domain/county.js';
import type { ChainFitReport, Contribution, PlacementReport } from '../../domain/match.js';
import type { CaseKind, CaseQuestion, PlacementCase } from '../../domain/placement-case.js';
import { type CompiledNeed, compileNeed, placementReport, type TextNumbers } from '../compile-need.js';
import { explainRanked } from '../explain.js';
import { UNITS_PER_POINT } from '../score-columns.js';
import type { Snapshot } from '../snapshot.js';
import { createWorkspace, type Workspace } from '../workspace.js';
import { engineWithout, type ScorePart, scoreParts, type Variant, wholeEngine } from './ablation.js';
import { BASELINES, type Baseline, baselineValues } from './baselines.js';
import { type FiguresByKind, figuresByKind, scoresOfRank, scoresOfValues } from './metrics.js';
import { type CaseNote, questionNeed } from './question-need.js';
import { type CountyPlace, candidateCounties, rankCounties } from './rank-counties.js';

/** A true county that ranks lower than this is a miss, and its score is taken apart. */
export const MISS_AFTER = 3;

/** A case with its text as numbers. */
export interface WordedCase {
  readonly placement: PlacementCase;
  readonly text: TextNumbers;
}

/** A county's score taken apart. */
export interface CountyParts {
  readonly adcode: Adcode;
  readonly name: string;
  readonly rank: number;
  /** Points. */
  readonly score: number;
  readonly contributions: readonly Contribution[];
  readonly chainFit: ChainFitReport | null;
}

/** Why a case was missed: the county it went to beside the one that ranks first. */
export interface Miss {
  readonly truth: CountyParts;
  readonly first: CountyParts;
}

/** What the engine answered to one case. */
export interface JudgedCase {
  readonly id: string;
  readonly kind: CaseKind;
  readonly truth: Adcode;
  readonly rank: number;
  /** All candidates, best first. */
  readonly ranking: readonly Adcode[];
  readonly notes: readonly CaseNote[];
  readonly placement: PlacementReport;
  /** Null where the true county is among the first MISS_AFTER. */
  readonly miss: Miss | null;
}

/** Everything one run of the evaluation gives. */
export interface Evaluation {
  /** Name of the snapshot, and the day pairings are read on. */
  readonly snapshot: string;
  readonly today: string;
  readonly profile: string;
  readonly kinds: FiguresByKind;
  readonly baselines: Readonly<Record<Baseline, FiguresByKind>>;
  readonly cases: readonly JudgedCase[];
  /** Empty unless asked for. */
  readonly ablation: readonly { readonly without: ScorePart; readonly kinds: FiguresByKind }[];
}

/** The engine's answer to a question. It is not told which county is the true one. */
export interface Answer {
  readonly need: CompiledNeed;
  readonly places: readonly CountyPlace[];
  readonly notes: readonly CaseNote[];
}

/** Ranks the candidate counties for a question. Pure; `work` holds the evaluation afterwards. */
export function answerQuestion(
  variant: Variant,
  question: CaseQuestion,
  text: TextNumbers,
  work: Workspace = createWorkspace(variant.snapshot.size),
): Answer {
  const { snapshot } = variant;
  const { need, notes } = questionNeed(snapshot.frame, question, variant.withoutCriteria);
  const compiled = compileNeed(snapshot.frame, need, variant.text(text));
  return { need: compiled, notes, places: rankCounties(snapshot, compiled, work, candidateCounties(snapshot.frame)) };
}

function partsOf(snapshot: Snapshot, answer: Answer, work: Workspace, rank: number): CountyParts {
  const place = answer.places[rank - 1];
  const adcode = place?.adcode ?? '';
  const park = place?.park ?? null;
  const explained = park === null ? null : explainRanked(snapshot, answer.need, work, park, rank);
  return {
    adcode,
    name: snapshot.frame.reference.counties.find((county) => county.adcode === adcode)?.name ?? adcode,
    rank,
    score: Math.max(0, place?.score ?? 0) / UNITS_PER_POINT,
    contributions: explained?.contributions ?? [],
    chainFit: explained?.chainFit ?? null,
  };
}

function rankOf(answer: Answer, truth: Adcode): number {
  const rank = answer.places.findIndex(({ adcode }) => adcode === truth) + 1;
  if (rank === 0) throw new RangeError(`county ${truth} is no candidate`);
  return rank;
}

function judge(variant: Variant, { placement, text }: WordedCase, work: Workspace): JudgedCase {
  const answer = answerQuestion(variant, placement.question, text, work);
  const rank = rankOf(answer, placement.truth);
  const { snapshot } = variant;
  return {
    id: placement.id,
    kind: placement.kind,
    truth: placement.truth,
    rank,
    ranking: answer.places.map(({ adcode }) => adcode),
    notes: answer.notes,
    placement: placementReport(snapshot.frame, answer.need.placement),
    miss:
      rank <= MISS_AFTER
        ? null
        : { truth: partsOf(snapshot, answer, work, rank), first: partsOf(snapshot, answer, work, 1) },
  };
}

function figuresOfVariant(variant: Variant, cases: readonly WordedCase[], work: Workspace): FiguresByKind {
  return figuresByKind(
    cases.map(({ placement, text }) => ({
      kind: placement.kind,
      scores: scoresOfRank(rankOf(answerQuestion(variant, placement.question, text, work), placement.truth)),
    })),
  );
}

function figuresOfBaseline(baseline: Baseline, snapshot: Snapshot, cases: readonly WordedCase[]): FiguresByKind {
  const candidates = candidateCounties(snapshot.frame);
  return figuresByKind(
    cases.map(({ placement, text }) => ({
      kind: placement.kind,
      scores: scoresOfValues(
        baselineValues(baseline, snapshot.frame, placement.question, text, candidates),
        placement.truth,
      ),
    })),
  );
}

/**
 * Measures the engine on documented landings: where the county a firm went to ranks among the mountain counties, beside
 * the baselines. Pure: the same snapshot and cases give the same figures.
 * @param options.ablation also measures the engine without each part of its score.
 * @throws RangeError if a case's true county is no candidate; see `candidateCounties`.
 */
export function evaluateCases(
  snapshot: Snapshot,
  cases: readonly WordedCase[],
  options: { readonly ablation: boolean } = { ablation: false },
): Evaluation {
  const work = createWorkspace(snapshot.size);
  const engine = wholeEngine(snapshot);
  const judged = cases.map((worded) => judge(engine, worded, work));
  const baseline = (name: Baseline) => figuresOfBaseline(name, snapshot, cases);
  return {
    snapshot: snapshot.id,
    today: snapshot.frame.today,
    profile: `${snapshot.frame.profile.id}@${snapshot.frame.profile.version}`,
    kinds: figuresByKind(judged.map(({ kind, rank }) => ({ kind, scores: scoresOfRank(rank) }))),
    baselines: Object.fromEntries(BASELINES.map((name) => [name, baseline(name)])) as Record<Baseline, FiguresByKind>,
    cases: judged,
    ablation: options.ablation
      ? scoreParts(snapshot.frame).map((without) => ({
          without,
          kinds: figuresOfVariant(engineWithout(snapshot, without), cases, work),
        }))
      : [],
  };
}
