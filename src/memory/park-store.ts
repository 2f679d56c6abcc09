import type { Change } from '../domain/change.js';
import type { ParkCapacity } from '../domain/hold.js';
import type { Park, ParkInventory } from '../domain/park.js';
import type { ParkStore } from '../ports/park-store.js';
import { MemoryOutbox } from './outbox.js';
import { sameJson } from './same-json.js';

interface Kept {
  readonly park: Park;
  /** The inventory was changed by people, so seeds leave it alone. */
  readonly edited: boolean;
}

type Expected = Parameters<ParkStore['updateCapacity']>[1];

const hasVersions = ({ version, capacity }: Park, expected: Expected): boolean =>
  version === expected.version && capacity.version === expected.capacityVersion;

/** Keeps parks in this process. Hands out copies. */
export class MemoryParkStore implements ParkStore {
  readonly outbox: MemoryOutbox;
  readonly #parks = new Map<string, Kept>();
  /** The version of the inventory of which subscribers were told that it is stale. */
  readonly #staleTold = new Map<string, number>();

  constructor(outbox: MemoryOutbox = new MemoryOutbox()) {
    this.outbox = outbox;
  }

  #ordered(): readonly Park[] {
    return [...this.#parks.values()]
      .map(({ park }) => park)
      .sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
  }

  async all(): Promise<readonly Park[]> {
    return this.#ordered().map((park) => structuredClone(park));
  }

  async get(id: string): Promise<Park | null> {
    const kept = this.#parks.get(id);
    return kept === undefined ? null : structuredClone(kept.park);
  }

  async parkOfHold(holdId: string): Promise<string | null> {
    const found = this.#ordered().find(
      ({ capacity }) =>
        capacity.holds.some(({ id }) => id === holdId) || capacity.waitlist.some((entry) => entry.holdId === holdId),
    );
    return found?.id ?? null;
  }

  async versions(): ReturnType<ParkStore['versions']> {
    return this.#ordered().map(({ id, version, capacity }) => ({
      id,
      version,
      capacityVersion: capacity.version,
      holdsUntil: capacity.holds.map(({ until }) => until),
    }));
  }

  async updateInventory(
    id: string,
    expected: Expected,
    inventory: ParkInventory,
    changes: readonly Change[],
  ): ReturnType<ParkStore['updateInventory']> {
    const kept = this.#parks.get(id);
    if (kept === undefined) return { outcome: 'missing' };
    if (!hasVersions(kept.park, expected)) {
      const { version, capacity } = kept.park;
      return { outcome: 'stale', currentVersion: version, currentCapacityVersion: capacity.version };
    }
    const park = structuredClone({ ...kept.park, inventory, version: expected.version + 1 });
    this.#parks.set(id, { park, edited: true });
    this.outbox.push(id, changes);
    return { outcome: 'replaced', park: structuredClone(park) };
  }

  async updateCapacity(
    id: string,
    expected: Expected,
    capacity: ParkCapacity,
    changes: readonly Change[],
  ): ReturnType<ParkStore['updateCapacity']> {
    const kept = this.#parks.get(id);
    if (kept === undefined) return { outcome: 'missing' };
    if (!hasVersions(kept.park, expected)) return { outcome: 'stale' };
    const park = structuredClone({ ...kept.park, capacity });
    this.#parks.set(id, { ...kept, park });
    this.outbox.push(id, changes);
    return { outcome: 'replaced', park: structuredClone(park) };
  }

  async withHoldsDue(until: string, limit: number): Promise<readonly string[]> {
    return this.#ordered()
      .filter(({ capacity }) => capacity.waitlist.length > 0 || capacity.holds.some((hold) => hold.until <= until))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async tellStale(id: string, version: number, changes: readonly Change[]): Promise<boolean> {
    if (this.#parks.get(id)?.park.version !== version || this.#staleTold.get(id) === version) return false;
    this.#staleTold.set(id, version);
    this.outbox.push(id, changes);
    return true;
  }

  async seed(parks: readonly Park[]): ReturnType<ParkStore['seed']> {
    const counts = { added: 0, updated: 0, kept: 0 };
    for (const seeded of parks) {
      const there = this.#parks.get(seeded.id);
      if (there === undefined) {
        this.#parks.set(seeded.id, { park: structuredClone({ ...seeded, version: 1 }), edited: false });
        counts.added += 1;
        continue;
      }
      const { version, capacity } = there.park;
      const kept = there.edited || capacity.holds.length > 0;
      const next = { ...seeded, inventory: kept ? there.park.inventory : seeded.inventory, version, capacity };
      const changed = !sameJson(next, there.park);
      if (changed) {
        const park = structuredClone({ ...next, version: version + 1 });
        this.#parks.set(seeded.id, { park, edited: there.edited });
      }
      counts[changed && !kept ? 'updated' : 'kept'] += 1;
    }
    return counts;
  }
}
