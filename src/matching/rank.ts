import type { Workspace } from './workspace.js';

/** Above any score: eligible parks come before conditional ones. */
export const ELIGIBLE = 1 << 20;
/** More rows than any snapshot has; a key times this stays an exact whole number. */
const ROWS = 1 << 20;

/** Parks in the order of the answer. */
export interface Ranking {
  /** Rows of the best parks, at most the number asked for. */
  readonly rows: readonly number[];
  readonly eligible: number;
  readonly conditional: number;
}

/** Order key of a score, with the gates that are open: eligible first, then by score. */
export function rankKeyOf(score: number, open: number): number {
  return score + (open === 0 ? ELIGIBLE : 0);
}

/** Order key of a live park. */
export function rankKey(work: Workspace, park: number): number {
  return rankKeyOf(work.score[park] ?? 0, work.open[park] ?? 0);
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
  const { live, liveCount, score, open } = work;
  // One number a park: the key, then the row counted down, so that the larger number is the better park.
  const best = new Float64Array(top);
  let held = 0;
  let least = -1;
  let eligible = 0;
  for (let index = 0; index < liveCount; index += 1) {
    const park = live[index] ?? 0;
    let key = score[park] ?? 0;
    if ((open[park] ?? 0) === 0) {
      key += ELIGIBLE;
      eligible += 1;
    }
    const entry = key * ROWS + (ROWS - 1 - park);
    if (entry < least) continue;
    let at = held < top ? held : top - 1;
    while (at > 0 && (best[at - 1] ?? 0) < entry) {
      best[at] = best[at - 1] ?? 0;
      at -= 1;
    }
    best[at] = entry;
    if (held < top) held += 1;
    if (held === top) least = best[top - 1] ?? 0;
  }
  const rows = Array.from(best.subarray(0, held), (entry) => ROWS - 1 - (entry % ROWS));
  return { rows, eligible, conditional: liveCount - eligible };
}
