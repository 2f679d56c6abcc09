import type { CompiledNeed } from '../compile-need.js';
import { byCode } from '../order.js';
import type { Snapshot } from '../snapshot.js';
import { type CountProblem, followCount } from './count-problem.js';
import { type RowChange, rowChange } from './facts.js';
import { fallingRows, type HeldNeed, heldAgain, heldNeed } from './held-need.js';
import { countAfter, keepsLabel, type LabelDoubt, labelAfter } from './label.js';
import { createReadTable, type ReadTable } from './read-table.js';
import type { FirstCount, NeedStanding } from './standing.js';
import { type JudgedRow, judge, type Step, stepOf, touchesOrder } from './touches.js';
import { weightingsOf } from './weighing.js';

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
  readonly problem: CountProblem;
}

/** A need whose label is in doubt. */
export interface DoubtfulNeed {
  readonly needId: string;
  readonly problem: CountProblem;
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
  /**
   * Takes in the new answer of a need that it holds already, as it was compiled then; false where it does not hold it.
   */
  putAgain(needId: string, standing: NeedStanding): boolean;
  /** Forgets a need. */
  remove(needId: string): void;
  has(needId: string): boolean;
  /** A need as it was compiled when it was put, without its words; null where it is not held. */
  compiledOf(needId: string): CompiledNeed | null;
  /**
   * What is known of the label of a need that the last change touched: what under how many weightings the park that was
   * first is first now, should it still be, follows from. Null where nothing does.
   */
  countOf(needId: string): KnownCount | null;
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
   * others to be weighed. What is left is weighed before the index moves on.
   */
  affectedAtOnce(before: Snapshot, after: Snapshot, changedRows: readonly number[]): readonly string[];
  /** Weighs the labels that the last change left in doubt; names the needs that it can touch. */
  weigh(): readonly string[];
  /** Needs whose labels are still to be weighed. */
  readonly doubtful: number;
  /** The first of them, for weighing elsewhere; all where no number is given. */
  doubts(atMost?: number): readonly DoubtfulNeed[];
  /**
   * Takes in what `followCount` gave; true if the need can be touched. Of no account where it is not in that doubt any
   * more.
   */
  weighed(doubt: DoubtfulNeed, count: FirstCount | null): boolean;
}

/** A doubt about no more places than this is settled on the spot: putting it off costs as much. */
const AT_ONCE = 400;

/** The slots of the needs that read changed rows, with these rows. */
function readersOf(table: ReadTable, { rows }: Step): Iterable<readonly [slot: number, rows: readonly JudgedRow[]]> {
  const readers = new Map<number, JudgedRow[]>();
  for (const row of rows) {
    for (const slot of table.readers(row.change)) {
      const known = readers.get(slot);
      if (known === undefined) readers.set(slot, [row]);
      else known.push(row);
    }
  }
  return readers;
}

/** Makes an empty index that stands at a snapshot. */
export function createNeedIndex(start: Snapshot): NeedIndex {
  const { frame, size: parks } = start;
  let snapshotId = start.id;
  let counts: StageCounts = { needs: 0, read: 0, weighed: 0, affected: 0 };
  const slots: (HeldNeed | null)[] = [];
  const free: number[] = [];
  const slotOf = new Map<string, number>();
  /** Named affected, or put with a standing of other facts: nothing is known of them until they are put again. */
  const stale = new Set<string>();
  const counted = new Map<string, KnownCount>();
  const doubts = new Map<string, LabelDoubt>();
  const table = createReadTable(parks);

  function remove(needId: string): void {
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
    stand(slot, heldNeed(needId, compiled, standing), standing);
  }

  function stand(slot: number, held: HeldNeed, { live, snapshot }: NeedStanding): void {
    const { needId, compiled, samples } = held;
    // Put in order while needs are loaded, not when facts change.
    weightingsOf(frame, samples);
    counted.delete(needId);
    doubts.delete(needId);
    slots[slot] = held;
    table.set(slot, compiled, live, fallingRows(held, live.length));
    if (snapshot === snapshotId) stale.delete(needId);
    else stale.add(needId);
  }

  function putAgain(needId: string, standing: NeedStanding): boolean {
    const slot = slotOf.get(needId);
    const held = slot === undefined ? undefined : slots[slot];
    if (slot === undefined || held === undefined || held === null) return false;
    stand(slot, heldAgain(held, standing), standing);
    return true;
  }

  function weighed({ needId, problem }: DoubtfulNeed, count: FirstCount | null): boolean {
    const doubt = doubts.get(needId);
    if (doubt?.problem !== problem) return false;
    doubts.delete(needId);
    if (keepsLabel(doubt, count)) return false;
    stale.add(needId);
    return true;
  }

  function doubtsNow(atMost = doubts.size): readonly DoubtfulNeed[] {
    const some: DoubtfulNeed[] = [];
    for (const [needId, { problem }] of doubts) {
      if (some.length >= atMost) break;
      some.push({ needId, problem });
    }
    return some;
  }

  function weigh(): readonly string[] {
    return doubtsNow().flatMap((doubt) => (weighed(doubt, followCount(doubt.problem)) ? [doubt.needId] : []));
  }

  /** Looks at a need that reads changed rows; true if its weightings were looked at. */
  function look(held: HeldNeed, step: Step, rows: readonly JudgedRow[]): boolean {
    const { needId } = held;
    judge(held, step, rows);
    if (touchesOrder(held, step, rows)) {
      const known = countAfter(held, step, rows);
      if (known !== null) counted.set(needId, known);
      stale.add(needId);
      return false;
    }
    const label = labelAfter(held, step, rows);
    if (label === 'kept') return false;
    if (label === 'touched') {
      stale.add(needId);
      return false;
    }
    if (label.places > AT_ONCE) doubts.set(needId, label);
    else if (!keepsLabel(label, followCount(label.problem))) stale.add(needId);
    return true;
  }

  function move(before: Snapshot, after: Snapshot, changes: readonly RowChange[]): void {
    const step = stepOf(before, after, changes);
    let [read, weighed] = [0, 0];
    // What was known of needs that are still to be put was of other facts.
    counted.clear();
    for (const [slot, rows] of readersOf(table, step)) {
      const held = slots[slot] ?? null;
      if (held === null || stale.has(held.needId)) continue;
      read += 1;
      if (look(held, step, rows)) weighed += 1;
    }
    counts = { needs: slotOf.size, read, weighed, affected: 0 };
  }

  /** Everything that is to be matched again. */
  function named(): readonly string[] {
    const ids = [...stale].sort(byCode);
    counts = { ...counts, affected: ids.length };
    return ids;
  }

  function affectedAtOnce(before: Snapshot, after: Snapshot, rows: readonly number[]): readonly string[] {
    if (before.id !== snapshotId) throw new RangeError(`the index stands at ${snapshotId}, not at ${before.id}`);
    if (before.frame !== frame || after.frame !== frame) throw new RangeError('another frame than that of the index');
    weigh();
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
    putAgain,
    remove,
    has: (needId) => slotOf.has(needId),
    compiledOf: (needId) => slots[slotOf.get(needId) ?? -1]?.compiled ?? null,
    countOf: (needId) => counted.get(needId) ?? null,
    get doubtful() {
      return doubts.size;
    },
    doubts: doubtsNow,
    weighed,
    weigh,
    affectedAtOnce,
    affected(before, after, rows) {
      affectedAtOnce(before, after, rows);
      weigh();
      return named();
    },
  };
}
