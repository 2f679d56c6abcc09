import type { Need } from './need.js';

/** What a county may know of a need it was sent before disclosure: nothing by which the firm could be told. */
export type BlindProfile = Pick<
  Need,
  | 'gbt'
  | 'chain'
  | 'land'
  | 'energyTce'
  | 'powerKva'
  | 'waterM3PerDay'
  | 'emissions'
  | 'workshopM2'
  | 'floorAreaM2'
  | 'investWan'
  | 'fixedInvestWan'
  | 'outputWan'
  | 'valueAddedWan'
  | 'taxWan'
  | 'workers'
  | 'neededBy'
>;

/** 分成测算 of one project by a scheme's ratios. Null where the need does not state the figure. */
export interface ShareSimulation {
  readonly outputWan: { readonly total: number; readonly source: number; readonly host: number } | null;
  readonly taxWan: { readonly total: number; readonly source: number; readonly host: number } | null;
  readonly landIndicatorMu: { readonly total: number; readonly source: number; readonly host: number } | null;
  /** Wording and source of each ratio. */
  readonly basis: readonly { readonly what: 'output' | 'tax' | 'landIndicator'; readonly source: string }[];
}

export const FUNNEL_BY = ['pair', 'county', 'scheme', 'chain'] as const;
export type FunnelBy = (typeof FUNNEL_BY)[number];

/** One row of the funnel. Rates are of the pushed; null where nothing was pushed. Days are medians of calendar days. */
export interface FunnelRow {
  readonly key: string;
  readonly label: string;
  readonly pushed: number;
  readonly accepted: number;
  readonly signed: number;
  readonly landed: number;
  readonly ended: number;
  readonly acceptedRate: number | null;
  readonly signedRate: number | null;
  readonly landedRate: number | null;
  readonly medianDaysToAccept: number | null;
  readonly medianDaysToSign: number | null;
  readonly medianDaysToLand: number | null;
}
