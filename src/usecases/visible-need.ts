import { type Caller, seesCounty } from '../domain/access.js';
import { AppError } from '../domain/errors.js';
import type { StoredNeed } from '../domain/need.js';
import type { NeedStore } from '../ports/need-store.js';

/** True if the need is the caller's to see: it is of a firm in the caller's county, or the caller of the province. */
export function seesNeed({ actor }: Caller, { need }: Pick<StoredNeed, 'need'>): boolean {
  return seesCounty(actor, need.firm.countyAdcode);
}

/**
 * The need, if it is the caller's to see.
 * @throws AppError `notFound`, the same for a need of another county as for none, after the same one look.
 */
export async function visibleNeed(needStore: Pick<NeedStore, 'get'>, caller: Caller, id: string): Promise<StoredNeed> {
  const stored = await needStore.get(id);
  if (stored === null || !seesNeed(caller, stored)) throw new AppError('notFound', { params: { what: 'need' } });
  return stored;
}
