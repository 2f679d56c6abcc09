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

/** Compiles the parks of a frame; `parks` are those of the frame in any order. */
export function compileSnapshot(frame: Frame, parks: readonly Park[], id: string): Snapshot {
  const byId = new Map(parks.map((park) => [park.id, park]));
  const rows = frame.parkIds.map((parkId) => {
    const park = byId.get(parkId);
    if (park === undefined) throw new RangeError(`park ${parkId} of the frame is missing`);
    return park;
  });
  const column = (read: (park: Park) => number) => Float64Array.from(rows, read);
  const parcelStart = new Int32Array(rows.length + 1);
  rows.forEach((park, row) => {
    parcelStart[row + 1] = (parcelStart[row] ?? 0) + park.inventory.parcels.length;
  });
  const parcels = rows.flatMap((park) =>
    [...park.inventory.parcels].sort((a, b) => (a.availableFrom < b.availableFrom ? -1 : 1)),
  );
  const landCostUtility = column((park) =>
    linear(known(park.inventory.landPriceWanPerMu), BOUNDS.siteCost.at0, BOUNDS.siteCost.at1),
  );
  const rentUtility = column((park) =>
    linear(known(park.inventory.workshopRentYuanPerM2Month), RENT_BOUNDS.at0, RENT_BOUNDS.at1),
  );
  return {
    id,
    frame,
    parks: rows,
    size: rows.length,
    factors: Object.fromEntries(
      FACTORS.map((factor) => [factor, column((park) => park.inventory.factors[factor].value ?? 0)]),
    ) as Record<Factor, Float64Array>,
    standards: Object.fromEntries(
      STANDARD_GATES.map((gate) => [gate, column((park) => known(standardFact(park, gate)))]),
    ) as Record<StandardGate, Float64Array>,
    decidingFactors: Object.fromEntries(
      FACTORS.map((factor) => [factor, column((park) => deciding(park.inventory.factors[factor]))]),
    ) as Record<Factor, Float64Array>,
    standardRoom: Object.fromEntries(
      STANDARD_GATES.map((gate) => [gate, column((park) => roomUnder(standardFact(park, gate), gate))]),
    ) as Record<StandardGate, Float64Array>,
    parcelStart,
    parcelMu: Float64Array.from(parcels, (parcel) => parcel.areaMu),
    parcelDay: Int32Array.from(parcels, (parcel) => dayNumber(parcel.availableFrom)),
    largestMu: column(largestParcelMu),
    decidingLargestMu: column((park) =>
      park.inventory.provenance.basis === 'unverified' ? Number.POSITIVE_INFINITY : largestParcelMu(park),
    ),
    labour: column((park) => park.inventory.labourAvailable.value ?? 0),
    landCostUtility,
    rentUtility,
    siteCostUtility: landCostUtility.map((value, row) => (value + (rentUtility[row] ?? 0)) / 2),
    wageUtility: column((park) =>
      linear(known(park.inventory.wageYuanPerMonth), BOUNDS.wageCost.at0, BOUNDS.wageCost.at1),
    ),
    softGates: Int32Array.from(rows, (park) => {
      // Parcels carry no basis of their own: the inventory's speaks for them.
      let mask = park.inventory.provenance.basis === 'unverified' ? GATE_BIT.land | GATE_BIT.date : 0;
      for (const factor of FACTORS) if (isSoft(park.inventory.factors[factor])) mask |= GATE_BIT[factor];
      for (const gate of STANDARD_GATES) if (isSoft(standardFact(park, gate))) mask |= GATE_BIT[gate];
      return mask;
    }),
  };
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
