import { FACTORS, type Factor } from '../domain/factors.js';
import { GATES, type Gate } from '../domain/match.js';
import type { Fact, Park } from '../domain/park.js';
import { dayNumber } from '../domain/units.js';
import { BOUNDS, linear, RENT_BOUNDS } from './bounds.js';
import type { Frame } from './frame.js';
import type { ParcelRange } from './phases.js';

/** Bit of each gate in a mask. */
export const GATE_BIT = Object.fromEntries(GATES.map((gate, index) => [gate, 1 << index])) as Readonly<
  Record<Gate, number>
>;

/** The land-standard thresholds, each the gate of the same name. */
export const STANDARD_GATES = ['investPerMu', 'taxPerMu', 'energyPerValueAdded', 'plotRatio'] as const;
export type StandardGate = (typeof STANDARD_GATES)[number];

/** -1 where the project must reach the threshold, 1 where it must not exceed it. */
export const STANDARD_SIGN: Readonly<Record<StandardGate, 1 | -1>> = {
  investPerMu: -1,
  taxPerMu: -1,
  energyPerValueAdded: 1,
  plotRatio: -1,
};

/** The land standard's fact a gate reads. */
export function standardFact(park: Park, gate: StandardGate): Fact {
  const standard = park.inventory.landStandard;
  switch (gate) {
    case 'investPerMu':
      return standard.investPerMuWan;
    case 'taxPerMu':
      return standard.taxPerMuWan;
    case 'energyPerValueAdded':
      return standard.energyPerValueAddedTce;
    case 'plotRatio':
      return standard.plotRatio;
  }
}

/**
 * All parks on one day as columns, compiled once and read by every need. Rows are parks by id. Unknown stock is 0,
 * an unknown threshold NaN: neither satisfies a demand, and `softGates` tells that nobody knows.
 * Typed arrays keep the hot loops free of objects.
 */
export interface Snapshot {
  /** Names the content: edition, day and park versions. Given by the caller, written into results. */
  readonly id: string;
  readonly frame: Frame;
  readonly parks: readonly Park[];
  readonly size: number;
  readonly factors: Readonly<Record<Factor, Float64Array>>;
  readonly standards: Readonly<Record<StandardGate, Float64Array>>;
  /** Parcels of park p are at parcelStart[p] .. parcelStart[p + 1] - 1, earliest first. */
  readonly parcelStart: Int32Array;
  readonly parcelMu: Float64Array;
  readonly parcelDay: Int32Array;
  readonly largestMu: Float64Array;
  /** `largestMu` where it decides for sure, else infinite. */
  readonly decidingLargestMu: Float64Array;
  readonly labour: Float64Array;
  readonly landCostUtility: Float64Array;
  readonly rentUtility: Float64Array;
  readonly siteCostUtility: Float64Array;
  readonly wageUtility: Float64Array;
  /** Gates whose fact here is unknown or unverified: falling short of them is `unknown`, not `fail`. */
  readonly softGates: Int32Array;
  /** `factors` with soft facts replaced by a value that lets every need pass: what decides for sure. */
  readonly decidingFactors: Readonly<Record<Factor, Float64Array>>;
  /** Room under each threshold, signed so that more is easier: a demand's signed figure must not exceed it. */
  readonly standardRoom: Readonly<Record<StandardGate, Float64Array>>;
}

function known(fact: Fact): number {
  return fact.value ?? Number.NaN;
}

/** The value of a stock that may decide a gate, else one that every need passes. */
function deciding(fact: Fact): number {
  return isSoft(fact) ? Number.POSITIVE_INFINITY : known(fact);
}

/** A threshold as room: the ones a project must reach count negative. A soft one leaves room for every project. */
function roomUnder(fact: Fact, gate: StandardGate): number {
  if (isSoft(fact)) return Number.POSITIVE_INFINITY;
  return STANDARD_SIGN[gate] * known(fact);
}

function largestParcelMu(park: Park): number {
  return park.inventory.parcels.reduce((max, parcel) => Math.max(max, parcel.areaMu), 0);
}

/** True if a fact cannot decide a gate against a park. */
export function isSoft(fact: Fact): boolean {
  return fact.value === null || fact.basis === 'unverified';
}

type Columns = Omit<Snapshot, 'id' | 'frame' | 'parks' | 'size' | 'parcelStart' | 'parcelMu' | 'parcelDay'>;

/** Columns of their own for a snapshot: copies of those before, or empty. */
function columnsFor(size: number, before: Columns | null): Columns {
  const column = (of: Float64Array | undefined) => of?.slice() ?? new Float64Array(size);
  const byName = <Name extends string>(names: readonly Name[], of: Readonly<Record<Name, Float64Array>> | undefined) =>
    Object.fromEntries(names.map((name) => [name, column(of?.[name])])) as Record<Name, Float64Array>;
  return {
    factors: byName(FACTORS, before?.factors),
    standards: byName(STANDARD_GATES, before?.standards),
    largestMu: column(before?.largestMu),
    decidingLargestMu: column(before?.decidingLargestMu),
    labour: column(before?.labour),
    landCostUtility: column(before?.landCostUtility),
    rentUtility: column(before?.rentUtility),
    siteCostUtility: column(before?.siteCostUtility),
    wageUtility: column(before?.wageUtility),
    softGates: before?.softGates.slice() ?? new Int32Array(size),
    decidingFactors: byName(FACTORS, before?.decidingFactors),
    standardRoom: byName(STANDARD_GATES, before?.standardRoom),
  };
}

