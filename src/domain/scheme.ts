import type { IsoDate, Provenance } from './provenance.js';

/** How a tie of reports made at the same time is settled. */
export const TIE_RULES = ['earlierRecord', 'largerInvestment', 'coordinator'] as const;
export type TieRule = (typeof TIE_RULES)[number];

/** A rule's value and the document it comes from. */
export interface Sourced<T> {
  readonly value: T;
  readonly provenance: Provenance;
}

/** What goes to the source county and to the host county; the two add up to 1. */
export interface ShareRatio {
  readonly source: number;
  readonly host: number;
}

/** The rules by which leads are passed between counties (一套规则一个版本). Leads keep the version they began with. */
export interface Scheme {
  /** e.g. `zj-pairing`. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** First day it holds for new leads. */
  readonly from: IsoDate;
  readonly rules: {
    /** 响应: working days in which the host accepts or declines. */
    readonly responseWorkingDays: Sourced<number>;
    /** 研判: working days after accepting. */
    readonly assessmentWorkingDays: Sourced<number>;
    /** 反馈: calendar days after assessing. */
    readonly feedbackDays: Sourced<number>;
    /** 进展: calendar days between progress reports until production. */
    readonly progressDays: Sourced<number>;
    /** 保护期: calendar days in which the first report stands. */
    readonly protectionDays: Sourced<number>;
    /** Whether a further project of a firm that has landed in the host county counts as a lead. */
    readonly countsExpansionsOfLanded: Sourced<boolean>;
    readonly minInvestWan: Sourced<number>;
    /** Host counties one need may be open with at a time. */
    readonly openPushesAtMost: Sourced<number>;
    /** Reports this many hours apart or less count as made at the same time. */
    readonly sameTimeHours: Sourced<number>;
    readonly tieRule: Sourced<TieRule>;
    readonly softHoldDays: Sourced<number>;
    readonly firmHoldDays: Sourced<number>;
    readonly holdExtensionsAtMost: Sourced<number>;
    readonly outputShare: Sourced<ShareRatio>;
    readonly taxShare: Sourced<ShareRatio>;
    readonly landIndicatorShare: Sourced<ShareRatio>;
  };
  readonly publishedAt: string;
  readonly publishedBy: string;
}

/** How leads and changes name a scheme's version: `id@version`. */
export function schemeRef(scheme: Pick<Scheme, 'id' | 'version'>): string {
  return `${scheme.id}@${scheme.version}`;
}
