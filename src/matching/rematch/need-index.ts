import type { CompiledNeed } from '../compile-need.js';
import { evaluateRows } from '../evaluate.js';
import { byCode } from '../order.js';
import type { Snapshot } from '../snapshot.js';
import { createWorkspace } from '../workspace.js';
import { type RowChange, rowChange } from './facts.js';
import { type HeldNeed, heldNeed } from './held-need.js';
import { countAfter, keepsLabel } from './label.js';
import { createReadTable } from './read-table.js';
import type { FirstCount, NeedStanding } from './standing.js';
import { type Move, type Step, untouchedMoves } from './touches.js';

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

/** See `NeedIndex.countOf`. */
export interface KnownCount {
  /** Row of the park. */
  readonly row: number;
  readonly count: FirstCount;
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
  /** Forgets a need, pin and all. */
  remove(needId: string): void;
  has(needId: string): boolean;
  /**
   * What is known of the label of a need that the last change touched: under how many weightings the park that was first
   * is first now, should it still be. Null where nothing is.
   */
  countOf(needId: string): KnownCount | null;
  /** A need that sees other facts than the snapshot (its own holds) is always affected, from now on until unpinned. */
  pin(needId: string): void;
  /** From now on the need sees the snapshot itself; it stays named until it is put again, with a standing of that. */
  unpin(needId: string): void;
  /**
   * Moves the index from one snapshot to the next and tells the needs whose outcome the change can touch, by id. Never
   * leaves one out whose outcome differs; may name others. A need named stays named by later calls until it is put.
   * @param changedRows rows of the parks that changed, in any order; see `changedRows`.
   * @throws RangeError if the index does not stand at `before`, or the two have not the same frame: then every need is
   *   to be matched anew, and a new index made.
   */
  affected(before: Snapshot, after: Snapshot, changedRows: readonly number[]): readonly string[];
  /**
   * `affected` in two parts: names the needs whose order, gates or totals the change can touch, and leaves the labels of
   * others to be weighed by `weigh`. What is left is weighed before the index moves on.
   */
  affectedAtOnce(before: Snapshot, after: Snapshot, changedRows: readonly number[]): readonly string[];
  /** Weighs the labels of up to so many needs that the last change left in doubt; names those that it can touch. */
  weigh(needs: number): readonly string[];
  /** Needs whose labels are still to be weighed. */
  readonly doubtful: number;
}

/** A need whose label is in doubt after a step. */
interface Doubt {
  readonly held: HeldNeed;
  readonly rows: readonly number[];
  readonly moves: readonly Move[];
}

/** Makes an empty index that stands at a snapshot. */
export function createNeedIndex(start: Snapshot): NeedIndex {
  const { frame, size: parks } = start;
  let snapshotId = start.id;
  let counts: StageCounts = { needs: 0, read: 0, weighed: 0, affected: 0 };
  const slots: (HeldNeed | null)[] = [];
  const free: number[] = [];
  const slotOf = new Map<string, number>();
  const pinned = new Set<string>();
  /** Named affected, or put with a standing of other facts: nothing is known of them until they are put again. */
  const stale = new Set<string>();
  const counted = new Map<string, KnownCount>();
  const doubts = new Map<string, Doubt>();
  let lastStep: Step | null = null;
  const table = createReadTable(parks);
  const works = { before: createWorkspace(parks), after: createWorkspace(parks), first: createWorkspace(parks) };

  function remove(needId: string): void {
    pinned.delete(needId);
    const slot = slotOf.get(needId);
    if (slot === undefined) return;
    slotOf.delete(needId);
    stale.delete(needId);
    counted.delete(needId);
    doubts.delete(needId);
    slots[slot] = null;
    table.clear(slot);
    free.push(slot);
  }

  function put(needId: string, compiled: CompiledNeed, standing: NeedStanding): void {
    const slot = slotOf.get(needId) ?? free.pop() ?? slots.length;
    slotOf.set(needId, slot);
    counted.delete(needId);
    doubts.delete(needId);
    slots[slot] = heldNeed(needId, compiled, standing);
    table.set(slot, compiled, standing.live);
    if (standing.snapshot === snapshotId) stale.delete(needId);
    else stale.add(needId);
  }

  /** Weighs labels in doubt, the first so many; gives the needs they can be touched of. */
  function weigh(needs: number): readonly string[] {
    const named: string[] = [];
    if (doubts.size === 0 || lastStep === null) return named;
    const step = lastStep;
    let left = needs;
    for (const [needId, { held, rows, moves }] of doubts) {
      if (left <= 0) break;
      left -= 1;
      doubts.delete(needId);
      evaluateRows(step.before, held.compiled, rows, step.workBefore);
      evaluateRows(step.after, held.compiled, rows, step.workAfter);
      if (keepsLabel(held, step, moves, works.first)) continue;
      stale.add(needId);
      named.push(needId);
    }
    return named;
  }

  function move(before: Snapshot, after: Snapshot, changes: readonly RowChange[]): void {
    const step: Step = { before, after, workBefore: works.before, workAfter: works.after };
    lastStep = step;
    let [read, weighed] = [0, 0];
    // What was known of needs that are still to be put was of other facts.
    counted.clear();
    slots.forEach((held, slot) => {
      if (held === null) return;
      const rows = changes.flatMap((change) => (table.reads(slot, change) ? [change.row] : []));
      if (rows.length === 0 || stale.has(held.needId) || pinned.has(held.needId)) return;
      read += 1;
      const moves = untouchedMoves(held, step, rows);
      if (moves === null) {
        const known = countAfter(held, step, rows, works.first);
        if (known !== null) counted.set(held.needId, known);
        stale.add(held.needId);
        return;
      }
      weighed += 1;
      doubts.set(held.needId, { held, rows, moves });
    });
    counts = { needs: slotOf.size, read, weighed, affected: 0 };
  }

  /** Everything that is to be matched again. */
  function named(): readonly string[] {
    const ids = [...new Set([...stale, ...pinned])].sort(byCode);
    counts = { ...counts, affected: ids.length };
    return ids;
  }

  function affectedAtOnce(before: Snapshot, after: Snapshot, rows: readonly number[]): readonly string[] {
    if (before.id !== snapshotId) throw new RangeError(`the index stands at ${snapshotId}, not at ${before.id}`);
    if (before.frame !== frame || after.frame !== frame) throw new RangeError('another frame than that of the index');
    weigh(Number.POSITIVE_INFINITY);
    const ascending = [...new Set(rows)].sort((a, b) => a - b);
    move(
      before,
      after,
      ascending.flatMap((row) => rowChange(before, after, row) ?? []),
    );
    snapshotId = after.id;
    return named();
  }

  return {
    get size() {
      return slotOf.size;
    },
    get snapshotId() {
      return snapshotId;
    },
    get counts() {
      return counts;
    },
    put,
    remove,
    has: (needId) => slotOf.has(needId),
    countOf: (needId) => counted.get(needId) ?? null,
    pin: (needId) => {
      pinned.add(needId);
    },
    unpin: (needId) => {
      if (pinned.delete(needId) && slotOf.has(needId)) stale.add(needId);
    },
    get doubtful() {
      return doubts.size;
    },
    weigh,
    affectedAtOnce,
    affected(before, after, rows) {
      affectedAtOnce(before, after, rows);
      weigh(Number.POSITIVE_INFINITY);
      return named();
    },
  };
}
