import type { CompiledNeed } from '../compile-need.js';
import { byCode } from '../order.js';
import type { Snapshot } from '../snapshot.js';
import type { NeedStanding } from './standing.js';

export type { NeedStanding } from './standing.js';

/** How many needs the last call of `affected` looked at, stage by stage. */
export interface StageCounts {
  readonly needs: number;
  /** Read a fact that changed, in a way that can matter. */
  readonly read: number;
  /** Not decided by order, gates and totals: the weightings were looked at. */
  readonly weighed: number;
  readonly affected: number;
}

/** Which needs a change of facts can touch. Holds every open need against the facts of one snapshot at a time. */
export interface NeedIndex {
  readonly size: number;
  /** Id of the snapshot it stands at. */
  readonly snapshotId: string;
  readonly counts: StageCounts;
  /**
   * Takes in a need or its new answer. A standing of another snapshot than the index stands at leaves the need affected
   * until it is put again.
   * @param compiled against the frame of the index's snapshots.
   */
  put(needId: string, compiled: CompiledNeed, standing: NeedStanding): void;
  remove(needId: string): void;
  has(needId: string): boolean;
  /** A need that sees other facts than the snapshot (its own holds) is always affected, from now on until unpinned. */
  pin(needId: string): void;
  unpin(needId: string): void;
  /**
   * Moves the index from one snapshot to the next and tells the needs whose outcome the change can touch, by id. Never
   * leaves one out whose outcome differs; may name others. A need named stays named by later calls until it is put.
   * @param changedRows rows of the parks that changed, in any order; see `changedRows`.
   * @throws RangeError if the index does not stand at `before`, or the two have not the same frame: then every need is
   *   to be matched anew, and a new index made.
   */
  affected(before: Snapshot, after: Snapshot, changedRows: readonly number[]): readonly string[];
}

/** Makes an empty index that stands at a snapshot. @param samples weightings drawn for each result. */
export function createNeedIndex(start: Snapshot): NeedIndex {
  let snapshotId = start.id;
  const needs = new Set<string>();
  const pinned = new Set<string>();
  return {
    get size() {
      return needs.size;
    },
    get snapshotId() {
      return snapshotId;
    },
    counts: { needs: 0, read: 0, weighed: 0, affected: 0 },
    put: (needId) => {
      needs.add(needId);
    },
    remove: (needId) => {
      needs.delete(needId);
    },
    has: (needId) => needs.has(needId),
    pin: (needId) => {
      pinned.add(needId);
    },
    unpin: (needId) => {
      pinned.delete(needId);
    },
    affected(before, after) {
      if (before.id !== snapshotId || before.frame !== after.frame) throw new RangeError('other snapshot or frame');
      snapshotId = after.id;
      return [...needs].sort(byCode);
    },
  };
}
