import type { Criterion } from '../domain/match.js';

/**
 * The fixed absolute bounds of each criterion, where the utility is 0 and where it is 1. They never depend on which
 * other parks there are, so adding or removing a park cannot reorder two others.
 */
export const BOUNDS = {
  /** Usable land over land asked for, less 1. */
  landHeadroom: { kind: 'benefit', at0: 0, at1: 3, unit: 'ratio' },
  /** Parcel over ideal area: best at 1, worthless at 4; below 1 the share itself. */
  parcelFit: { kind: 'ideal', at0: 4, at1: 1, unit: 'ratio' },
  /** Free energy quota over need, less 1. */
  energyHeadroom: { kind: 'benefit', at0: 0, at1: 4, unit: 'ratio' },
  /** The scarcest pollutant's free quota over need, less 1. */
  envHeadroom: { kind: 'benefit', at0: 0, at1: 4, unit: 'ratio' },
  /** Land price; the rent's bounds are RENT_BOUNDS. */
  siteCost: { kind: 'cost', at0: 40, at1: 5, unit: 'wan/mu' },
  wageCost: { kind: 'cost', at0: 9_000, at1: 4_000, unit: 'yuan/month' },
  /** Workers to be had over workers needed. */
  labour: { kind: 'benefit', at0: 1, at1: 10, unit: 'ratio' },
  /** Days until the first piece of land can be supplied. */
  time: { kind: 'cost', at0: 1_095, at1: 0, unit: 'day' },
  chainFit: { kind: 'benefit', at0: 0, at1: 1, unit: 'share' },
  textSimilarity: { kind: 'benefit', at0: 0, at1: 1, unit: 'share' },
  pairing: { kind: 'benefit', at0: 0, at1: 1, unit: 'share' },
  /** Great-circle distance between county seats. */
  distance: { kind: 'cost', at0: 400, at1: 0, unit: 'km' },
  /** Share of the endowments the need's links settle by. */
  endowment: { kind: 'benefit', at0: 0, at1: 1, unit: 'share' },
  /** Decimal logarithm of the investment over the county's yearly product: 3% is easily borne, 60% is not. */
  scale: { kind: 'cost', at0: Math.log10(0.6), at1: Math.log10(0.03), unit: 'log10' },
} as const satisfies Record<Criterion, { kind: 'benefit' | 'cost' | 'ideal'; at0: number; at1: number; unit: string }>;

/** Standard workshop, yuan per m² and month. */
export const RENT_BOUNDS = { at0: 30, at1: 5 } as const;

/** The fit of land that must be put together from several parcels. */
export const SPLIT_PARCEL_FIT = 0.2;

/** A finite number held inside [0, 1]. Without branches: in the hot loops which side a value lies on is as good as random. */
export function clamp(value: number): number {
  const raised = value * Number(value > 0);
  return raised * Number(raised <= 1) + Number(raised > 1);
}

/** The lesser of two finite numbers, without a branch. */
export function lesser(a: number, b: number): number {
  const less = Number(a < b);
  return a * less + b * (1 - less);
}

/** The greater of two finite numbers, without a branch. */
export function greater(a: number, b: number): number {
  const more = Number(a > b);
  return a * more + b * (1 - more);
}

/** Linear utility between two bounds, clamped to [0, 1]; unknown (NaN) is worth 0. Works for costs too. */
export function linear(value: number, at0: number, at1: number): number {
  return Number.isNaN(value) ? 0 : Math.max(0, Math.min(1, (value - at0) / (at1 - at0)));
}
