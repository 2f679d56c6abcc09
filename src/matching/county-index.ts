import type { Adcode } from '../domain/county.js';
import type { PolicyRef } from '../domain/match.js';
import type { AccessRule } from '../domain/policy.js';
import type { ReferenceData } from '../domain/reference.js';
import { byCode } from './order.js';

/** A policy firms can claim in a county, as results carry it, with the chains it is for: none where for all. */
export interface CountyPolicy {
  readonly chainIds: readonly string[];
  readonly ref: PolicyRef;
}

/** What holds in one county: made once, since every park that is explained asks for it. */
export interface CountyIndex {
  /** The rule that says most comes first: one with a basis before one without, a ban before a restriction, then by id. */
  readonly accessRules: readonly AccessRule[];
  /** Policies for particular chains first, then those of the fewest counties, then by id. */
  readonly policies: readonly CountyPolicy[];
}

function accessRulesOf({ accessRules }: ReferenceData, adcode: Adcode): AccessRule[] {
  return accessRules
    .filter((rule) => rule.adcodes.includes(adcode))
    .sort(
      (a, b) =>
        Number(a.provenance.basis === 'unverified') - Number(b.provenance.basis === 'unverified') ||
        byCode(a.level, b.level) ||
        byCode(a.id, b.id),
    );
}

function policiesOf({ policies }: ReferenceData, adcode: Adcode): CountyPolicy[] {
  return policies
    .filter((policy) => policy.adcodes.includes(adcode))
    .filter((policy) => policy.beneficiary === null || policy.beneficiary.includes('企业'))
    .map((policy) => ({ policy, breadth: policy.chainIds.length > 0 ? 0 : policy.adcodes.length }))
    .sort((a, b) => a.breadth - b.breadth || byCode(a.policy.id, b.policy.id))
    .map(({ policy }) => ({
      chainIds: policy.chainIds,
      ref: {
        id: policy.id,
        title: policy.title,
        instrument: policy.instrument,
        amountText: policy.amountText,
        source: policy.provenance.source,
        basis: policy.provenance.basis,
      },
    }));
}

/** Indexes a reference by county, in the counties' order. */
export function compileCountyIndex(reference: ReferenceData): CountyIndex[] {
  return reference.counties.map(({ adcode }) => ({
    accessRules: accessRulesOf(reference, adcode),
    policies: policiesOf(reference, adcode),
  }));
}
