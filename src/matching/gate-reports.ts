import { FACTOR_UNITS } from '../domain/factors.js';
import type { GateReport } from '../domain/match.js';
import type { Fact } from '../domain/park.js';
import type { AccessRule } from '../domain/policy.js';
import { isoDate } from '../domain/units.js';
import { ACCESS, type CompiledNeed } from './compile-need.js';
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
import { byCode } from './order.js';
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
  const rules: readonly AccessRule[] = frame.reference.accessRules.filter(
    (rule) =>
      county !== undefined &&
      rule.adcodes.includes(county.adcode) &&
      rule.gbtPrefixes.some((prefix) => need.need.gbt.startsWith(prefix)),
  );
  // A ban says more than a restriction; a rule with a basis more than one without.
  const rule = [...rules].sort(
    (a, b) =>
      Number(a.provenance.basis === 'unverified') - Number(b.provenance.basis === 'unverified') ||
      byCode(a.level, b.level) ||
      byCode(a.id, b.id),
  )[0];
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

/** Land asks whether the sizes fit, whenever the parcels open; date asks whether they open in time. */
function landReports(snapshot: Snapshot, row: number, demand: LandDemand): GateReport[] {
  const park = snapshot.parks[row];
  if (park === undefined) return [];
  const parcels = parcelsOf(snapshot, row);
  const soft = park.inventory.provenance.basis === 'unverified';
  const missed = soft ? ('unknown' as const) : ('fail' as const);
  const sized = phasesFit(demand, parcels, LATE);
  const available = landAvailable(snapshot, row, demand, sized);
  const land: GateReport = {
    ...plain(snapshot, row),
    gate: 'land',
    outcome: sized ? 'pass' : missed,
    required: demand.minMu,
    available,
    unit: 'mu',
    shortfall: sized ? null : withoutNoise(demand.minMu - available),
    fixes: sized ? [] : soft ? confirmFix('land') : landFixes(park, demand),
  };
  const dated = demand.phaseDay.some((day) => day < LATE);
  if (!dated || !sized) return [land];
  const inTime = phasesFit(demand, parcels);
  const delay = inTime ? 0 : leastDelayDays(demand, parcels);
  const first = demand.phaseDay[0] ?? LATE;
  return [
    land,
    {
      ...plain(snapshot, row),
      gate: 'date',
      outcome: inTime ? 'pass' : missed,
      required: isoDate(first),
      available: delay === null ? null : isoDate(first + delay),
      unit: 'date',
      shortfall: inTime ? null : delay,
      fixes: inTime ? [] : soft ? confirmFix('date') : dateFixes(park, demand, delay),
    },
  ];
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

/**
 * Every gate asked of a park, in the order of GATES, with figures and ways out. Built only for parks that are shown;
 * its outcomes are those of `evaluate`'s masks (a test holds the two together).
 */
export function gateReports(snapshot: Snapshot, row: number, need: CompiledNeed): GateReport[] {
  const park = snapshot.parks[row];
  if (park === undefined) return [];
  const { frame } = snapshot;
  const reports: GateReport[] = [];
  if (need.excludedCounty.some((flag) => flag === 1)) {
    const excluded = need.excludedCounty[frame.countyOf[row] ?? 0] === 1;
    reports.push({
      ...plain(snapshot, row),
      gate: 'excludedCounty',
      outcome: excluded ? 'fail' : 'pass',
      fixes: excluded ? elsewhere() : [],
    });
  }
  reports.push(accessReport(snapshot, row, need));
  if (need.land !== null) reports.push(...landReports(snapshot, row, need.land));
  for (const { gate, required } of need.factors) {
    const fact = park.inventory.factors[gate];
    const free = fact.value ?? 0;
    reports.push(
      factReport(gate, fact, fact.value !== null && fact.value >= required, {
        required,
        unit: FACTOR_UNITS[gate],
        shortfall: required - free,
        ways: () => factorFixes(gate, required, free, frame.reference.quotaPrices, frame.today),
      }),
    );
  }
  for (const demand of need.standards) {
    const fact = standardFact(park, demand.gate);
    const threshold = fact.value ?? Number.NaN;
    const met = demand.kind === 'least' ? demand.offered >= threshold : demand.offered <= threshold;
    const gap = demand.kind === 'least' ? threshold - demand.offered : demand.offered - threshold;
    // The park requires, the project offers: the other way round than for factors.
    const report = factReport(demand.gate, fact, met, {
      required: fact.value,
      unit: STANDARD_UNITS[demand.gate],
      shortfall: gap,
      ways: () => standardFixes(demand, threshold, need.need.land.minMu),
    });
    reports.push({ ...report, required: fact.value, available: withoutNoise(demand.offered) });
  }
  return reports;
}
