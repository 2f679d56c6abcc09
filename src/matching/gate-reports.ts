import { FACTOR_UNITS } from '../domain/factors.js';
import type { GateReport } from '../domain/match.js';
import type { Fact, Park } from '../domain/park.js';
import { isoDate } from '../domain/units.js';
import { ACCESS, type CompiledNeed, type FactorDemand, type StandardDemand } from './compile-need.js';
import {
  confirmFix,
  dateFixes,
  elsewhere,
  factorFixes,
  landFixes,
  leastDelayDays,
  standardFixes,
  withoutNoise,
} from './fixes.js';
import type { Frame } from './frame.js';
import { LATE, type LandDemand, phasesFit, placeableMu } from './phases.js';
import { isSoft, parcelsOf, type Snapshot, standardFact } from './snapshot.js';

const STANDARD_UNITS = {
  investPerMu: 'wan/mu',
  taxPerMu: 'wan/mu/a',
  energyPerValueAdded: 'tce/wan',
  plotRatio: 'ratio',
} as const;

/** A report without figures, on the inventory as a whole. */
function plainReport(
  snapshot: Snapshot,
  row: number,
  gate: GateReport['gate'],
  outcome: GateReport['outcome'],
  fixes: GateReport['fixes'],
): GateReport {
  const { basis, asOf } = stateOf(snapshot, row);
  return { gate, outcome, required: null, available: null, unit: null, shortfall: null, ref: null, basis, asOf, fixes };
}

function stateOf(snapshot: Snapshot, row: number): Pick<GateReport, 'basis' | 'asOf'> {
  return snapshot.parks[row]?.inventory.provenance ?? { basis: 'unverified', asOf: snapshot.frame.today };
}

function accessReport(snapshot: Snapshot, row: number, need: CompiledNeed): GateReport {
  const { frame } = snapshot;
  const county = frame.counties[frame.countyOf[row] ?? 0];
  const answer = need.access[frame.countyOf[row] ?? 0] ?? ACCESS.pass;
  const { gbt } = need.need;
  const rule = frame.countyIndex[frame.countyOf[row] ?? 0]?.accessRules.find(({ gbtPrefixes }) =>
    gbtPrefixes.some((prefix) => gbt.startsWith(prefix)),
  );
  const { basis, asOf } = rule?.provenance ?? county?.provenance ?? { basis: 'unverified', asOf: frame.today };
  return {
    gate: 'accessRule',
    outcome: answer === ACCESS.fail ? 'fail' : answer === ACCESS.unknown ? 'unknown' : 'pass',
    required: null,
    available: null,
    unit: null,
    shortfall: null,
    ref: rule?.id ?? null,
    basis,
    asOf,
    fixes: answer === ACCESS.pass ? [] : answer === ACCESS.fail ? elsewhere() : confirmFix(rule?.id ?? 'accessRule'),
  };
}

/**
 * Land asks whether the sizes fit, whenever the parcels open; date asks whether they open in time.
 * @param all false: only what is not passed is reported.
 */
function landReports(snapshot: Snapshot, row: number, demand: LandDemand, all: boolean): GateReport[] {
  const park = snapshot.parks[row];
  if (park === undefined) return [];
  const parcels = parcelsOf(snapshot, row);
  const { basis, asOf } = stateOf(snapshot, row);
  const soft = basis === 'unverified';
  const missed = soft ? ('unknown' as const) : ('fail' as const);
  const sized = phasesFit(demand, parcels, LATE);
  const reports: GateReport[] = [];
  if (all || !sized) {
    const available = landAvailable(snapshot, row, demand, sized);
    reports.push({
      gate: 'land',
      outcome: sized ? 'pass' : missed,
      required: demand.minMu,
      available,
      unit: 'mu',
      shortfall: sized ? null : withoutNoise(demand.minMu - available),
      ref: null,
      basis,
      asOf,
      fixes: sized ? [] : soft ? confirmFix('land') : landFixes(park, demand),
    });
  }
  if (!sized || !demand.phaseDay.some((day) => day < LATE)) return reports;
  const inTime = phasesFit(demand, parcels);
  if (inTime && !all) return reports;
  const delay = inTime ? 0 : leastDelayDays(demand, parcels);
  const first = demand.phaseDay[0] ?? LATE;
  const required = isoDate(first);
  reports.push({
    gate: 'date',
    outcome: inTime ? 'pass' : missed,
    required,
    available: delay === null ? null : delay === 0 ? required : isoDate(first + delay),
    unit: 'date',
    shortfall: inTime ? null : delay,
    ref: null,
    basis,
    asOf,
    fixes: inTime ? [] : soft ? confirmFix('date') : dateFixes(park, demand, delay),
  });
  return reports;
}

