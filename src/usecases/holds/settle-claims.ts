import { fence, release } from '../../capacity/holds.js';
import { type Caller, SYSTEM_CALLER } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { HoldClaim, Lead } from '../../domain/lead.js';
import { clearClaim, confirmClaim } from './claims.js';
import type { HoldDeps } from './deps.js';
import { changePark, type Decision } from './documents.js';
import { holdFacts } from './hold-changes.js';

/** A claim that is `placing` longer than this was left by a process that ended, or is very slow, ms. */
export const CLAIM_PATIENCE_MS = 10_000;
const SETTLED_AT_ONCE = 200;

/**
 * Brings a claim and the park together: `placed` or `waiting` where the park has the hold or the entry; else the hold's
 * id is fenced in the park first, so that a slow writer can't place it any more, and then the claim is cleared. A hold
 * whose time is over is taken out: who marked its claim was about to, and may still do so.
 */
export async function settleOne(
  deps: HoldDeps,
  lead: Lead,
  claim: HoldClaim,
  caller: Caller = SYSTEM_CALLER,
): Promise<void> {
  type Found = 'placed' | 'waiting' | null;
  const { holdId, parkId } = claim;
  const { result } = await changePark<Found>(deps, parkId, `${holdId}:settle`, caller, ({ capacity }, now) => {
    const nothing = (result: Found): Decision<Found> => ({ capacity: null, events: [], result });
    const hold = capacity.holds.find(({ id }) => id === holdId);
    if (hold !== undefined && hold.until > now) return nothing('placed');
    if (capacity.waitlist.some((entry) => entry.holdId === holdId)) return nothing('waiting');
    const after = { holdId, leadId: lead.id };
    if (hold !== undefined) {
      const type = 'hold.released' as const;
      const events = [{ type, lead, before: holdFacts(hold), after: { ...after, reason: 'expired' } }];
      return { capacity: release(capacity, holdId)?.capacity ?? null, events, result: null };
    }
    const fenced = fence(capacity, holdId);
    if (fenced === null) return nothing(null);
    return { capacity: fenced, events: [{ type: 'hold.fenced', lead, before: null, after }], result: null };
  }).catch((error: unknown) => {
    // A park that is gone has no hold either.
    if (error instanceof AppError && error.code === 'notFound') return { result: null };
    throw error;
  });
  if (result === null) await clearClaim(deps, lead.id, holdId, caller);
  else await confirmClaim(deps, lead.id, claim, result, caller);
}

/** Settles claims left `placing` for too long; gives how many. One that fails is tried again by the next sweep. */
export async function settleClaims(deps: HoldDeps): Promise<number> {
  const before = new Date(Date.parse(deps.clock.now()) - CLAIM_PATIENCE_MS).toISOString();
  let settled = 0;
  for (const leadId of await deps.leadStore.unsettledClaims(before, SETTLED_AT_ONCE)) {
    const lead = await deps.leadStore.get(leadId);
    if (lead?.claim?.state !== 'placing' || lead.claim.at >= before) continue;
    await settleOne(deps, lead, lead.claim);
    settled += 1;
  }
  return settled;
}
