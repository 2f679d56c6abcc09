import type { Park, ParkInventory } from '../domain/park.js';
import type { ParkStore } from '../ports/park-store.js';
import { sameJson } from './same-json.js';

interface Kept {
  readonly park: Park;
  /** The inventory was changed by people, so seeds leave it alone. */
  readonly edited: boolean;
}

/** Keeps parks in this process. Hands out copies. */
export class MemoryParkStore implements ParkStore {
  readonly #parks = new Map<string, Kept>();

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

  async versions(): ReturnType<ParkStore['versions']> {
    return this.#ordered().map(({ id, version }) => ({ id, version }));
  }

  async updateInventory(
    id: string,
    expectedVersion: number,
    inventory: ParkInventory,
  ): ReturnType<ParkStore['updateInventory']> {
    const kept = this.#parks.get(id);
    if (kept === undefined) return { outcome: 'missing' };
    if (kept.park.version !== expectedVersion) return { outcome: 'stale', currentVersion: kept.park.version };
    const park = structuredClone({ ...kept.park, inventory, version: expectedVersion + 1 });
    this.#parks.set(id, { park, edited: true });
    return { outcome: 'replaced', park: structuredClone(park) };
  }

  async seed(parks: readonly Park[]): ReturnType<ParkStore['seed']> {
    const counts = { added: 0, updated: 0, kept: 0 };
    for (const seeded of parks) {
      const kept = this.#parks.get(seeded.id);
      if (kept === undefined) {
        this.#parks.set(seeded.id, { park: structuredClone({ ...seeded, version: 1 }), edited: false });
        counts.added += 1;
        continue;
      }
      const inventory = kept.edited ? kept.park.inventory : seeded.inventory;
      const next = { ...seeded, inventory, version: kept.park.version };
      const changed = !sameJson(next, kept.park);
      if (changed) {
        const park = structuredClone({ ...next, version: kept.park.version + 1 });
        this.#parks.set(seeded.id, { park, edited: kept.edited });
      }
      counts[changed && !kept.edited ? 'updated' : 'kept'] += 1;
    }
    return counts;
  }
}
