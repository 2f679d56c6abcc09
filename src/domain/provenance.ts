/**
 * How far a fact may be trusted.
 * - `reported`: named in a press or government report
 * - `public`: read from a public page or data set
 * - `confirmed`: confirmed by the county's own staff
 * - `sample`: made by the seeded generator, plausible but not real (示例数据)
 * - `unverified`: believed, without a source that could be checked; never decides a gate against a park
 */
export const BASES = ['reported', 'public', 'confirmed', 'sample', 'unverified'] as const;
export type Basis = (typeof BASES)[number];

/** A calendar date in the form `YYYY-MM-DD`, without a time zone. */
export type IsoDate = string;

/** Where a record comes from. Every record carries one. */
export interface Provenance {
  readonly source: string;
  readonly basis: Basis;
  /** The day for which the fact is stated. */
  readonly asOf: IsoDate;
}
