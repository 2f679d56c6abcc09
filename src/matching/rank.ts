import type { Workspace } from './evaluate.js';

/** Above any score: eligible parks come before conditional ones. */
const ELIGIBLE = 1 << 20;

/** Parks in the order of the answer. */
export interface Ranking {
  /** Rows of the best parks, at most the number asked for. */
  readonly rows: readonly number[];
  readonly eligible: number;
  readonly conditional: number;
}

/** Order key of a live park: eligible first, then by score. */
export function rankKey(work: Workspace, park: number): number {
  return (work.score[park] ?? 0) + ((work.open[park] ?? 0) === 0 ? ELIGIBLE : 0);
}

/** The rows no gate decides against, ascending. */
export function liveRows(work: Workspace): Int32Array {
  return work.live.subarray(0, work.liveCount);
}

/**
 * The best `top` parks: eligible before conditional, higher score first, equal scores by park id (the row order).
 * The rule looks at each park alone, so no park's coming or going reorders two others.
 */
export function rank(work: Workspace, top: number): Ranking {
  const rows = new Int32Array(top);
  const keys = new Int32Array(top);
  let held = 0;
  let eligible = 0;
  for (let index = 0; index < work.liveCount; index += 1) {
    const park = work.live[index] ?? 0;
    const key = rankKey(work, park);
    if (key >= ELIGIBLE) eligible += 1;
    if (held === top && key <= (keys[top - 1] ?? 0)) continue;
    let at = held < top ? held : top - 1;
    while (at > 0 && (keys[at - 1] ?? 0) < key) {
      rows[at] = rows[at - 1] ?? 0;
      keys[at] = keys[at - 1] ?? 0;
      at -= 1;
    }
    rows[at] = park;
    keys[at] = key;
    if (held < top) held += 1;
  }
  return { rows: [...rows.subarray(0, held)], eligible, conditional: work.liveCount - eligible };
}
