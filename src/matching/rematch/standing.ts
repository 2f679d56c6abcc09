import type { CompiledNeed } from '../compile-need.js';
import { evaluate } from '../evaluate.js';
import { ELIGIBLE, liveRows, rank, rankKey } from '../rank.js';
import { bestConditional, EXCLUDED_SHOWN, type ExcludedRow, excludedRows, RANKED_SHOWN } from '../shown.js';
import type { Snapshot } from '../snapshot.js';
import type { Workspace } from '../workspace.js';

/** More rows than any snapshot has: a number of gates or a key times this, and a row, stay one exact whole number. */
const ROWS = 1 << 20;

/** A place in the order of the answer as one number: the larger one stands before, equal keys go by row. */
export function orderEntry(key: number, row: number): number {
  return key * ROWS + (ROWS - 1 - row);
}

/** The row an entry is made of. */
export function rowOfEntry(entry: number): number {
  return ROWS - 1 - (entry % ROWS);
}

/** True if the entry is that of an eligible park. */
export function isEligibleEntry(entry: number): boolean {
  return entry >= ELIGIBLE * ROWS;
}

/** A place among the excluded parks as one number: the smaller one is shown before. */
export function excludedEntry(failing: number, row: number): number {
  return failing * ROWS + row;
}

/** Under how many weightings the first park is first: from `low` to `high`, which carry the same label. */
export interface FirstCount {
  readonly low: number;
  readonly high: number;
  /**
   * Rows of rivals one of which at least is first or ahead under each of the weightings that `high` leaves: while these
   * do not worsen, the first park wins none of them. Absent: not known.
   */
  readonly takers?: Int32Array;
}

/**
 * Where a need's answer stands: what is enough to tell whether a park's change touches the outcome. Against the
 * facts of one snapshot; plain arrays.
 */
export interface NeedStanding {
  /** Id of the snapshot it was taken from. */
  readonly snapshot: string;
  /** A bit for each park row that no gate decides against. */
  readonly live: Uint32Array;
  /** Order entries of the best parks shown, best first. */
  readonly top: Float64Array;
  /** The largest entry of a live park that `top` does not hold; -1 where there is none. */
  readonly topBelow: number;
  /** The same of the conditional parks that are always shown. */
  readonly conditional: Float64Array;
  readonly conditionalBelow: number;
  /** Excluded parks up to this entry are shown; infinite where all are. */
  readonly excludedCut: number;
  /** Weightings drawn, and under how many of them the first park is first; null where nobody counted. */
  readonly samples: number;
  readonly firstCount: FirstCount | null;
}

function entryOf(work: Workspace, row: number): number {
  return orderEntry(rankKey(work, row), row);
}

/** The largest entry among the rows that comes after the last of a list; -1 where there is none. */
function below(entries: Float64Array, rows: Iterable<number>, work: Workspace): number {
  const last = entries.at(-1) ?? Number.POSITIVE_INFINITY;
  let most = -1;
  for (const row of rows) {
    const entry = entryOf(work, row);
    if (entry < last && entry > most) most = entry;
  }
  return most;
}

/** What of a standing does not depend on the counting of weightings. */
export type Places = Omit<NeedStanding, 'samples' | 'firstCount'>;

/**
 * The places of a need's parks.
 * @param work holds the need's evaluation against the snapshot; not read after this returns.
 * @param shown ranked parks shown beside the conditional ones.
 */
export function placesOf(
  snapshot: Snapshot,
  work: Workspace,
  excluded: readonly ExcludedRow[],
  shown: number = RANKED_SHOWN,
): Places {
  const rows = liveRows(work);
  const live = new Uint32Array(Math.ceil(snapshot.size / 32));
  for (const row of rows) live[row >>> 5] = (live[row >>> 5] ?? 0) | (1 << (row & 31));
  const top = Float64Array.from(rank(work, shown).rows, (row) => entryOf(work, row));
  const conditional = Float64Array.from(bestConditional(work), (row) => entryOf(work, row));
  const open = [...rows].filter((row) => (work.open[row] ?? 0) !== 0);
  const last = excluded.length > EXCLUDED_SHOWN ? excluded[EXCLUDED_SHOWN - 1] : undefined;
  return {
    snapshot: snapshot.id,
    live,
    top,
    topBelow: below(top, rows, work),
    conditional,
    conditionalBelow: below(conditional, open, work),
    excludedCut: last === undefined ? Number.POSITIVE_INFINITY : excludedEntry(last.failing, last.row),
  };
}

/**
 * The standing of a need without a match: for filling an index where the result is known already.
 * @param compiled against the snapshot's frame.
 * @param work scratch of the snapshot's size; holds the need's evaluation afterwards.
 * @param counted weightings and under how many the first park is first (`firstCountOf` of the result at these very
 *   facts), null where nobody counted them: then the label counts as doubtful until the need is matched again.
 */
export function standingOf(
  snapshot: Snapshot,
  compiled: CompiledNeed,
  work: Workspace,
  samples: number,
  firstCount: FirstCount | null,
): NeedStanding {
  evaluate(snapshot, compiled, work);
  return { ...placesOf(snapshot, work, excludedRows(snapshot, compiled, work)), samples, firstCount };
}
