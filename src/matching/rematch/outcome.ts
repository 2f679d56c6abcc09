import { GATES, type Gate, type GateReport, type MatchResult } from '../../domain/match.js';
import type { MatchOutcome, OutcomeDifference, ParkStanding } from '../../domain/rematch.js';

type GateState = OutcomeDifference['gates'][number]['from'];

function gatesWith(reports: readonly GateReport[], wanted: GateState): Gate[] {
  return reports.flatMap(({ gate, outcome }) => (outcome === wanted ? [gate] : []));
}

/** What a result says, apart from its numbers. */
export function outcomeOf(result: MatchResult): MatchOutcome {
  return {
    ranked: result.ranked.map(({ park, rank, status, gates }) => ({
      parkId: park.id,
      rank,
      status,
      open: gatesWith(gates, 'unknown'),
    })),
    rankedTotal: result.rankedTotal,
    excluded: result.excluded.map(({ park, gates }) => ({ parkId: park.id, failing: gatesWith(gates, 'fail') })),
    excludedTotal: result.excludedTotal,
    label: result.robustness.label,
  };
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((x, at) => same(x, b[at] ?? x));
}

const sameGates = (a: readonly Gate[], b: readonly Gate[]) => a === b || sameList(a, b, (x, y) => x === y);

/** True if two results give the same advice. */
export function sameOutcome(a: MatchOutcome, b: MatchOutcome): boolean {
  return (
    a.label === b.label &&
    a.rankedTotal === b.rankedTotal &&
    a.excludedTotal === b.excludedTotal &&
    sameList(
      a.ranked,
      b.ranked,
      (x, y) => x.parkId === y.parkId && x.rank === y.rank && x.status === y.status && sameGates(x.open, y.open),
    ) &&
    sameList(a.excluded, b.excluded, (x, y) => x.parkId === y.parkId && sameGates(x.failing, y.failing))
  );
}

/** What an outcome tells of one park. */
interface Told {
  readonly standing: ParkStanding;
  readonly rank: number | null;
  /** The gates that are told by name: open ones of a ranked park, failing ones of an excluded park. */
  readonly told: readonly Gate[];
}

const NOT_SHOWN: Told = { standing: 'notShown', rank: null, told: [] };

/** Of a ranked park all gates are told; of an excluded one those that fail, the others may be open or passed. */
function toldOf(outcome: MatchOutcome | null): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const { parkId, rank, status, open } of outcome?.ranked ?? []) {
    told.set(parkId, { standing: status, rank, told: open });
  }
  for (const { parkId, failing } of outcome?.excluded ?? []) {
    told.set(parkId, { standing: 'excluded', rank: null, told: failing });
  }
  return told;
}

/** How a gate of a park stands; null where the outcome does not tell. */
function gateOf({ standing, told }: Told, gate: Gate): GateState | null {
  if (standing === 'notShown') return null;
  if (standing === 'excluded') return told.includes(gate) ? 'fail' : null;
  return told.includes(gate) ? 'unknown' : 'pass';
}

/** Gates whose state moved between two tellings; a gate one of them does not tell counts if the other says `fail`. */
function gateMoves(parkId: string, was: Told, is: Told): OutcomeDifference['gates'] {
  if (was.standing === 'notShown' || is.standing === 'notShown') return [];
  return GATES.flatMap((gate) => {
    const [from, to] = [gateOf(was, gate), gateOf(is, gate)];
    if (from === to) return [];
    if (from === null) return to === 'fail' ? [{ parkId, gate, from: 'pass' as const, to }] : [];
    if (to === null) return from === 'fail' ? [{ parkId, gate, from, to: 'pass' as const }] : [];
    return [{ parkId, gate, from, to }];
  });
}

/** The parks of which two outcomes tell something else: those of the later one in its order, then the others. */
function movedParks(before: MatchOutcome | null, after: MatchOutcome) {
  const [was, is] = [toldOf(before), toldOf(after)];
  const moved: { readonly parkId: string; readonly was: Told; readonly is: Told }[] = [];
  for (const [parkId, now] of is) {
    const then = was.get(parkId) ?? NOT_SHOWN;
    // As it is with nearly all parks.
    if (then.standing === now.standing && then.rank === now.rank && sameGates(then.told, now.told)) continue;
    moved.push({ parkId, was: then, is: now });
  }
  for (const [parkId, then] of was) if (!is.has(parkId)) moved.push({ parkId, was: then, is: NOT_SHOWN });
  return moved;
}

/**
 * What moved between two outcomes; null where they are equal. Parks come in the order of the later outcome, then those
 * it no longer shows. Gates are compared for parks both outcomes show; where only a `fail` of an excluded park is known
 * to have come or gone, its other end is given as `pass`.
 * @param before null: there was none.
 */
export function outcomeDifference(before: MatchOutcome | null, after: MatchOutcome): OutcomeDifference | null {
  if (before !== null && sameOutcome(before, after)) return null;
  const moved = movedParks(before, after);
  const [labelFrom, labelTo] = [before?.label ?? null, after.label];
  return {
    first: { from: before?.ranked[0]?.parkId ?? null, to: after.ranked[0]?.parkId ?? null },
    ranks: moved.flatMap(({ parkId, was: { rank: from }, is: { rank: to } }) =>
      from === to ? [] : [{ parkId, from, to }],
    ),
    gates: moved.flatMap((one) => gateMoves(one.parkId, one.was, one.is)),
    statuses: moved.flatMap(({ parkId, was: { standing: from }, is: { standing: to } }) =>
      from === to ? [] : [{ parkId, from, to }],
    ),
    label: labelFrom === labelTo ? null : { from: labelFrom, to: labelTo },
  };
}
