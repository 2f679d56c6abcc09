import type { Adcode } from './county.js';
import type { IsoDate, Provenance } from './provenance.js';

/** A ban or restriction on an industry in a county (准入负面清单). */
export interface AccessRule {
  readonly id: string;
  readonly level: 'ban' | 'restrict';
  /** Counties it holds in. */
  readonly adcodes: readonly Adcode[];
  /** GB/T 4754-2017 prefixes, two to four digits. */
  readonly gbtPrefixes: readonly string[];
  readonly text: string;
  readonly provenance: Provenance;
}

/** A support policy (政策找企业): shown beside a park, never scored. */
export interface Policy {
  readonly id: string;
  readonly title: string;
  /** Counties it can be claimed in. */
  readonly adcodes: readonly Adcode[];
  /** Scope as the source words it. */
  readonly scope: readonly string[];
  readonly instrument: string;
  /** As the source states it; null where it gives none, shown as 以当地文件为准. */
  readonly amountText: string | null;
  /** The most one firm gets in a year, 万元; null where the source states no such figure. */
  readonly maxWanPerYear: number | null;
  /** Conditions as the source words them. */
  readonly eligibility: string | null;
  /** Who may claim: policies for counties or officials are not offered to firms. */
  readonly beneficiary: string | null;
  readonly chainIds: readonly string[];
  readonly provenance: Provenance;
}

/** A price at which a missing quota can be bought, 万元 per unit and year. */
export interface QuotaPrice {
  readonly quota: 'energyTce' | 'codT' | 'nh3nT' | 'so2T' | 'noxT' | 'vocT';
  /** Null: a market exists, but no source gives its price. */
  readonly priceWan: number | null;
  readonly from: IsoDate;
  readonly provenance: Provenance;
}

/** A published indicator kept for reference and display (标准地 and related). */
export interface StandardIndicator {
  readonly id: string;
  readonly kind: string;
  readonly indicator: string;
  readonly region: string;
  readonly industry: string | null;
  readonly valueText: string | null;
  readonly unit: string | null;
  readonly text: string;
  readonly provenance: Provenance;
}
