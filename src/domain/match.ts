import type { Adcode } from './county.js';
import type { Criterion } from './criterion.js';
import type { Fix, Gate } from './gate.js';
import type { Basis, IsoDate } from './provenance.js';
import type { IfMet, Remedy } from './remedy.js';
import type { Confirmation, Robustness } from './robustness.js';

export { type Fix, GATES, type Gate } from './gate.js';

export type GateOutcome = 'pass' | 'fail' | 'unknown';

/** One gate's answer. Dates are `IsoDate` in `required` and `available` with unit `date` and the shortfall in days. */
export interface GateReport {
  readonly gate: Gate;
  readonly outcome: GateOutcome;
  readonly required: number | IsoDate | null;
  readonly available: number | IsoDate | null;
  readonly unit: string | null;
  readonly shortfall: number | null;
  /** Access rule or standard the answer rests on. */
  readonly ref: string | null;
  readonly basis: Basis;
  readonly asOf: IsoDate;
  /** Cheapest first; empty unless the gate failed or is unknown. */
  readonly fixes: readonly Fix[];
}

export { CRITERIA, type Criterion } from './criterion.js';

/** `points` is a multiple of 1/1024, so that sums are exact in binary floating point in any order. */
export interface Contribution {
  readonly criterion: Criterion;
  readonly utility: number;
  readonly weight: number;
  readonly points: number;
}

/** Why a chain part counts: the need's link, the park's link, how strong, over how many `feeds` steps. */
export interface ChainEvidence {
  readonly part: 'strengthen' | 'complete' | 'extend';
  readonly needLink: string;
  readonly parkLink: string;
  readonly strength: number;
  readonly steps: number;
  readonly wanted: boolean;
  readonly anchors: readonly string[];
  readonly basis: Basis;
}

/** 强链 strengthen, 补链 complete, 延链 extend, each in [0, 1], and what they rest on. */
export interface ChainFitReport {
  readonly strengthen: number;
  readonly complete: number;
  readonly extend: number;
  readonly links: readonly ChainEvidence[];
}

export interface ParkRef {
  readonly id: string;
  readonly name: string;
  readonly county: { readonly adcode: Adcode; readonly name: string };
  /** Basis of the inventory: `sample` is shown as 示例数据. */
  readonly basis: Basis;
}

export interface PolicyRef {
  readonly id: string;
  readonly title: string;
  readonly instrument: string;
  readonly amountText: string | null;
  readonly source: string;
  readonly basis: Basis;
}

export interface RankedPark {
  readonly rank: number;
  readonly score: number;
  readonly status: 'eligible' | 'conditional';
  readonly park: ParkRef;
  readonly contributions: readonly Contribution[];
  readonly chainFit: ChainFitReport;
  readonly gates: readonly GateReport[];
  readonly policies: readonly PolicyRef[];
  /** Ids of the other parks with the same score and status. */
  readonly tiedWith: readonly string[];
  /** Id of a park that is at least as good on every criterion and better on one; null if none is. */
  readonly dominated: string | null;
  /** For a conditional park: its rank among the eligible ones if its open facts were confirmed. */
  readonly rankIfConfirmed: number | null;
  /** For a conditional park: what confirming each of its open gates would do; else empty. */
  readonly confirmations: readonly Confirmation[];
}

export interface ExcludedPark {
  readonly park: ParkRef;
  /** The gates that did not pass, failing ones first. */
  readonly gates: readonly GateReport[];
  /** What would let the park in, cheapest first; null where nobody looked. */
  readonly remedy: Remedy | null;
  /** Where it would stand if its only failed gate were just met; null where several failed. */
  readonly ifMet: IfMet | null;
}

/** How a need was placed on links: the parts the distribution is made of. Each sums to 1 or is empty. */
export interface PlacementReport {
  readonly links: readonly {
    readonly linkId: string;
    readonly share: number;
    readonly fromCode: number;
    readonly fromStated: number;
    readonly fromText: number;
  }[];
}

/** What matching one need against one snapshot gives. Data only: codes and numbers, never prose. */
export interface MatchResult {
  readonly needId: string;
  readonly version: number;
  readonly profile: string;
  readonly snapshot: string;
  readonly generatedAt: string;
  readonly placement: PlacementReport;
  readonly rankedTotal: number;
  readonly ranked: readonly RankedPark[];
  readonly excludedTotal: number;
  readonly excluded: readonly ExcludedPark[];
  readonly robustness: Robustness;
}
