import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { HoldClaim, Lead } from '../../domain/lead.js';
import { type HoldDeps, untilDone } from './deps.js';
import { claimChange } from './hold-changes.js';

/**
 * A claim's `at` tells one form of it from the next: it grows with every write, also within a millisecond. Who wants to
 * say `placed` names the form it has seen, so that it can't cover up that somebody has begun to take the hold out since.
 */
function later(now: string, before: string | undefined): string {
  if (before === undefined || before < now) return now;
  return new Date(Date.parse(before) + 1).toISOString();
}

/** Puts a claim on a lead if it still has the version; null where it has not. */
export async function claimOnce(
  deps: HoldDeps,
  lead: Lead,
  claim: HoldClaim | null,
  caller: Caller,
): Promise<Lead | null> {
  const next: Lead = { ...lead, claim, updatedAt: deps.clock.now(), version: lead.version + 1 };
  if (!(await deps.leadStore.replace(next, lead.version, [claimChange(caller, next, lead.claim)]))) return null;
  deps.changes.changed('lead', lead.id);
  return next;
}

/** Changes the claim of a lead as `decide` says of the present one; `keep` leaves it. Gives the lead as it is then. */
async function changeClaim(
  deps: HoldDeps,
  leadId: string,
  key: string,
  caller: Caller,
  decide: (claim: HoldClaim | null) => HoldClaim | null | 'keep',
): Promise<Lead | null> {
  const done = await untilDone(deps, key, async () => {
    const lead = await deps.leadStore.get(leadId);
    const claim = lead === null ? 'keep' : decide(lead.claim);
    if (lead === null || claim === 'keep') return { lead };
    const changed = await claimOnce(deps, lead, claim, caller);
    return changed === null ? null : { lead: changed };
  });
  if (done === null) throw new AppError('holdRefused', { issues: [{ field: 'lead', code: 'busy' }] });
  return done.lead;
}

/**
 * Says on the lead that its hold is about to be taken out: until the claim is cleared or confirmed, the sweep looks.
 * Gives the claim as it is then; null where the lead claims something else, or nothing.
 */
export async function markClaim(
  deps: HoldDeps,
  leadId: string,
  holdId: string,
  caller: Caller,
): Promise<HoldClaim | null> {
  const lead = await changeClaim(deps, leadId, `${holdId}:mark`, caller, (claim) =>
    claim?.holdId === holdId ? { ...claim, state: 'placing', at: later(deps.clock.now(), claim.at) } : 'keep',
  );
  return lead?.claim?.holdId === holdId ? lead.claim : null;
}

/** Says what the park was found to have, if the claim is still the one that was seen before looking there. */
export function confirmClaim(
  deps: HoldDeps,
  leadId: string,
  seen: HoldClaim,
  state: 'placed' | 'waiting',
  caller: Caller,
): Promise<Lead | null> {
  return changeClaim(deps, leadId, `${seen.holdId}:${state}`, caller, (claim) =>
    claim?.holdId !== seen.holdId || claim.at !== seen.at || claim.state === state
      ? 'keep'
      : { ...claim, state, at: later(deps.clock.now(), claim.at) },
  );
}

/** Takes the claim off the lead if it is for this hold, which the park has not got and never will again. */
export function clearClaim(deps: HoldDeps, leadId: string, holdId: string, caller: Caller): Promise<Lead | null> {
  return changeClaim(deps, leadId, `${holdId}:clear`, caller, (claim) => (claim?.holdId === holdId ? null : 'keep'));
}
