import { type Lapse, lapse } from '../../capacity/holds.js';
import { SYSTEM_CALLER } from '../../domain/access.js';
import type { Lead } from '../../domain/lead.js';
import { daysAfter } from './deps.js';
import { changePark, settleClaim } from './documents.js';
import { type CapacityEvent, holdFacts } from './hold-changes.js';
import { type PromoteDeps, promoteWaitlist } from './promote.js';
import { settleOne } from './settle-claims.js';

/** Days before its end at which a hold's people are warned. */
export const WARN_DAYS = 3;
const PARKS_AT_ONCE = 1_000;

/**
 * Takes out the holds of one park whose time is over, warns of those that end within three days, and serves the
 * waitlist. Each step may be done again. `missing` where there is no such park.
 */
export async function expirePark(deps: PromoteDeps, parkId: string): Promise<'done' | 'missing'> {
  const park = await deps.parkStore.get(parkId);
  if (park === null) return 'missing';
  const now = deps.clock.now();
  const due = lapse(park.capacity, now, daysAfter(now, WARN_DAYS));
  if (due !== null) await lapsePark(deps, parkId, due);
  await promoteWaitlist(deps, parkId);
  return 'done';
}

async function lapsePark(deps: PromoteDeps, parkId: string, due: Lapse): Promise<void> {
  // The claims first become unsettled: should this process end before it is through, the sweep finds and settles them.
  for (const { id, leadId } of due.expired) await settleClaim(deps, leadId, id, 'placing', SYSTEM_CALLER);
  const holds = [...due.expired, ...due.warned];
  const ids = new Set(holds.map(({ id }) => id));
  const leads = new Map<string, Lead | null>();
  for (const { leadId } of holds) leads.set(leadId, leads.get(leadId) ?? (await deps.leadStore.get(leadId)));
  const { result: gone } = await changePark(deps, parkId, `${parkId}:expire`, SYSTEM_CALLER, ({ capacity }, now) => {
    const lapsed = lapse(capacity, now, daysAfter(now, WARN_DAYS), ids);
    return {
      capacity: lapsed?.capacity ?? null,
      events: lapsed === null ? [] : eventsOf(lapsed, leads),
      result: new Set(lapsed?.expired.map(({ id }) => id)),
    };
  });
  for (const { id, leadId } of due.expired) {
    // One that was renewed, or taken out by somebody else, between the two reads: the claim follows the park.
    if (gone.has(id)) await settleClaim(deps, leadId, id, null, SYSTEM_CALLER);
    else await settleOne(deps, leadId, { holdId: id, parkId });
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

/** Looks through the parks with holds that end, or are to be warned of, and with waitlists; gives how many parks. */
export async function expireHolds(deps: PromoteDeps): Promise<number> {
  const until = daysAfter(deps.clock.now(), WARN_DAYS);
  const parks = await deps.parkStore.withHoldsDue(until, PARKS_AT_ONCE);
  for (const parkId of parks) {
    await expirePark(deps, parkId).catch((error: unknown) => {
      deps.log.warn({ parkId, err: error }, 'holds of a park not looked through, tried again later');
    });
  }
  return parks.length;
}
