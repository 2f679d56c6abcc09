import type { Chain } from '../domain/chain.js';
import { type County, holdsOn } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import type { Park, ParkInventory } from '../domain/park.js';
import type { Clock } from '../ports/clock.js';
import type { Page } from '../ports/need-store.js';
import type { ParkStore } from '../ports/park-store.js';
import type { ReferenceCache } from './reference-cache.js';
import type { IndustryHit } from './use-cases.js';

/** One page of a list in the order of its keys; the cursor is the last key that was given. */
function pageByKey<T>(items: readonly T[], keyOf: (item: T) => string, cursor: string | null, limit: number): Page<T> {
  const ordered = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = cursor === null ? ordered : ordered.filter((item) => keyOf(item) > cursor);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, nextCursor: rest.length > limit && last !== undefined ? keyOf(last) : null };
}

export interface BrowseDeps {
  readonly parkStore: ParkStore;
  readonly references: ReferenceCache;
  readonly clock: Pick<Clock, 'today'>;
}

export async function listParks(
  deps: BrowseDeps,
  filter: { readonly countyAdcode?: string },
  cursor: string | null,
  limit: number,
): Promise<Page<Park>> {
  const parks = await deps.parkStore.all();
  const wanted = parks.filter((park) => filter.countyAdcode === undefined || park.countyAdcode === filter.countyAdcode);
  return pageByKey(wanted, (park) => park.id, cursor, limit);
}

export async function getPark(deps: BrowseDeps, id: string): Promise<Park> {
  const park = await deps.parkStore.get(id);
  if (park === null) throw new AppError('notFound', { params: { what: 'park' } });
  return park;
}

export async function updateInventory(
  deps: BrowseDeps,
  id: string,
  expectedVersion: number,
  inventory: ParkInventory,
): Promise<Park> {
  const outcome = await deps.parkStore.updateInventory(id, expectedVersion, inventory);
  switch (outcome.outcome) {
    case 'replaced':
      return outcome.park;
    case 'missing':
      throw new AppError('notFound', { params: { what: 'park' } });
    case 'stale':
      throw new AppError('versionConflict', { params: { currentVersion: outcome.currentVersion } });
  }
}

export async function listCounties(
  deps: BrowseDeps,
  filter: { readonly kind?: 'mountain' | 'industrial' | 'sourceOther' },
  cursor: string | null,
  limit: number,
): Promise<Page<County>> {
  const { data } = await deps.references.current();
  const today = deps.clock.today();
  const wanted = data.counties.filter(
    ({ statuses }) =>
      filter.kind === undefined || statuses.some((status) => status.kind === filter.kind && holdsOn(status, today)),
  );
  return pageByKey(wanted, (county) => county.adcode, cursor, limit);
}

export async function listChains(deps: BrowseDeps, cursor: string | null, limit: number): Promise<Page<Chain>> {
  const { data } = await deps.references.current();
  return pageByKey(data.chains, (chain) => chain.id, cursor, limit);
}

export async function searchIndustries(
  deps: BrowseDeps,
  query: string,
  limit: number,
): Promise<readonly IndustryHit[]> {
  const edition = await deps.references.current();
  const byCode = new Map(edition.data.industries.map((industry) => [industry.code, industry]));
  return edition
    .search()
    .search(query, limit)
    .flatMap(({ code, score }) => {
      const industry = byCode.get(code);
      return industry === undefined ? [] : [{ industry, score }];
    });
}
