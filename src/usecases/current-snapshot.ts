import { availableInventory } from '../capacity/available.js';
import type { Park } from '../domain/park.js';
import { compileFrame, type Frame } from '../matching/frame.js';
import { compileSnapshot, type Snapshot } from '../matching/snapshot.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { ParkStore } from '../ports/park-store.js';
import type { Edition, ReferenceCache } from './reference-cache.js';

/** A snapshot with the edition it was compiled from. */
export interface CurrentSnapshot {
  /** Of parks with what they can give: inventory without holds. */
  readonly snapshot: Snapshot;
  readonly edition: Edition;
  /** The same parks with what they have in all, and the moment at which their holds were taken off. */
  readonly stock: readonly Park[];
  readonly at: string;
}

/** Hands out the snapshot of what the stores hold now, compiled again only when something changed. */
export interface SnapshotSource {
  /** What it gives was read from the stores after the call. @throws AppError `storeUnavailable`. */
  current(): Promise<CurrentSnapshot>;
}

/** Up to so many changed parks are read one by one. */
const READ_AT_MOST = 30;

/** What tells the content of a park: its versions, and the ends of the holds there. */
type ParkState = Awaited<ReturnType<ParkStore['versions']>>[number];

function stateOf({ id, version, capacity }: Park): ParkState {
  return { id, version, capacityVersion: capacity.version, holdsUntil: capacity.holds.map(({ until }) => until) };
}

/**
 * Name of a snapshot: its day, and a digest of the edition, every park's versions and how many of its holds have run out
 * by `now` (which ones follows from the version): a hold that ends changes the name though nothing was written.
 */
export function snapshotId(
  ids: Pick<Ids, 'digest'>,
  today: string,
  edition: string,
  parks: readonly ParkState[],
  now: string,
): string {
  const nameOf = ({ id, version, capacityVersion, holdsUntil }: ParkState): string => {
    if (capacityVersion === 0) return `${id}@${version}`;
    return `${id}@${version}.${capacityVersion}.${holdsUntil.filter((until) => until <= now).length}`;
  };
  const content = [edition, ...parks.map(nameOf).sort()].join('\n');
  return `${today}.${ids.digest(content).slice(0, 16)}`;
}

/** The park with what it can give; itself where nothing is held. */
function available(park: Park, now: string): Park {
  const inventory = availableInventory(park, now);
  return inventory === park.inventory ? park : { ...park, inventory };
}

/** As `available`, the same object for as long as the same holds run: what did not change is not looked at again. */
function availableParks(): (park: Park, now: string) => Park {
  const made = new WeakMap<Park, { readonly over: number; readonly park: Park }>();
  return (park, now) => {
    const { holds } = park.capacity;
    if (holds.length === 0) return available(park, now);
    const over = holds.filter(({ until }) => until <= now).length;
    const known = made.get(park);
    if (known?.over === over) return known.park;
    const own = { over, park: available(park, now) };
    made.set(park, own);
    return own.park;
  };
}

/** Names a frame: it depends on where parks are, not on what they hold. */
export function frameKey(edition: string, today: string, parks: readonly Park[]): string {
  return [edition, today, ...parks.map(({ id, countyAdcode }) => `${id}@${countyAdcode}`).sort()].join('\n');
}

export function createSnapshotSource(deps: {
  readonly parkStore: ParkStore;
  readonly references: ReferenceCache;
  readonly clock: Pick<Clock, 'today' | 'now'>;
  readonly ids: Pick<Ids, 'digest'>;
}): SnapshotSource {
  const { parkStore, references, clock, ids } = deps;
  const availableOf = availableParks();
  let held: CurrentSnapshot | null = null;
  let frame: { readonly key: string; readonly frame: Frame } | null = null;
  let running: Promise<CurrentSnapshot> | null = null;
  let queued: Promise<CurrentSnapshot> | null = null;

  /** All parks; of few that changed since the last look, only those are read. */
  async function stockOf(edition: Edition, versions: readonly ParkState[]): Promise<readonly Park[]> {
    if (held === null || held.edition.name !== edition.name || held.stock.length !== versions.length) {
      return parkStore.all();
    }
    const changed: number[] = [];
    for (const [row, state] of versions.entries()) {
      const park = held.stock[row];
      if (park?.id !== state.id) return parkStore.all();
      if (park.version !== state.version || park.capacity.version !== state.capacityVersion) changed.push(row);
    }
    if (changed.length > READ_AT_MOST) return parkStore.all();
    const read = await Promise.all(changed.map((row) => parkStore.get(versions[row]?.id ?? '')));
    const stock = [...held.stock];
    for (const [at, row] of changed.entries()) {
      const park = read[at] ?? null;
      if (park === null) return parkStore.all();
      stock[row] = park;
    }
    return stock;
  }

  async function look(): Promise<CurrentSnapshot> {
    const [edition, versions] = await Promise.all([references.current(), parkStore.versions()]);
    const today = clock.today();
    const now = clock.now();
    const wanted = snapshotId(ids, today, edition.name, versions, now);
    if (held !== null && held.snapshot.id === wanted) return held;
    const stock = await stockOf(edition, versions);
    const key = frameKey(edition.name, today, stock);
    if (frame === null || frame.key !== key) frame = { key, frame: compileFrame(edition.data, stock, today) };
    const id = snapshotId(ids, today, edition.name, stock.map(stateOf), now);
    const parks = stock.map((park) => availableOf(park, now));
    held = { snapshot: compileSnapshot(frame.frame, parks, id, held?.snapshot), edition, stock, at: now };
    return held;
  }

  /** One look at a time; callers that come during one share the next, so nobody gets facts older than the call. */
  function start(): Promise<CurrentSnapshot> {
    const mine = look().finally(() => {
      if (running === mine) running = null;
    });
    running = mine;
    return mine;
  }

  return {
    current() {
      if (running === null) return start();
      queued ??= running
        .catch(() => undefined)
        .then(() => {
          queued = null;
          return start();
        });
      return queued;
    },
  };
}
