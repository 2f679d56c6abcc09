import { FACTOR_UNITS } from '../domain/factors.js';
import type { GateReport } from '../domain/match.js';
import type { Fact, Park } from '../domain/park.js';
import { isoDate } from '../domain/units.js';
import { ACCESS, type CompiledNeed, type StandardDemand } from './compile-need.js';
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
import { LATE, type LandDemand, phasesFit, placeableMu } from './phases.js';
import { isSoft, parcelsOf, type Snapshot, standardFact } from './snapshot.js';

const STANDARD_UNITS = {
  investPerMu: 'wan/mu',
  taxPerMu: 'wan/mu/a',
  energyPerValueAdded: 'tce/wan',
  plotRatio: 'ratio',
} as const;

/** The part every report shares where nothing more is known. */
function plain(snapshot: Snapshot, row: number): Omit<GateReport, 'gate' | 'outcome'> {
  const provenance = snapshot.parks[row]?.inventory.provenance;
  return {
    required: null,
    available: null,
    unit: null,
    shortfall: null,
    ref: null,
    basis: provenance?.basis ?? 'unverified',
    asOf: provenance?.asOf ?? snapshot.frame.today,
    fixes: [],
  };
}

function accessReport(snapshot: Snapshot, row: number, need: CompiledNeed): GateReport {
  const { frame } = snapshot;
  const county = frame.counties[frame.countyOf[row] ?? 0];
  const answer = need.access[frame.countyOf[row] ?? 0] ?? ACCESS.pass;
  const { gbt } = need.need;
  const rule = frame.countyIndex[frame.countyOf[row] ?? 0]?.accessRules.find(({ gbtPrefixes }) =>
    gbtPrefixes.some((prefix) => gbt.startsWith(prefix)),
  );
  return {
    ...plain(snapshot, row),
    gate: 'accessRule',
    outcome: answer === ACCESS.fail ? 'fail' : answer === ACCESS.unknown ? 'unknown' : 'pass',
    ref: rule?.id ?? null,
    basis: rule?.provenance.basis ?? county?.provenance.basis ?? 'unverified',
    asOf: rule?.provenance.asOf ?? county?.provenance.asOf ?? frame.today,
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
  const soft = park.inventory.provenance.basis === 'unverified';
  const missed = soft ? ('unknown' as const) : ('fail' as const);
  const sized = phasesFit(demand, parcels, LATE);
  const reports: GateReport[] = [];
  if (all || !sized) {
    const available = landAvailable(snapshot, row, demand, sized);
    reports.push({
      ...plain(snapshot, row),
      gate: 'land',
      outcome: sized ? 'pass' : missed,
      required: demand.minMu,
      available,
      unit: 'mu',
      shortfall: sized ? null : withoutNoise(demand.minMu - available),
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
    ...plain(snapshot, row),
    gate: 'date',
    outcome: inTime ? 'pass' : missed,
    required,
    available: delay === null ? null : delay === 0 ? required : isoDate(first + delay),
    unit: 'date',
    shortfall: inTime ? null : delay,
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
  parts: Pick<GateReport, 'required' | 'unit'> & {
    readonly shortfall: number;
    readonly ways: () => GateReport['fixes'];
  },
): GateReport {
  const outcome = met ? 'pass' : isSoft(fact) ? 'unknown' : 'fail';
  return {
    gate,
    outcome,
    required: parts.required,
    available: fact.value,
    unit: parts.unit,
    shortfall: met || fact.value === null ? null : withoutNoise(parts.shortfall),
    ref: null,
    basis: fact.basis,
    asOf: fact.asOf,
    fixes: met ? [] : outcome === 'unknown' ? confirmFix(gate) : parts.ways(),
  };
}

function standardReport(park: Park, demand: StandardDemand, minMu: number, all: boolean): GateReport | null {
  const fact = standardFact(park, demand.gate);
  const threshold = fact.value ?? Number.NaN;
  const met = demand.kind === 'least' ? demand.offered >= threshold : demand.offered <= threshold;
  if (met && !all) return null;
  const gap = demand.kind === 'least' ? threshold - demand.offered : demand.offered - threshold;
  // The park requires, the project offers: the other way round than for factors.
  const report = factReport(demand.gate, fact, met, {
    required: fact.value,
    unit: STANDARD_UNITS[demand.gate],
    shortfall: gap,
    ways: () => standardFixes(demand, threshold, minMu),
  });
  return { ...report, required: fact.value, available: withoutNoise(demand.offered) };
}

function reportsOf(snapshot: Snapshot, row: number, need: CompiledNeed, all: boolean): GateReport[] {
  const park = snapshot.parks[row];
  if (park === undefined) return [];
  const { frame } = snapshot;
  const county = frame.countyOf[row] ?? 0;
  const reports: GateReport[] = [];
  const excluded = need.excludedCounty[county] === 1;
  if (excluded || (all && need.excludedCounty.includes(1))) {
    reports.push({
      ...plain(snapshot, row),
      gate: 'excludedCounty',
      outcome: excluded ? 'fail' : 'pass',
      fixes: excluded ? elsewhere() : [],
    });
  }
  if (all || need.access[county] !== ACCESS.pass) reports.push(accessReport(snapshot, row, need));
  if (need.land !== null) reports.push(...landReports(snapshot, row, need.land, all));
  for (const { gate, required } of need.factors) {
    const fact = park.inventory.factors[gate];
    const met = fact.value !== null && fact.value >= required;
    if (met && !all) continue;
    const free = fact.value ?? 0;
    reports.push(
      factReport(gate, fact, met, {
        required,
        unit: FACTOR_UNITS[gate],
        shortfall: required - free,
        ways: () => factorFixes(gate, required, free, frame.reference.quotaPrices, frame.today),
      }),
    );
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
