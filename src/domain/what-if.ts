import type { Criterion } from './criterion.js';
import type { Need } from './need.js';
import type { ParkInventory } from './park.js';
import type { RobustnessLabel } from './robustness.js';

/** The parts of a need that may be supposed otherwise: everything but who the firm is and its own words. */
export type SupposedKey = Exclude<keyof Need, 'firm' | 'title' | 'description' | 'weights'>;

/** Requirements supposed otherwise; each replaces the need's own as a whole, null takes it away. */
export type SupposedNeed = { readonly [Key in SupposedKey]?: Need[Key] | null };

/** A park's facts supposed otherwise. */
export interface SupposedPark {
  readonly id: string;
  readonly edit: (current: ParkInventory) => ParkInventory;
}

/** What is supposed. Weights replace those of the criteria named. */
export interface Supposition {
  readonly weights?: Need['weights'];
  readonly need?: SupposedNeed;
  readonly parks?: readonly SupposedPark[];
}

/** What changed for one park. Null: the park is not among those ranked and shown. */
export interface RankChange {
  readonly parkId: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Points of one criterion before and after; 0 where it did not count. */
export interface PointsChange {
  readonly parkId: string;
  readonly criterion: Criterion;
  readonly pointsFrom: number;
  readonly pointsTo: number;
  readonly delta: number;
}

/** How one result differs from another, over the ranked parks each of them shows. Only what changed. */
export interface ResultDifference {
  readonly first: { readonly from: string | null; readonly to: string | null };
  readonly label: { readonly from: RobustnessLabel | null; readonly to: RobustnessLabel | null };
  /** By the new rank, parks that left last. */
  readonly ranks: readonly RankChange[];
  readonly entered: readonly string[];
  readonly left: readonly string[];
  /** By the new rank, then in the order of CRITERIA; parks that entered or left are not compared. */
  readonly criteria: readonly PointsChange[];
}