/** Without phases the largest parcel counts; with phases all land, or what finds a place where not all does. */
function landAvailable(snapshot: Snapshot, row: number, demand: LandDemand, sized: boolean): number {
  if (!demand.phased) return snapshot.largestMu[row] ?? 0;
  const parcels = parcelsOf(snapshot, row);
  if (!sized) return placeableMu(demand, parcels);
  return withoutNoise(parcels.mu.subarray(parcels.from, parcels.to).reduce((sum, mu) => sum + mu, 0));
}

function factReport(
  gate: GateReport['gate'],
  fact: Fact,
  met: boolean,
  required: number | null,
  available: number | null,
  unit: GateReport['unit'],
  shortfall: number,
  ways: () => GateReport['fixes'],
): GateReport {
  const outcome = met ? 'pass' : isSoft(fact) ? 'unknown' : 'fail';
  return {
    gate,
    outcome,
    required,
    available,
    unit,
    shortfall: met || fact.value === null ? null : withoutNoise(shortfall),
    ref: null,
    basis: fact.basis,
    asOf: fact.asOf,
    fixes: met ? [] : outcome === 'unknown' ? confirmFix(gate) : ways(),
  };
}

function factorReport(frame: Frame, park: Park, { gate, required }: FactorDemand, all: boolean): GateReport | null {
  const fact = park.inventory.factors[gate];
  const met = fact.value !== null && fact.value >= required;
  if (met && !all) return null;
  const free = fact.value ?? 0;
  return factReport(gate, fact, met, required, fact.value, FACTOR_UNITS[gate], required - free, () =>
    factorFixes(gate, required, free, frame.reference.quotaPrices, frame.today),
  );
}

/** The park requires, the project offers: the other way round than for factors. */
function standardReport(park: Park, demand: StandardDemand, minMu: number, all: boolean): GateReport | null {
  const { gate, kind, offered } = demand;
  const fact = standardFact(park, gate);
  const threshold = fact.value ?? Number.NaN;
  const met = kind === 'least' ? offered >= threshold : offered <= threshold;
  if (met && !all) return null;
  const gap = kind === 'least' ? threshold - offered : offered - threshold;
  return factReport(gate, fact, met, fact.value, withoutNoise(offered), STANDARD_UNITS[gate], gap, () =>
    standardFixes(demand, threshold, minMu),
  );
}

function reportsOf(snapshot: Snapshot, row: number, need: CompiledNeed, all: boolean): GateReport[] {
  const park = snapshot.parks[row];
  if (park === undefined) return [];
  const { frame } = snapshot;
  const county = frame.countyOf[row] ?? 0;
  const reports: GateReport[] = [];
  const excluded = need.excludedCounty[county] === 1;
  if (excluded || (all && need.excludedCounty.includes(1))) {
    const outcome = excluded ? 'fail' : 'pass';
    reports.push(plainReport(snapshot, row, 'excludedCounty', outcome, excluded ? elsewhere() : []));
  }
  if (all || need.access[county] !== ACCESS.pass) reports.push(accessReport(snapshot, row, need));
  if (need.land !== null) reports.push(...landReports(snapshot, row, need.land, all));
  for (const demand of need.factors) {
    const report = factorReport(frame, park, demand, all);
    if (report !== null) reports.push(report);
  }
  for (const demand of need.standards) {
    const report = standardReport(park, demand, need.need.land.minMu, all);
    if (report !== null) reports.push(report);
  }
  return reports;
}

/**
 * Every gate asked of a park, in the order of GATES, with figures and ways out. Built only for parks that are shown;
 * its outcomes are those of `evaluate`'s masks (a test holds the two together).
 */
export function gateReports(snapshot: Snapshot, row: number, need: CompiledNeed): GateReport[] {
  return reportsOf(snapshot, row, need, true);
}

/** The reports of `gateReports` that are no pass, in the same order, without making the others. */
export function unmetReports(snapshot: Snapshot, row: number, need: CompiledNeed): GateReport[] {
  return reportsOf(snapshot, row, need, false);
}