/** Gates of a park whose fact is unknown or unverified. */
function softGatesOf(park: Park): number {
  const { inventory } = park;
  // Parcels carry no basis of their own: the inventory's speaks for them.
  let mask = inventory.provenance.basis === 'unverified' ? GATE_BIT.land | GATE_BIT.date : 0;
  for (const factor of FACTORS) if (isSoft(inventory.factors[factor])) mask |= GATE_BIT[factor];
  for (const gate of STANDARD_GATES) if (isSoft(standardFact(park, gate))) mask |= GATE_BIT[gate];
  return mask;
}

/** Writes a park's numbers into the columns. */
function writeRow(columns: Columns, row: number, park: Park): void {
  const { inventory } = park;
  for (const factor of FACTORS) {
    const fact = inventory.factors[factor];
    columns.factors[factor][row] = fact.value ?? 0;
    columns.decidingFactors[factor][row] = deciding(fact);
  }
  for (const gate of STANDARD_GATES) {
    const fact = standardFact(park, gate);
    columns.standards[gate][row] = known(fact);
    columns.standardRoom[gate][row] = roomUnder(fact, gate);
  }
  const largestMu = largestParcelMu(park);
  const landCost = linear(known(inventory.landPriceWanPerMu), BOUNDS.siteCost.at0, BOUNDS.siteCost.at1);
  const rent = linear(known(inventory.workshopRentYuanPerM2Month), RENT_BOUNDS.at0, RENT_BOUNDS.at1);
  columns.largestMu[row] = largestMu;
  columns.decidingLargestMu[row] = inventory.provenance.basis === 'unverified' ? Number.POSITIVE_INFINITY : largestMu;
  columns.labour[row] = inventory.labourAvailable.value ?? 0;
  columns.landCostUtility[row] = landCost;
  columns.rentUtility[row] = rent;
  columns.siteCostUtility[row] = (landCost + rent) / 2;
  columns.wageUtility[row] = linear(known(inventory.wageYuanPerMonth), BOUNDS.wageCost.at0, BOUNDS.wageCost.at1);
  columns.softGates[row] = softGatesOf(park);
}

type Parcels = Pick<Snapshot, 'parcelStart' | 'parcelMu' | 'parcelDay'>;

/** The parcels of all parks, row by row. @param before see `compileSnapshot`. */
function layParcels(parks: readonly Park[], before: Snapshot | null): Parcels {
  const parcelStart = new Int32Array(parks.length + 1);
  parks.forEach((park, row) => {
    parcelStart[row + 1] = (parcelStart[row] ?? 0) + park.inventory.parcels.length;
  });
  const total = parcelStart[parks.length] ?? 0;
  const [parcelMu, parcelDay] = [new Float64Array(total), new Int32Array(total)];
  parks.forEach((park, row) => {
    const at = parcelStart[row] ?? 0;
    if (before !== null && before.parks[row] === park) {
      const { from, to } = parcelsOf(before, row);
      parcelMu.set(before.parcelMu.subarray(from, to), at);
      parcelDay.set(before.parcelDay.subarray(from, to), at);
      return;
    }
    const parcels = [...park.inventory.parcels].sort((a, b) => (a.availableFrom < b.availableFrom ? -1 : 1));
    for (const [place, { areaMu, availableFrom }] of parcels.entries()) {
      parcelMu[at + place] = areaMu;
      parcelDay[at + place] = dayNumber(availableFrom);
    }
  });
  return { parcelStart, parcelMu, parcelDay };
}

/**
 * Compiles the parks of a frame; `parks` are those of the frame in any order.
 * @param before a snapshot of the same frame: of parks that are the same object there, the numbers are taken over. The
 *   snapshot is the same with it and without.
 * @throws RangeError if a park of the frame is missing.
 */
export function compileSnapshot(
  frame: Frame,
  parks: readonly Park[],
  id: string,
  before: Snapshot | null = null,
): Snapshot {
  const byId = new Map(parks.map((park) => [park.id, park]));
  const rows = frame.parkIds.map((parkId) => {
    const park = byId.get(parkId);
    if (park === undefined) throw new RangeError(`park ${parkId} of the frame is missing`);
    return park;
  });
  const base = before?.frame === frame ? before : null;
  const columns = columnsFor(rows.length, base);
  rows.forEach((park, row) => {
    if (base === null || base.parks[row] !== park) writeRow(columns, row, park);
  });
  return { id, frame, parks: rows, size: rows.length, ...layParcels(rows, base), ...columns };
}

/** The parcels of the park at a row. */
export function parcelsOf(snapshot: Snapshot, row: number): ParcelRange {
  return {
    mu: snapshot.parcelMu,
    day: snapshot.parcelDay,
    from: snapshot.parcelStart[row] ?? 0,
    to: snapshot.parcelStart[row + 1] ?? 0,
  };
}
