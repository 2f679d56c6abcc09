import { ACCESS, type CompiledNeed } from './compile-need.js';
import { phasesFit } from './phases.js';
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
