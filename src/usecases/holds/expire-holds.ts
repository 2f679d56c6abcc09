import { daysAfter } from './deps.js';
import { lapsePark, WARN_DAYS } from './lapse-park.js';
import { type PromoteDeps, promoteWaitlist } from './promote.js';

const PARKS_AT_ONCE = 1_000;

/**
 * Takes out the holds of one park whose time is over, warns of those that end within three days, and serves the
 * waitlist. Each step may be done again. `missing` where there is no such park.
 */
export async function expirePark(deps: PromoteDeps, parkId: string): Promise<'done' | 'missing'> {
  const park = await deps.parkStore.get(parkId);
  if (park === null) return 'missing';
  await lapsePark(deps, park);
  await promoteWaitlist(deps, parkId);
  return 'done';
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
