import { belowHeld } from '../capacity/available.js';
import { type Caller, may, seesCounty } from '../domain/access.js';
import type { Chain } from '../domain/chain.js';
import { type County, holdsOn } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import { EMPTY_CAPACITY } from '../domain/hold.js';
import type { Park, ParkInventory } from '../domain/park.js';
import type { Clock } from '../ports/clock.js';
import type { Page } from '../ports/need-store.js';
import type { ChangeSignal } from '../ports/outbox.js';
import type { ParkStore } from '../ports/park-store.js';
import { inventoryChange } from './holds/hold-changes.js';
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
  readonly parkStore: Pick<ParkStore, 'all' | 'get'>;
  readonly references: ReferenceCache;
  readonly clock: Pick<Clock, 'today'>;
}

/** Which leads hold what is for `readCapacity` to tell, which knows who may see them. */
function withoutHolds(park: Park): Park {
  return { ...park, capacity: { ...EMPTY_CAPACITY, version: park.capacity.version } };
}

export async function listParks(
  deps: BrowseDeps,
  filter: { readonly countyAdcode?: string },
  cursor: string | null,
  limit: number,
): Promise<Page<Park>> {
  const parks = await deps.parkStore.all();
  const wanted = parks.filter((park) => filter.countyAdcode === undefined || park.countyAdcode === filter.countyAdcode);
  return pageByKey(wanted.map(withoutHolds), (park) => park.id, cursor, limit);
}

export async function getPark(deps: BrowseDeps, id: string): Promise<Park> {
  const park = await deps.parkStore.get(id);
  if (park === null) throw new AppError('notFound', { params: { what: 'park' } });
  return withoutHolds(park);
}

/** How often an inventory is written again over holds that came in between. */
const INVENTORY_TRIES = 10;

export interface InventoryDeps {
  readonly parkStore: Pick<ParkStore, 'get' | 'updateInventory'>;
  readonly changes: ChangeSignal;
  readonly clock: Pick<Clock, 'now'>;
}

/** What an inventory states as numbers, by field. */
function statedOf({ parcels, factors, landStandard, ...rest }: ParkInventory): ReadonlyMap<string, number | null> {
  const stated = new Map<string, number | null>(parcels.map(({ id, areaMu }) => [`parcel:${id}`, areaMu]));
  const { provenance: _, ...prices } = rest;
  for (const [field, { value }] of Object.entries({ ...factors, ...prices, ...landStandard })) stated.set(field, value);
  return stated;
}

/** The fields whose numbers differ; a parcel that is not there is null. */
function differing(before: ParkInventory, after: ParkInventory) {
  const [old, now] = [statedOf(before), statedOf(after)];
  const fields = [...new Set([...old.keys(), ...now.keys()])].filter((field) => old.get(field) !== now.get(field));
  const of = (stated: ReadonlyMap<string, number | null>) =>
    Object.fromEntries(fields.map((field) => [field, stated.get(field) ?? null]));
  return { before: of(old), after: of(now) };
}

/**
 * See `UseCases.updateInventory`. For the park's county and the province.
 * @throws AppError `forbidden`; `invalidInput` (`belowHeld`) for a stock below what is held of it: those holds must be
 * released first.
 */
export async function updateInventory(
  deps: InventoryDeps,
  caller: Caller,
  id: string,
  expectedVersion: number,
  inventory: ParkInventory,
): Promise<Park> {
  for (let tries = 0; tries < INVENTORY_TRIES; tries += 1) {
    const park = await deps.parkStore.get(id);
    if (park === null) throw new AppError('notFound', { params: { what: 'park' } });
    if (!may(caller.actor, 'park.write') || !seesCounty(caller.actor, park.countyAdcode)) {
      throw new AppError('forbidden', { params: { action: 'park.write' } });
    }
    if (park.version !== expectedVersion) throw stale(park.version);
    const now = deps.clock.now();
    const issues = belowHeld(inventory, park.capacity, now);
    if (issues.length > 0) throw new AppError('invalidInput', { issues });
    const next = { ...park, inventory, version: park.version + 1 };
    const change = inventoryChange(caller, next, now, differing(park.inventory, inventory));
    const expected = { version: park.version, capacityVersion: park.capacity.version };
    const outcome = await deps.parkStore.updateInventory(id, expected, inventory, [change]);
    if (outcome.outcome === 'missing') throw new AppError('notFound', { params: { what: 'park' } });
    if (outcome.outcome === 'replaced') {
      deps.changes.changed('park', id);
      return withoutHolds(outcome.park);
    }
    // Only holds have changed: what is below them now is judged anew.
    if (outcome.currentVersion !== expectedVersion) throw stale(outcome.currentVersion);
  }
  throw stale(expectedVersion);
}

const stale = (currentVersion: number): AppError => new AppError('versionConflict', { params: { currentVersion } });

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
