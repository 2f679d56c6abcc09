import type { Park } from '../../domain/park.js';
import type { IsoDate } from '../../domain/provenance.js';
import type { Ids } from '../../ports/ids.js';

/** Names the part of a snapshot that changes only with edition, day and places. */
export function frameKeyOf(edition: string, today: IsoDate, parks: readonly Park[], ids: Pick<Ids, 'digest'>): string {
  const places = ids.digest(parks.map(({ id, countyAdcode }) => `${id}@${countyAdcode}`).join('\n'));
  return `${edition}.${today}.${places.slice(0, 16)}`;
}
