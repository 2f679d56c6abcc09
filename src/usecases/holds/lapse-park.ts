import { type Lapse, lapse } from '../../capacity/holds.js';
import { SYSTEM_CALLER } from '../../domain/access.js';
import type { HoldClaim, Lead } from '../../domain/lead.js';
import type { Park } from '../../domain/park.js';
import { clearClaim, confirmClaim, markClaim } from './claims.js';
import { daysAfter, type HoldDeps } from './deps.js';
import { changePark } from './documents.js';
import { type CapacityEvent, holdFacts } from './hold-changes.js';

/** Days before its end at which a hold's people are warned. */
export const WARN_DAYS = 3;

/**
 * Takes out the holds of a park whose time is over, and warns of those that end within three days: one update of the
 * park, and of each lead whose hold it was.
 */
export async function lapsePark(deps: HoldDeps, { id: parkId, capacity }: Park): Promise<void> {
  const now = deps.clock.now();
  const warnBy = daysAfter(now, WARN_DAYS);
  const due = lapse(capacity, now, warnBy);
  if (due === null) return;
  // The claims first become unsettled: should this process end before it is through, the sweep finds and settles them.
  const marked = new Map<string, HoldClaim | null>();
  for (const { id, leadId } of due.expired) marked.set(id, await markClaim(deps, leadId, id, SYSTEM_CALLER));
  const holds = [...due.expired, ...due.warned];
  const ids = new Set(holds.map(({ id }) => id));
  const leads = new Map<string, Lead | null>();
  for (const { leadId } of holds) leads.set(leadId, leads.get(leadId) ?? (await deps.leadStore.get(leadId)));
  const { result: alive } = await changePark(deps, parkId, `${parkId}:expire`, SYSTEM_CALLER, (park) => {
    // As of the moment at which the claims were marked: one that has run out since is for the next time.
    const lapsed = lapse(park.capacity, now, warnBy, ids);
    return {
      capacity: lapsed?.capacity ?? null,
      events: lapsed === null ? [] : eventsOf(lapsed, leads),
      result: new Set((lapsed?.capacity ?? park.capacity).holds.map((hold) => hold.id)),
    };
  });
  for (const { id, leadId } of due.expired) {
    // One that was renewed between the two reads lives on.
    const seen = marked.get(id) ?? null;
    if (!alive.has(id)) await clearClaim(deps, leadId, id, SYSTEM_CALLER);
    else if (seen !== null) await confirmClaim(deps, leadId, seen, 'placed', SYSTEM_CALLER);
  }
}

function eventsOf({ expired, warned }: Lapse, leads: ReadonlyMap<string, Lead | null>): readonly CapacityEvent[] {
  return [
    ...expired.map((hold): CapacityEvent => {
      const { id, leadId } = hold;
      const after = { holdId: id, leadId, reason: 'expired' };
      return { type: 'hold.released', lead: leads.get(leadId) ?? null, before: holdFacts(hold), after };
    }),
    ...warned.map(({ id, leadId, kind, until }): CapacityEvent => {
      const after = { holdId: id, leadId, kind, until };
      return { type: 'hold.expiring', lead: leads.get(leadId) ?? null, before: null, after };
    }),
  ];
}
