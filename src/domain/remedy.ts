import type { Fix, Gate } from './gate.js';
import type { IsoDate } from './provenance.js';

/**
 * One step of a combination, in the form of a single way out. `amount` is, by kind: land in all after `takeLessLand`
 * (mu), land of the first phase (mu), days waited, number of parcels, quota bought, investment added (wan), or what
 * use falls to (`cutUse`). `costWan` 0: nothing is paid for it; null: no sourced price.
 */
export interface RemedyAction extends Fix {
  /** The failed gates it closes, alone or with the other steps. */
  readonly gates: readonly Gate[];
}

/** A piece of the project's land on one parcel: it can be had from `by` on, or is asked for by then if that is later. */
export interface LandPiece {
  readonly parcelId: string;
  readonly mu: number;
  readonly by: IsoDate;
}

/** What a combination leaves open. */
export interface OpenPoint {
  /**
   * - `gateStays`: no step known here closes the gate
   * - `unknownFact`: the gate rests on a fact or rule somebody has to confirm
   * - `unpriced`: a step closes the gate, but no source gives its price
   */
  readonly kind: 'gateStays' | 'unknownFact' | 'unpriced';
  readonly gate: Gate;
}

/** Steps that belong together. */
export interface Combination {
  readonly closesAll: boolean;
  readonly actions: readonly RemedyAction[];
  /** Land the project takes, mu; null where it asks for none. */
  readonly landMu: number | null;
  /** Land given up against what was asked, mu. */
  readonly landGivenUpMu: number;
  /** Where the land lies, earliest first; empty where the phases stay as they are. */
  readonly landPlan: readonly LandPiece[];
  /** Sum of the known costs, 万元: what is paid once, and the first year of rights. */
  readonly costWan: number;
  /** Some step has no sourced price: the real cost is higher by an unknown amount. */
  readonly costUnknown: boolean;
  /** Day on which the last of the land can be had, where that is later than was asked (than today if no day was). */
  readonly readyBy: IsoDate | null;
  readonly open: readonly OpenPoint[];
}

/** What would let an excluded park in. */
export interface Remedy {
  /**
   * At least one; the best first: fewest gates left shut, then least known cost, earliest day, least land given up.
   * The others, if any, give up less land or are ready earlier than the first.
   */
  readonly combinations: readonly Combination[];
}

/** Where a park that one gate alone keeps out would stand if that gate were just met. */
export interface IfMet {
  readonly gate: Gate;
  readonly score: number;
  readonly rank: number;
  /** `conditional`: other facts of it would still have to be confirmed. */
  readonly status: 'eligible' | 'conditional';
}
