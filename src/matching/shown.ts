import type { CompiledNeed } from './compile-need.js';
import { failingGates } from './failing-gates.js';
import { type Ranking, rankKey } from './rank.js';
import type { Snapshot } from './snapshot.js';
import type { Workspace } from './workspace.js';

/** How many ranked and excluded parks a result explains; the totals tell how many there are. */
export const RANKED_SHOWN = 20;
/** Conditional parks explained however many eligible ones stand before them: an open fact must not hide a park. */
export const CONDITIONAL_SHOWN = 5;
export const EXCLUDED_SHOWN = 100;

function conditionalRows({ live, liveCount, open }: Workspace): number[] {
  const rows: number[] = [];
  for (let index = 0; index < liveCount; index += 1) {
    const row = live[index] ?? 0;
    if ((open[row] ?? 0) !== 0) rows.push(row);
  }
  return rows;
}

/** The best conditional parks, in order. The workspace must hold a need's evaluation. */
export function bestConditional(work: Workspace): readonly number[] {
  return conditionalRows(work)
    .sort((a, b) => rankKey(work, b) - rankKey(work, a) || a - b)
    .slice(0, CONDITIONAL_SHOWN);
}

/** Rows and ranks that are shown: the best of all, and the best conditional ones wherever they stand. */
export function shownRows(work: Workspace, ranking: Ranking): { readonly row: number; readonly rank: number }[] {
  const best = ranking.rows.map((row, index) => ({ row, rank: index + 1 }));
  const conditional = bestConditional(work).map((row, index) => ({ row, rank: ranking.eligible + index + 1 }));
  return [...best, ...conditional.filter(({ rank: own }) => own > best.length)];
}

/** A park some gate decides against. */
export interface ExcludedRow {
  readonly row: number;
  /** How many gates are against it. */
  readonly failing: number;
}

/** The parks some gate decides against. */
export interface ExcludedParks {
  readonly total: number;
  /** The first of them, at most EXCLUDED_SHOWN: fewest failing gates first, then by park id. */
  readonly shown: readonly ExcludedRow[];
}

/** The parks a gate decides against. The workspace must hold the need's evaluation. */
export function excludedParks(snapshot: Snapshot, need: CompiledNeed, work: Workspace): ExcludedParks {
  const { live, liveCount } = work;
  /** Rows by how many gates are against them; no more of each than are shown. */
  const byFailing: number[][] = [];
  let next = 0;
  for (let row = 0; row < snapshot.size; row += 1) {
    if (next < liveCount && live[next] === row) {
      next += 1;
      continue;
    }
    const failing = failingGates(snapshot, row, need);
    const rows = byFailing[failing];
    if (rows === undefined) byFailing[failing] = [row];
    else if (rows.length < EXCLUDED_SHOWN) rows.push(row);
  }
  const shown: ExcludedRow[] = [];
  for (const [failing, rows] of byFailing.entries()) {
    for (const row of rows ?? []) if (shown.length < EXCLUDED_SHOWN) shown.push({ row, failing });
  }
  return { total: snapshot.size - liveCount, shown };
}
