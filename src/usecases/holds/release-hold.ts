import { fence, release } from '../../capacity/holds.js';
import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { ReleaseReason } from '../../domain/hold.js';
import type { Lead } from '../../domain/lead.js';
import type { Park } from '../../domain/park.js';
import { clearClaim } from './claims.js';
import type { HoldDeps } from './deps.js';
import { changePark } from './documents.js';
import { holdFacts, waitFacts } from './hold-changes.js';
import { mayHoldFor } from './rights.js';
import { wakeAt } from './terms.js';

/** Whose hold or wait entry it is. */
export function leadIdOf({ capacity }: Park, holdId: string): string | null {
  return (
    capacity.holds.find(({ id }) => id === holdId)?.leadId ??
    capacity.waitlist.find((entry) => entry.holdId === holdId)?.leadId ??
    null
  );
}

/** The park and lead of a hold, or of a place on a waitlist. @throws AppError `notFound`. */
export async function findHold(
  deps: HoldDeps,
  caller: Caller,
  holdId: string,
): Promise<{ readonly park: Park; readonly lead: Lead }> {
  const parkId = await deps.parkStore.parkOfHold(holdId);
  const park = parkId === null ? null : await deps.parkStore.get(parkId);
  const leadId = park === null ? null : leadIdOf(park, holdId);
  if (park === null || leadId === null) throw new AppError('notFound', { params: { what: 'hold' } });
  return { park, lead: mayHoldFor(caller, await deps.leadStore.get(leadId), 'hold') };
}

/**
 * Takes the hold, or the wait entry, out of the park and bars its id where it was not there yet: a placement under way
 * comes too late then. The lead's claim must have been given up. Gives whether anything was there.
 */
export async function giveBack(
  deps: HoldDeps,
  where: { readonly parkId: string; readonly holdId: string; readonly leadId: string },
  lead: Lead | null,
  reason: ReleaseReason,
  caller: Caller,
): Promise<boolean> {
  const { parkId, holdId, leadId } = where;
  const { result } = await changePark(deps, parkId, `${holdId}:release`, caller, ({ capacity }) => {
    const after = { holdId, leadId, reason };
    const taken = release(capacity, holdId);
    if (taken === null) {
      const fenced = fence(capacity, holdId);
      const events = [{ type: 'hold.fenced' as const, lead, before: null, after }];
      return { capacity: fenced, events: fenced === null ? [] : events, result: false };
    }
    const { hold, entry } = taken;
    const before = hold !== null ? holdFacts(hold) : entry === null ? null : waitFacts(entry);
    const type = hold === null ? ('hold.dropped' as const) : ('hold.released' as const);
    return { capacity: taken.capacity, events: [{ type, lead, before, after }], result: true };
  });
  // Whoever waits for the room is served by the worker.
  if (result) await wakeAt(deps, parkId, holdId, deps.clock.now());
  return result;
}

/**
 * See `LeadUseCases.releaseHold`. What a landed project uses is released as `recorded`: when the county is about to
 * record an inventory without it. A place on the waitlist is given up the same way.
 */
export async function releaseHold(deps: HoldDeps, caller: Caller, holdId: string): Promise<void> {
  const { park, lead } = await findHold(deps, caller, holdId);
  const used = park.capacity.holds.some(({ id, kind }) => id === holdId && kind === 'used');
  // The lead first: should this process end in between, the sweep takes out the hold nobody claims, and the next hold of
  // the lead is not placed before.
  await clearClaim(deps, lead.id, holdId, caller);
  const where = { parkId: park.id, holdId, leadId: lead.id };
  await giveBack(deps, where, lead, used ? 'recorded' : 'withdrawn', caller);
}
