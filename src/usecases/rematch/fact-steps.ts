import type { FactChange } from '../../domain/rematch.js';

/** So many parks may have changed since a count of weightings that it still helps, within so many steps. */
const CHANGED_AT_MOST = 40;
const STEPS_KEPT = 200;
/** More parks than this are handed to threads anew, not as changes; of the steps before the last one, fewer. */
const PATCH_AT_MOST = 50;
const PATCH_USUAL = 8;

/** What changed from one snapshot to the next. */
interface FactStep {
  readonly number: number;
  readonly from: string;
  readonly rows: readonly number[];
  readonly changes: readonly FactChange[];
}

/** The last changes of parks, step by step, within one frame. */
export function createSteps() {
  let steps: readonly FactStep[] = [];
  let last = 0;
  return {
    /** Takes in the next step; gives its number, from 1. */
    add(step: Omit<FactStep, 'number'>): number {
      last += 1;
      steps = [...steps, { ...step, number: last }].slice(-STEPS_KEPT);
      return last;
    },
    /** Rows that changed after a step; null where that is long ago or they are many. */
    since(step: number): readonly number[] | null {
      const later = steps.filter(({ number }) => number > step);
      if (later.length < last - step) return null;
      const rows = [...new Set(later.flatMap((one) => one.rows))];
      return rows.length > CHANGED_AT_MOST ? null : rows;
    },
    /** Snapshots of before the last steps, and the rows that changed since: as far back as those are few. */
    lately(): { readonly snapshotIds: readonly string[]; readonly rows: readonly number[] } {
      const snapshotIds: string[] = [];
      let rows: ReadonlySet<number> = new Set();
      for (const one of steps.toReversed()) {
        const more = new Set([...rows, ...one.rows]);
        if (more.size > (snapshotIds.length === 0 ? PATCH_AT_MOST : PATCH_USUAL)) break;
        rows = more;
        snapshotIds.push(one.from);
      }
      return { snapshotIds, rows: [...rows] };
    },
    /** What changed since a snapshot; nothing where it is not remembered. */
    changesFrom(snapshotId: string): readonly FactChange[] {
      const first = steps.findIndex(({ from }) => from === snapshotId);
      return first === -1 ? [] : steps.slice(first).flatMap(({ changes }) => changes);
    },
  };
}
