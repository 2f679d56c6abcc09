import { markUsed } from '../../capacity/holds.js';
import { type Caller, SYSTEM_CALLER } from '../../domain/access.js';
import { NEVER, type ReleaseReason } from '../../domain/hold.js';
import type { Lead } from '../../domain/lead.js';
import { LANDED_STAGES } from '../../leads/move-rules.js';
import { clearClaim, confirmClaim } from './claims.js';
import type { HoldDeps } from './deps.js';
import { changePark } from './documents.js';
import { holdFacts } from './hold-changes.js';
import { giveBack } from './release-hold.js';
import { isLive } from './rights.js';

/** Ten times the parks of a province. */
const PARKS_AT_ONCE = 10_000;

/** Makes a hold `used`; nothing where it is, or where it no longer counts. */
export async function useHold(
  deps: HoldDeps,
  lead: Lead,
  holdId: string,
  parkId: string,
  caller: Caller,
): Promise<void> {
  await changePark(deps, parkId, `${holdId}:use`, caller, (park, now) => {
    const nothing = { capacity: null, events: [], result: null };
    if (park.capacity.holds.some(({ id, kind }) => id === holdId && kind === 'used')) return nothing;
    const renewal = markUsed(park, holdId, now);
    if (renewal.outcome !== 'changed') return nothing;
    const { capacity, before, hold } = renewal;
    const events = [{ type: 'hold.used' as const, lead, before: holdFacts(before), after: holdFacts(hold) }];
    return { capacity, events, result: null };
  });
}

const closedReason = ({ stage }: Lead): ReleaseReason => (stage === 'declined' ? 'declined' : 'ended');

/** Brings one hold or wait entry and its lead together; gives whether there was anything to do. */
async function reconcile(
  deps: HoldDeps,
  where: { readonly parkId: string; readonly holdId: string; readonly leadId: string },
  kind: 'soft' | 'firm' | 'used' | 'waiting',
): Promise<boolean> {
  const { parkId, holdId, leadId } = where;
  const lead = await deps.leadStore.get(leadId);
  // The claim comes before the hold and its id is used once: a claim for something else was given up for good.
  if (lead === null || lead.claim?.holdId !== holdId) return giveBack(deps, where, lead, 'orphaned', SYSTEM_CALLER);
  const landed = LANDED_STAGES.includes(lead.stage);
  if (!landed && !isLive(lead)) {
    await clearClaim(deps, leadId, holdId, SYSTEM_CALLER);
    return giveBack(deps, where, lead, closedReason(lead), SYSTEM_CALLER);
  }
  if (landed && kind === 'firm') {
    await useHold(deps, lead, holdId, parkId, SYSTEM_CALLER);
    return true;
  }
  if (lead.claim.state === 'waiting' && kind !== 'waiting') {
    await confirmClaim(deps, leadId, lead.claim, 'placed', SYSTEM_CALLER);
    return true;
  }
  return false;
}

/**
 * Looks at every hold and wait entry: what no lead claims is released as `orphaned`, what a landed lead holds is made
 * used, and claims that lag behind their park are brought up. Gives how many were not in order.
 */
export async function reconcileHolds(deps: HoldDeps): Promise<number> {
  let mended = 0;
  for (const parkId of await deps.parkStore.withHoldsDue(NEVER, PARKS_AT_ONCE)) {
    const capacity = (await deps.parkStore.get(parkId))?.capacity;
    const held = (capacity?.holds ?? []).map(({ id, leadId, kind }) => ({ holdId: id, leadId, kind }));
    const waiting = (capacity?.waitlist ?? []).map(({ holdId, leadId }) => ({
      holdId,
      leadId,
      kind: 'waiting' as const,
    }));
    for (const { kind, ...ids } of [...held, ...waiting]) {
      try {
        if (await reconcile(deps, { parkId, ...ids }, kind)) mended += 1;
      } catch (error) {
        deps.log.warn({ parkId, holdId: ids.holdId, err: error }, 'hold not reconciled, tried again later');
      }
    }
  }
  return mended;
}
