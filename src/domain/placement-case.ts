import type { Adcode } from './county.js';

/** How a firm came to its county: from another county of the province, from outside, or grown there. */
export const CASE_KINDS = ['transfer', 'inbound', 'home'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/**
 * What the engine may read of a documented landing. Null is unspecified. Firm, year and destination have no field
 * here: whatever is handed this cannot read them.
 */
export interface CaseQuestion {
  /** GB/T 4754 code, two to four digits. */
  readonly gbt: string;
  readonly originAdcode: Adcode | null;
  readonly landMu: number | null;
  readonly investWan: number | null;
  readonly outputWan: number | null;
  readonly taxWan: number | null;
  readonly jobs: number | null;
}

/** A documented landing (落地项目): what the firm wanted, kept apart from where it went. */
export interface PlacementCase {
  readonly id: string;
  readonly kind: CaseKind;
  /** Read by the text analysis alone. */
  readonly description: string;
  readonly question: CaseQuestion;
  /** The county it landed in. */
  readonly truth: Adcode;
}
