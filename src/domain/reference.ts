import type { Chain, Industry, LinkPresence } from './chain.js';
import type { County, Pairing } from './county.js';
import type { AccessRule, Policy, QuotaPrice, StandardIndicator } from './policy.js';
import type { WeightProfile } from './profile.js';

/** All that is known apart from parks and needs; loaded whole, changed only by seeding a new edition. */
export interface ReferenceData {
  readonly counties: readonly County[];
  readonly pairings: readonly Pairing[];
  readonly chains: readonly Chain[];
  readonly industries: readonly Industry[];
  readonly presences: readonly LinkPresence[];
  readonly accessRules: readonly AccessRule[];
  readonly policies: readonly Policy[];
  readonly quotaPrices: readonly QuotaPrice[];
  readonly standards: readonly StandardIndicator[];
  readonly profiles: readonly WeightProfile[];
}
