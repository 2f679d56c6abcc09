import { parcelName } from '../../capacity/amounts.js';
import { balanceOf } from '../../capacity/available.js';
import type { Caller } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import { FACTOR_UNITS, FACTORS } from '../../domain/factors.js';
import type { CapacityView } from '../lead-use-cases.js';
import type { HoldDeps } from './deps.js';
import { seesLead } from './rights.js';

/**
 * See `LeadUseCases.readCapacity`. Amounts are for everybody, for matching shows them anyway; which lead has them, who
 * extended and why only for those who see the lead.
 */
export async function readCapacity(deps: HoldDeps, caller: Caller, parkId: string): Promise<CapacityView> {
  const park = await deps.parkStore.get(parkId);
  if (park === null) throw new AppError('notFound', { params: { what: 'park' } });
  const now = deps.clock.now();
  const { capacity, inventory } = park;
  const holds = capacity.holds.filter(({ until }) => until > now);
  const leadIds = [...new Set([...holds, ...capacity.waitlist].map(({ leadId }) => leadId))];
  const leads = await Promise.all(leadIds.map((id) => deps.leadStore.get(id)));
  const seen = new Set(leads.flatMap((lead) => (lead !== null && seesLead(caller, lead) ? [lead.id] : [])));
  const balance = balanceOf(park, now);
  return {
    parkId,
    version: park.version,
    capacityVersion: capacity.version,
    parcels: inventory.parcels.map(({ id, areaMu }) => {
      const { held, free } = balance(parcelName(id));
      return { parcelId: id, areaMu, heldMu: held, freeMu: free ?? 0 };
    }),
    factors: FACTORS.map((factor) => ({ factor, ...balance(factor), unit: FACTOR_UNITS[factor] })),
    holds: holds.map((hold) =>
      seen.has(hold.leadId) ? hold : { ...hold, leadId: null, extensions: [], expiringToldAt: null },
    ),
    waiting: capacity.waitlist.map((entry) => (seen.has(entry.leadId) ? entry : { ...entry, leadId: null })),
  };
}
