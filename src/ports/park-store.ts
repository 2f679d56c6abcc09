import type { Change } from '../domain/change.js';
import type { ParkCapacity } from '../domain/hold.js';
import type { Park, ParkInventory } from '../domain/park.js';

/** Keeps parks. Raises `storeUnavailable` when the store is away. */
export interface ParkStore {
  /** All parks ordered by id. */
  all(): Promise<readonly Park[]>;
  get(id: string): Promise<Park | null>;
  /** Id of the park whose document has the hold, or the wait entry, with this id. */
  parkOfHold(holdId: string): Promise<string | null>;
  /**
   * Ordered by id: enough to tell whether a snapshot is still current. `holdsUntil` are the ends of the holds there, in
   * no order: one that has passed frees capacity though nobody has swept it yet.
   */
  versions(): Promise<
    readonly {
      readonly id: string;
      readonly version: number;
      readonly capacityVersion: number;
      readonly holdsUntil: readonly string[];
    }[]
  >;
  /**
   * Replaces the inventory and adds 1 to the version, if the park still has both versions: what is held is part of
   * what a change of the inventory rests on. `capacity` in the answer `stale` tells that only holds have changed.
   */
  updateInventory(
    id: string,
    expected: { readonly version: number; readonly capacityVersion: number },
    inventory: ParkInventory,
    changes: readonly Change[],
  ): Promise<
    | { readonly outcome: 'replaced'; readonly park: Park }
    | { readonly outcome: 'missing' }
    | { readonly outcome: 'stale'; readonly currentVersion: number; readonly currentCapacityVersion: number }
  >;
  /**
   * Puts `capacity` (whose version is `expected.capacityVersion + 1`) in the park's document if it still has both
   * versions. One conditional update: holds are all there or none of them.
   */
  updateCapacity(
    id: string,
    expected: { readonly version: number; readonly capacityVersion: number },
    capacity: ParkCapacity,
    changes: readonly Change[],
  ): Promise<{ readonly outcome: 'replaced'; readonly park: Park } | { readonly outcome: 'missing' | 'stale' }>;
  /** Parks with a hold whose end, or whose warning, is due by `until` (ISO time), or with a waitlist; ids in order. */
  withHoldsDue(until: string, limit: number): Promise<readonly string[]>;
  /** Notes that subscribers were told that this version of the inventory is stale; false where they were, or it is another version. */
  tellStale(id: string, version: number, changes: readonly Change[]): Promise<boolean>;
  /** Puts seeded parks: a new one is stored; one never edited (version 1) is replaced; an edited one keeps its inventory. */
  seed(parks: readonly Park[]): Promise<{ readonly added: number; readonly updated: number; readonly kept: number }>;
}
