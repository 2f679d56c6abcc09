import type { Adcode } from './county.js';
import type { Gate } from './gate.js';
import type { RobustnessLabel } from './robustness.js';

/** One fact that has changed, named so that people find it: `park 331102-01 energyTce 500 -> 450`. */
export interface FactChange {
  readonly kind: 'park' | 'edition' | 'day' | 'need';
  readonly parkId: string | null;
  /** `energyTce`, `parcel:p1`, `landPriceWanPerMu`, `landStandard.taxPerMuWan` …; null for edition, day and need. */
  readonly fact: string | null;
  readonly from: number | string | null;
  readonly to: number | string | null;
}

/** What a result says, apart from its numbers: two results with equal outcomes give the same advice. */
export interface MatchOutcome {
  /** Shown ranked parks in their order. */
  readonly ranked: readonly {
    readonly parkId: string;
    readonly rank: number;
    readonly status: 'eligible' | 'conditional';
    readonly open: readonly Gate[];
  }[];
  readonly rankedTotal: number;
  /** Shown excluded parks in their order, with the gates against them. */
  readonly excluded: readonly { readonly parkId: string; readonly failing: readonly Gate[] }[];
  readonly excludedTotal: number;
  readonly label: RobustnessLabel | null;
}

/** Which result, and when it was made. */
export interface ResultName {
  readonly needId: string;
  readonly version: number;
  readonly profile: string;
  readonly snapshot: string;
  readonly generatedAt: string;
}

/**
 * A result without its reasons: which park stands where. The whole result follows from it, the need and the facts of its
 * snapshot, to the bit.
 */
export interface ResultOutline extends ResultName {
  readonly outcome: MatchOutcome;
  /** Scores of the outcome's ranked parks, in its order, points. */
  readonly scores: readonly number[];
}

/** What moved between two outcomes. Ranks are null where the park was not shown or not ranked. */
export interface OutcomeDifference {
  readonly first: { readonly from: string | null; readonly to: string | null };
  readonly ranks: readonly { readonly parkId: string; readonly from: number | null; readonly to: number | null }[];
  readonly gates: readonly {
    readonly parkId: string;
    readonly gate: Gate;
    readonly from: 'pass' | 'fail' | 'unknown';
    readonly to: 'pass' | 'fail' | 'unknown';
  }[];
  readonly statuses: readonly { readonly parkId: string; readonly from: ParkStanding; readonly to: ParkStanding }[];
  readonly label: { readonly from: RobustnessLabel | null; readonly to: RobustnessLabel | null } | null;
}

export type ParkStanding = 'eligible' | 'conditional' | 'excluded' | 'notShown';

/** One step of a need's answers: why it was matched again, and what moved. */
export interface HistoryEntry {
  readonly needId: string;
  /** From 1. */
  readonly position: number;
  readonly at: string;
  readonly needVersion: number;
  /** The first 20 facts; `changesTotal` says how many there are. */
  readonly changes: readonly FactChange[];
  readonly changesTotal: number;
  readonly fromResultId: string | null;
  readonly toResultId: string;
  readonly difference: OutcomeDifference | null;
  /** The event it raised; null where the margin or the lack of any announced change kept it quiet. */
  readonly announced: 'match.created' | 'match.changed' | 'match.lost' | null;
}

/** What subscribers were told last of a need's first park: later changes are measured against it. */
export interface Announced {
  readonly parkId: string | null;
  /** Score of the announced first park when announced, points. */
  readonly score: number | null;
  /** Its status when announced; absent where no park was ranked. */
  readonly status?: 'eligible' | 'conditional';
}

/** A rematch of many needs, with how far it has come. It goes on from `cursor` after a crash. */
export interface RematchRun {
  /** `run_` + 24 letters and digits. */
  readonly id: string;
  readonly reason: 'nightly' | 'edition' | 'day' | 'manual';
  /** Null: all needs. */
  readonly countyAdcode: Adcode | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  /** Id of the last need that is done; needs are taken in the order of their ids. */
  readonly cursor: string | null;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
  /** Milliseconds at work, summed over resumptions. */
  readonly workedMs: number;
}

/** When a county's needs are matched anew in full: cron in UTC. */
export interface RematchSchedule {
  readonly countyAdcode: Adcode;
  readonly cron: string;
  readonly version: number;
}
