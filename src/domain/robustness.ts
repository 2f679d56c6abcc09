import type { Criterion } from './criterion.js';
import type { Gate } from './gate.js';

/** 稳固, 倾向, 难分: how sure it is which park comes first. */
export const ROBUSTNESS_LABELS = ['firm', 'leaning', 'tossUp'] as const;
export type RobustnessLabel = (typeof ROBUSTNESS_LABELS)[number];

/** Lowest and highest value that the doubt about facts allows. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How often a park comes first and among the first three over the weightings drawn, shares in [0, 1]. */
export interface Acceptability {
  readonly parkId: string;
  readonly acceptability1: number;
  readonly acceptability3: number;
}

export interface ParkRobustness extends Acceptability {
  /** The mean of the weightings under which the park comes first, adding up to 1; null if there are none. */
  readonly centralWeights: Partial<Readonly<Record<Criterion, number>>> | null;
  /** Chance to be first under its central weights, given the doubt about facts; null without central weights. */
  readonly confidence: number | null;
  /** Points and rank over all values the doubtful facts may have; a conditional park may be confirmed. */
  readonly scoreRange: Range;
  readonly rankRange: Range;
  /** Criteria that rest on unknown, unverified or stale facts of the park. */
  readonly doubtful: readonly Criterion[];
}

/** A criterion without which another park would be first. */
export interface PivotalCriterion {
  readonly criterion: Criterion;
  /** The park that would be first. */
  readonly firstWithout: string;
  /** Points by which it would lead. */
  readonly lead: number;
}

/** The share of all weight in which the first park stays first, the other weights keeping their proportions. */
export interface WeightStability {
  readonly criterion: Criterion;
  readonly weight: number;
  readonly from: number;
  readonly to: number;
}

/** How sure a result is. Codes and numbers only. */
export interface Robustness {
  readonly seed: number;
  /** Weightings drawn. */
  readonly samples: number;
  /** Facts older than this many days count as doubtful. */
  readonly staleAfterDays: number;
  /** Null where no park is ranked. */
  readonly label: RobustnessLabel | null;
  readonly first: Acceptability | null;
  /** The parks of `ranked`, in its order. */
  readonly parks: readonly ParkRobustness[];
  /** Strongest first. */
  readonly pivotal: readonly PivotalCriterion[];
  readonly stability: readonly WeightStability[];
}

/** What confirming one open gate of a conditional park would do. */
export interface Confirmation {
  readonly gate: Gate;
  /** Its rank if this gate alone were confirmed. */
  readonly rank: number;
  /** True if nothing else is open: the park would be eligible. */
  readonly settles: boolean;
}

/** The numbers rank acceptability is computed from; plain arrays, so that they can be handed to a thread. */
export interface SmaaProblem {
  readonly seed: number;
  readonly samples: number;
  /** Criteria that count, as places in `CRITERIA`, ascending. */
  readonly criteria: readonly number[];
  /** Their weights, adding up to 1. */
  readonly weights: Float64Array;
  /** Utilities in [0, 1], park by park, `criteria.length` each. */
  readonly utilities: Float64Array;
  /** The first so many parks come before all others whatever the weights. */
  readonly eligible: number;
}

/** Counts over the weightings, by park. */
export interface SmaaOutcome {
  readonly first: Int32Array;
  readonly firstThree: Int32Array;
  /** Sums of the normalised weightings under which the park is first, `criteria.length` each. */
  readonly weightSums: Float64Array;
}
