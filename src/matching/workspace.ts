import { CRITERIA } from '../domain/match.js';

/**
 * Scratch columns for one need at a time, by park row. Made once per thread and snapshot size. After `evaluate` only
 * the rows in `live` hold this need's numbers. `utilities` holds one column a criterion; static ones point into the
 * snapshot.
 */
export interface Workspace {
  readonly size: number;
  /** Rows of the parks no gate decides against, ascending: the first `liveCount` entries. */
  readonly live: Int32Array;
  liveCount: number;
  /** Gates that cannot be answered, as a mask. */
  readonly open: Int32Array;
  /** Score in units of 1/1024 point. */
  readonly score: Int32Array;
  readonly utilities: Float64Array[];
  readonly own: readonly Float64Array[];
}

/** Makes the scratch for snapshots of a size. */
export function createWorkspace(size: number): Workspace {
  const own = CRITERIA.map(() => new Float64Array(size));
  return {
    size,
    live: new Int32Array(size + 1),
    liveCount: 0,
    open: new Int32Array(size),
    score: new Int32Array(size),
    utilities: [...own],
    own,
  };
}

/** The workspace's own column of a criterion, by its place in CRITERIA. @throws RangeError if there is none. */
export function ownColumn(work: Workspace, criterion: number | undefined): Float64Array {
  const column = work.own[criterion ?? -1];
  if (column === undefined) throw new RangeError('no such criterion');
  return column;
}
