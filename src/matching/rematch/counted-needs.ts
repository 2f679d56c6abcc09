import type { EarlierCount } from './narrowed-smaa.js';

/** So many parks may have changed since a count of weightings that it still helps, within so many steps. */
const CHANGED_AT_MOST = 40;
const STEPS_KEPT = 200;

/** What counts of all weightings have told of needs, step by step of the facts. */
export interface CountedNeeds {
  /** The facts have moved on: these rows are others. */
  step(rows: readonly number[]): void;
  /** All weightings of a version of a need were counted at the present facts. */
  counted(needId: string, version: number, contenders: Int32Array): void;
  /** What the last count tells now; null where none is known that helps. */
  earlier(needId: string, version: number): EarlierCount | null;
  forget(needId: string): void;
}

/** Makes an empty memory of counts. */
export function createCountedNeeds(): CountedNeeds {
  const counts = new Map<string, { readonly version: number; readonly contenders: Int32Array; readonly at: number }>();
  let steps: readonly (readonly number[])[] = [];
  let last = 0;

  /** Rows that changed after a step; null where that is long ago or they are many. */
  function since(step: number): readonly number[] | null {
    const behind = last - step;
    if (behind > steps.length) return null;
    const rows = [...new Set(steps.slice(steps.length - behind).flat())];
    return rows.length > CHANGED_AT_MOST ? null : rows;
  }

  return {
    step(rows) {
      last += 1;
      steps = [...steps, rows].slice(-STEPS_KEPT);
    },
    counted(needId, version, contenders) {
      counts.set(needId, { version, contenders, at: last });
    },
    earlier(needId, version) {
      const count = counts.get(needId);
      if (count === undefined || count.version !== version) return null;
      const changed = since(count.at);
      return changed === null ? null : { contenders: count.contenders, changed };
    },
    forget: (needId) => void counts.delete(needId),
  };
}
