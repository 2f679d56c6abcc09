/**
 * The most that one need may ask for. Far above any real project, so that what exceeds them is a slip of the unit
 * (yuan for 万元, m² for mu) or nonsense, and small enough that sums and products stay exact enough to rank on.
 */
export const NEED_MAX = {
  /** mu; the largest parks plan some 10,000. */
  landMu: 20_000,
  /** tce a year; a large refinery uses about this much. */
  energyTce: 5_000_000,
  powerKva: 2_000_000,
  waterM3PerDay: 1_000_000,
  /** t a year of one pollutant. */
  emissionT: 100_000,
  workshopM2: 5_000_000,
  floorAreaM2: 50_000_000,
  /** 万元. */
  investWan: 50_000_000,
  outputWan: 100_000_000,
  valueAddedWan: 100_000_000,
  taxWan: 20_000_000,
  workers: 200_000,
  weight: 1_000,
} as const;

/** The most that one park's inventory may state. */
export const INVENTORY_MAX = {
  parcelMu: 50_000,
  energyTce: 20_000_000,
  powerKva: 10_000_000,
  waterM3PerDay: 5_000_000,
  pollutantT: 1_000_000,
  workshopM2: 20_000_000,
  landPriceWanPerMu: 10_000,
  workshopRentYuanPerM2Month: 1_000,
  wageYuanPerMonth: 100_000,
  labour: 2_000_000,
  investPerMuWan: 100_000,
  taxPerMuWan: 10_000,
  energyPerValueAddedTce: 1_000,
  plotRatio: 20,
} as const;

/** Lengths in UTF-16 units and numbers of list items. */
export const TEXT_MAX = { name: 200, title: 200, description: 5_000, id: 64, source: 200 } as const;
export const LIST_MAX = { phases: 8, chainLinks: 20, excludedCounties: 100, parcels: 500, whatIfParks: 100 } as const;

/** The smallest quantity told apart from zero, in the quantity's own unit. */
export const FINEST = 0.0001;
/** The least land of one phase or parcel, mu. */
export const LEAST_PIECE_MU = 0.01;
/** How far ahead a date may lie, years. */
export const HORIZON_YEARS = 30;
/** How deep a body may nest. */
export const MAX_DEPTH = 16;
/** How many issues one answer lists. */
export const MAX_ISSUES = 50;
