import { type Actor, type Caller, may, seesCounty } from '../../domain/access.js';
import { AppError } from '../../domain/errors.js';
import type { Lead, LeadParty } from '../../domain/lead.js';
import { type LeadStore, leadVisibleTo } from '../../ports/lead-store.js';

/** Whose side of the lead the actor is on; null for who may only look. A county's program is on the county's side. */
export function partyOf(
  actor: Pick<Actor, 'role' | 'countyAdcode' | 'scopes'>,
  lead: Pick<Lead, 'sourceAdcode' | 'hostAdcode'>,
): LeadParty | null {
  const { role, countyAdcode } = actor;
  if (role === 'coordinator') return 'coordinator';
  if (countyAdcode === null || !may(actor, 'lead.write')) return null;
  const program = role === 'integration';
  if (countyAdcode === lead.sourceAdcode && (program || role === 'sourceStaff')) return 'source';
  if (countyAdcode === lead.hostAdcode && (program || role === 'hostStaff')) return 'host';
  return null;
}

/** True if the actor may know the firm whatever was disclosed: the province, and the county the firm is in. */
export function knowsFirm(actor: Pick<Actor, 'role' | 'countyAdcode'>, lead: Pick<Lead, 'sourceAdcode'>): boolean {
  return actor.role === 'coordinator' || seesCounty(actor, lead.sourceAdcode);
}

/**
 * The lead, if it is the caller's to see.
 * @throws AppError `notFound`, the same for a lead of others as for none.
 */
export async function leadOfCaller(store: Pick<LeadStore, 'get'>, { actor }: Caller, id: string): Promise<Lead> {
  const lead = await store.get(id);
  const visible =
    lead !== null &&
    (actor.role === 'coordinator' || actor.countyAdcode === null || leadVisibleTo(lead, actor.countyAdcode));
  if (!visible) throw new AppError('notFound', { params: { what: 'lead' } });
  return lead;
}
