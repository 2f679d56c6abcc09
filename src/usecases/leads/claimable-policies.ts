import { type Adcode, holdsOn, type Pairing } from '../../domain/county.js';
import type { Policy } from '../../domain/policy.js';
import type { IsoDate } from '../../domain/provenance.js';
import type { ReferenceData } from '../../domain/reference.js';
import type { PlanView } from '../lead-use-cases.js';

/** What tells which policies a project could claim. */
export interface Claimant {
  readonly sourceAdcode: Adcode;
  readonly hostAdcode: Adcode;
  /** Chains of the project; none where they are unknown. */
  readonly chainIds: readonly string[];
  readonly day: IsoDate;
}

/** True if firms may claim it: policies for counties, platforms and villages are not offered. */
function forFirms({ beneficiary }: Policy): boolean {
  return beneficiary === null || beneficiary.includes('企业');
}

/** True if the policy names just the two counties of the pairing: it is an agreement between them. */
function agreedBy({ sourceAdcode, hostAdcode }: Pairing, { adcodes }: Policy): boolean {
  return adcodes.length === 2 && adcodes.includes(sourceAdcode) && adcodes.includes(hostAdcode);
}

/** An agreement of a pair is for projects that come from the one county to the other while they are paired. */
function reaches(policy: Policy, pairings: readonly Pairing[], claimant: Claimant): boolean {
  const agreements = pairings.filter((pairing) => agreedBy(pairing, policy));
  if (agreements.length === 0) return true;
  return agreements.some(
    (pairing) =>
      pairing.sourceAdcode === claimant.sourceAdcode &&
      pairing.hostAdcode === claimant.hostAdcode &&
      holdsOn(pairing, claimant.day),
  );
}

function forChains({ chainIds }: Policy, of: readonly string[]): boolean {
  return chainIds.length === 0 || chainIds.some((id) => of.includes(id));
}

/**
 * Policies a project could claim in its host county (政策找企业), with amount and conditions as the source words them:
 * those for its chains first, then those of the fewest counties, then by id. Whether the conditions are met is not judged.
 */
export function claimablePolicies(
  { policies, pairings }: Pick<ReferenceData, 'policies' | 'pairings'>,
  claimant: Claimant,
): PlanView['policies'] {
  return policies
    .filter((policy) => policy.adcodes.includes(claimant.hostAdcode))
    .filter((policy) => forFirms(policy) && forChains(policy, claimant.chainIds))
    .filter((policy) => reaches(policy, pairings, claimant))
    .map((policy) => ({ policy, breadth: policy.chainIds.length > 0 ? 0 : policy.adcodes.length }))
    .sort((a, b) => a.breadth - b.breadth || (a.policy.id < b.policy.id ? -1 : 1))
    .map(({ policy }) => ({
      id: policy.id,
      title: policy.title,
      instrument: policy.instrument,
      amountText: policy.amountText,
      maxWanPerYear: policy.maxWanPerYear,
      conditions: policy.eligibility,
      source: policy.provenance.source,
      basis: policy.provenance.basis,
    }));
}
