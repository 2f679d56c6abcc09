import { CASE_KINDS, type CaseKind } from '../../domain/placement-case.js';
import { meanIntervals } from './bootstrap.js';

/** The groups figures are given for. */
export const FIGURE_KINDS = [...CASE_KINDS, 'transferInbound', 'all'] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

export const MEASURES = ['hit1', 'hit3', 'hit5', 'mrr'] as const;
export type Measure = (typeof MEASURES)[number];

/** What one case brings to each measure, in [0, 1]: certain for a rank, expected where places are drawn by lot. */
export type CaseScores = Readonly<Record<Measure, number>>;

/** Scores of a case with the group it belongs to. */
export interface ScoredCase {
  readonly kind: CaseKind;
  readonly scores: CaseScores;
}

/** Lower and upper end. */
export type Interval = readonly [number, number];

/** Means over the cases of a group with their intervals; null where there is no case. */
export interface Figures extends Readonly<Record<Measure, number | null>> {
  readonly n: number;
  /** 95% percentile bootstrap over cases. */
  readonly ci: Readonly<Record<Measure, Interval | null>>;
}

export type FiguresByKind = Readonly<Record<FigureKind, Figures>>;

/** Whether a case of a kind belongs to a group. */
export function belongsTo(kind: CaseKind, group: FigureKind): boolean {
  return group === 'all' || group === kind || (group === 'transferInbound' && kind !== 'home');
}

/**
 * Expected scores of a case whose true county shares places `first` to `last` (both from 1) with others of the same
 * value, the tie broken by lot: the mean over those places.
 */
export function scoresOfPlaces(first: number, last: number): CaseScores {
  const places = last - first + 1;
  const within = (limit: number) => Math.min(places, Math.max(0, limit - first + 1)) / places;
  let reciprocal = 0;
  for (let place = first; place <= last; place += 1) reciprocal += 1 / place;
  return { hit1: within(1), hit3: within(3), hit5: within(5), mrr: reciprocal / places };
}

/** Scores of a case whose true county has a rank, from 1. */
export function scoresOfRank(rank: number): CaseScores {
  return scoresOfPlaces(rank, rank);
}

/** Expected scores of the true county in an order by value, best first, ties broken by lot. */
export function scoresOfValues(values: ReadonlyMap<string, number>, truth: string): CaseScores {
  const own = values.get(truth) ?? 0;
  let above = 0;
  let equal = 0;
  for (const value of values.values()) {
    if (value > own) above += 1;
    else if (value === own) equal += 1;
  }
  return scoresOfPlaces(above + 1, above + Math.max(equal, 1));
}

function figuresOf(cases: readonly CaseScores[]): Figures {
  const n = cases.length;
  if (n === 0) {
    const nothing = { hit1: null, hit3: null, hit5: null, mrr: null };
    return { n, ...nothing, ci: nothing };
  }
  const columns = MEASURES.map((measure) => cases.map((scores) => scores[measure]));
  const [hit1 = 0, hit3 = 0, hit5 = 0, mrr = 0] = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / n);
  const [ci1, ci3, ci5, ciMrr] = meanIntervals(columns);
  return {
    n,
    hit1,
    hit3,
    hit5,
    mrr,
    ci: { hit1: ci1 ?? null, hit3: ci3 ?? null, hit5: ci5 ?? null, mrr: ciMrr ?? null },
  };
}

/** Figures of every group. */
export function figuresByKind(cases: readonly ScoredCase[]): FiguresByKind {
  const of = (group: FigureKind) =>
    figuresOf(cases.filter(({ kind }) => belongsTo(kind, group)).map(({ scores }) => scores));
  return {
    transfer: of('transfer'),
    inbound: of('inbound'),
    home: of('home'),
    transferInbound: of('transferInbound'),
    all: of('all'),
  };
}
