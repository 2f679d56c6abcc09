import { ACCESS, type CompiledNeed } from './compile-need.js';
import { LATE, phasesFit } from './phases.js';
import { GATE_BIT, parcelsOf, type Snapshot } from './snapshot.js';

const LAND_GATES = GATE_BIT.land | GATE_BIT.date;

/**
 * How many gates decide against a park: the number of `fail` among its `gateReports`, without making the reports (a
 * test holds the two together).
 */
export function failingGates(snapshot: Snapshot, row: number, need: CompiledNeed): number {
  const county = snapshot.frame.countyOf[row] ?? 0;
  let failing = need.excludedCounty[county] === 1 ? 1 : 0;
  if (need.access[county] === ACCESS.fail) failing += 1;
  for (const { gate, required } of need.factors) {
    if (!((snapshot.decidingFactors[gate][row] ?? 0) >= required)) failing += 1;
  }
  for (const { gate, signed } of need.standards) {
    if (!((snapshot.standardRoom[gate][row] ?? 0) >= signed)) failing += 1;
  }
  const landOpen = ((snapshot.softGates[row] ?? 0) & LAND_GATES) !== 0;
  // Land that does not fit in time falls short of the land gate or of the date gate, never of both.
  if (need.land !== null && !landOpen && !phasesFit(need.land, parcelsOf(snapshot, row))) failing += 1;
  return failing;
}

/** The gates that decide against a park, as a mask of GATE_BIT: those of `failingGates`, by name. */
export function failingMask(snapshot: Snapshot, row: number, need: CompiledNeed): number {
  const county = snapshot.frame.countyOf[row] ?? 0;
  let mask = need.excludedCounty[county] === 1 ? GATE_BIT.excludedCounty : 0;
  if (need.access[county] === ACCESS.fail) mask |= GATE_BIT.accessRule;
  for (const { gate, bit, required } of need.factors) {
    if (!((snapshot.decidingFactors[gate][row] ?? 0) >= required)) mask |= bit;
  }
  for (const { gate, bit, signed } of need.standards) {
    if (!((snapshot.standardRoom[gate][row] ?? 0) >= signed)) mask |= bit;
  }
  const landOpen = ((snapshot.softGates[row] ?? 0) & LAND_GATES) !== 0;
  if (need.land === null || landOpen || phasesFit(need.land, parcelsOf(snapshot, row))) return mask;
  return mask | (phasesFit(need.land, parcelsOf(snapshot, row), LATE) ? GATE_BIT.date : GATE_BIT.land);
}
