import type { Gate, GateReport } from '../../domain/match.js';
import type { IfMet } from '../../domain/remedy.js';
import type { CompiledNeed } from '../compile-need.js';
import { fillUtilities } from '../evaluate.js';
import { keepLand } from '../keep-land.js';
import { LATE, type LandDemand } from '../phases.js';
import { ELIGIBLE, liveRows, rankKey } from '../rank.js';
import { pointsOf, UNITS_PER_POINT } from '../score-columns.js';
import { parcelsOf, type Snapshot } from '../snapshot.js';
import { createWorkspace, type Workspace } from '../workspace.js';

/** More rows than any snapshot has: a key times this less the row orders parks as `rank` does. */
const ROWS = 1 << 20;

/** An excluded park and its gates that did not pass. */
export interface Excluded {
  readonly row: number;
  readonly gates: readonly GateReport[];
}

/** Scratch beside the one that holds the need's evaluation; as large as the snapshot, so one for each. */
const scratchOf = new WeakMap<Snapshot, Workspace>();

function scratch(snapshot: Snapshot): Workspace {
  const known = scratchOf.get(snapshot);
  if (known !== undefined) return known;
  const made = createWorkspace(snapshot.size);
  scratchOf.set(snapshot, made);
  return made;
}

/** The gate that alone keeps a park out; null if several do. */
function onlyGate(gates: readonly GateReport[]): Gate | null {
  const failed = gates.filter(({ outcome }) => outcome === 'fail');
  return failed.length === 1 ? (failed[0]?.gate ?? null) : null;
}

/**
 * The snapshot with land that is just enough: a park short of land gets one more parcel of the size asked, open on the
 * first day asked (today if none is); one whose land comes late has it by that day.
 */
function withLand(snapshot: Snapshot, demand: LandDemand, gates: ReadonlyMap<number, Gate>): Snapshot {
  const asked = demand.phaseDay.reduce((first, day) => Math.min(first, day), LATE);
  const by = asked === LATE ? snapshot.frame.todayNumber : asked;
  const parcelStart = new Int32Array(snapshot.size + 1);
  const parcelMu = new Float64Array(snapshot.parcelMu.length + gates.size);
  const parcelDay = new Int32Array(parcelMu.length);
  let size = 0;
  const put = (mu: number, day: number) => {
    parcelMu[size] = mu;
    parcelDay[size] = day;
    size += 1;
  };
  for (let row = 0; row < snapshot.size; row += 1) {
    const gate = gates.get(row);
    if (gate !== undefined) {
      const { from, to } = parcelsOf(snapshot, row);
      let given = gate !== 'land';
      for (let parcel = from; parcel < to; parcel += 1) {
        const opens = snapshot.parcelDay[parcel] ?? LATE;
        if (!given && opens > by) {
          put(demand.minMu, by);
          given = true;
        }
        put(snapshot.parcelMu[parcel] ?? 0, gate === 'date' ? Math.min(opens, by) : opens);
      }
      if (!given) put(demand.minMu, by);
    }
    parcelStart[row + 1] = size;
  }
  return { ...snapshot, parcelStart, parcelMu, parcelDay };
}

function fill(snapshot: Snapshot, need: CompiledNeed, gates: ReadonlyMap<number, Gate>): Workspace {
  const work = scratch(snapshot);
  const rows = [...gates.keys()];
  const start = () => {
    work.live.set(rows);
    work.liveCount = rows.length;
  };
  start();
  if (need.land !== null) keepLand(withLand(snapshot, need.land, gates), need.land, work);
  start();
  fillUtilities(snapshot, need, work);
  return work;
}

/** How many entries of an ascending list are larger. */
function before(ascending: Float64Array, entry: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? 0) > entry) to = middle;
    else from = middle + 1;
  }
  return ascending.length - from;
}

/**
 * For each park that a single gate keeps out: its score and rank if that gate were just met, all else as it is. A
 * factor just met leaves no headroom; land just met is one parcel of the size asked, in time. No other park's score
 * changes, so the rank is where it would stand among the parks that are in.
 * @param work holds the need's evaluation.
 * @returns by row; parks that several gates keep out are absent.
 */
export function whatWouldItScore(
  snapshot: Snapshot,
  need: CompiledNeed,
  work: Workspace,
  excluded: readonly Excluded[],
): ReadonlyMap<number, IfMet> {
  const gates = new Map<number, Gate>();
  for (const { row, gates: reports } of excluded) {
    const gate = onlyGate(reports);
    if (gate !== null) gates.set(row, gate);
  }
  const answers = new Map<number, IfMet>();
  if (gates.size === 0) return answers;
  const filled = fill(snapshot, need, gates);
  const live = Float64Array.from(liveRows(work), (row) => rankKey(work, row) * ROWS - row).sort();
  for (const { row, gates: reports } of excluded) {
    const gate = gates.get(row);
    if (gate === undefined) continue;
    let score = 0;
    for (let criterion = 0; criterion < need.weights.length; criterion += 1) {
      const weight = need.weights[criterion] ?? 0;
      if (weight > 0) score += pointsOf(weight, filled.utilities[criterion]?.[row] ?? 0);
    }
    const conditional = reports.some(({ outcome }) => outcome === 'unknown');
    const key = score * UNITS_PER_POINT + (conditional ? 0 : ELIGIBLE);
    const rank = 1 + before(live, key * ROWS - row);
    answers.set(row, { gate, score, rank, status: conditional ? 'conditional' : 'eligible' });
  }
  return answers;
}
