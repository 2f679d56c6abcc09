import type { Park, ParkInventory } from '../domain/park.js';

/** Keeps parks. Raises `storeUnavailable` when the store is away. */
export interface ParkStore {
  /** All parks ordered by id. */
  all(): Promise<readonly Park[]>;
  get(id: string): Promise<Park | null>;
  /** Id and version of every park, ordered by id: enough to tell whether a snapshot is still current. */
  versions(): Promise<readonly { readonly id: string; readonly version: number }[]>;
  /** Replaces the inventory and adds 1 to the version, if the park still has `expectedVersion`. */
  updateInventory(
    id: string,
    expectedVersion: number,
    inventory: ParkInventory,
  ): Promise<
    | { readonly outcome: 'replaced'; readonly park: Park }
    | { readonly outcome: 'missing' }
    | { readonly outcome: 'stale'; readonly currentVersion: number }
  >;
  /** Puts seeded parks: a new one is stored; one never edited (version 1) is replaced; an edited one keeps its inventory. */
  seed(parks: readonly Park[]): Promise<{ readonly added: number; readonly updated: number; readonly kept: number }>;
}
