import {
  type ChainEvidence,
  type ChainFitReport,
  type Contribution,
  CRITERIA,
  type ExcludedPark,
  GATES,
  type ParkRef,
  type PolicyRef,
  type RankedPark,
} from '../domain/match.js';
import type { Confirmation } from '../domain/robustness.js';
import type { CompiledNeed } from './compile-need.js';
import { pointsOf, UNITS_PER_POINT, type Workspace } from './evaluate.js';
import { gateReports } from './gate-reports.js';
import { byCode } from './order.js';
import { liveRows, rankKey } from './rank.js';
import { GATE_BIT, type Snapshot } from './snapshot.js';

/** Evidence shown for each chain part, and policies shown beside a park. */
const EVIDENCE_PER_PART = 4;
const POLICIES_SHOWN = 10;

function parkRef(snapshot: Snapshot, row: number): ParkRef {
  const park = snapshot.parks[row];
  const county = snapshot.frame.counties[snapshot.frame.countyOf[row] ?? 0];
  return {
    id: park?.id ?? '',
    name: park?.name ?? '',
    county: { adcode: county?.adcode ?? '', name: county?.name ?? '' },
    basis: park?.inventory.provenance.basis ?? 'unverified',
  };
}

function contributions(need: CompiledNeed, work: Workspace, row: number): Contribution[] {
  return CRITERIA.flatMap((criterion, index) => {
    const weight = need.weights[index] ?? 0;
    if (weight === 0) return [];
    const utility = work.utilities[index]?.[row] ?? 0;
    return [{ criterion, utility, weight, points: pointsOf(weight, utility) }];
  });
}

/** The three parts of chain fit, weighted over the need's links, and what each rests on. */
function chainFit(snapshot: Snapshot, need: CompiledNeed, row: number): ChainFitReport {
  const { graph, chains } = snapshot.frame;
  const totals = { strengthen: 0, complete: 0, extend: 0 };
  const evidence: (ChainEvidence & { readonly weight: number })[] = [];
  for (const { link, share } of need.placement.links) {
    const own = chains.strengthen[link]?.[row] ?? 0;
    const filled = chains.complete[link]?.[row] ?? 0;
    totals.strengthen += share * own;
    totals.complete += share * filled;
    totals.extend += share * (chains.extend[link]?.[row] ?? 0);
    const needLink = graph.links[link]?.id ?? '';
    const fact = chains.facts.get(link * snapshot.size + row);
    const here = (part: ChainEvidence['part'], strength: number) => ({
      part,
      needLink,
      parkLink: needLink,
      strength,
      steps: 0,
      wanted: fact?.wanted ?? false,
      anchors: fact?.anchors ?? [],
      basis: fact?.basis ?? ('unverified' as const),
      weight: share * strength,
    });
    if (own > 0) evidence.push(here('strengthen', own));
    if (filled > 0) evidence.push(here('complete', filled));
    for (const { link: other, steps, weight } of graph.reach[link] ?? []) {
      const strength = chains.strength[other]?.[row] ?? 0;
      if (strength === 0) continue;
      const there = chains.facts.get(other * snapshot.size + row);
      evidence.push({
        part: 'extend',
        needLink,
        parkLink: graph.links[other]?.id ?? '',
        strength,
        steps,
        wanted: there?.wanted ?? false,
        anchors: there?.anchors ?? [],
        basis: there?.basis ?? 'unverified',
        weight: share * weight * strength,
      });
    }
  }
  const links = (['strengthen', 'complete', 'extend'] as const).flatMap((part) =>
    evidence
      .filter((item) => item.part === part)
      .sort((a, b) => b.weight - a.weight || byCode(a.parkLink, b.parkLink))
      .slice(0, EVIDENCE_PER_PART)
      .map(({ weight: _weight, ...item }) => item),
  );
  return { ...totals, links };
}

/** Policies of the park's county a firm of this kind could claim: those for its chains first. Shown, never scored. */
function policies(snapshot: Snapshot, need: CompiledNeed, row: number): PolicyRef[] {
  const { frame } = snapshot;
  const adcode = frame.counties[frame.countyOf[row] ?? 0]?.adcode ?? '';
  const chainIds = new Set(need.placement.links.map(({ link }) => frame.graph.chainIds[link] ?? ''));
  return frame.reference.policies
    .filter((policy) => policy.adcodes.includes(adcode))
    .filter((policy) => policy.beneficiary === null || policy.beneficiary.includes('企业'))
    .filter((policy) => policy.chainIds.length === 0 || policy.chainIds.some((id) => chainIds.has(id)))
    .map((policy) => ({ policy, specific: policy.chainIds.length > 0 ? 0 : policy.adcodes.length }))
    .sort((a, b) => a.specific - b.specific || byCode(a.policy.id, b.policy.id))
    .slice(0, POLICIES_SHOWN)
    .map(({ policy }) => ({
      id: policy.id,
      title: policy.title,
      instrument: policy.instrument,
      amountText: policy.amountText,
      source: policy.provenance.source,
      basis: policy.provenance.basis,
    }));
}

function tiedWith(snapshot: Snapshot, work: Workspace, row: number): string[] {
  const key = rankKey(work, row);
  return [...liveRows(work)]
    .filter((other) => other !== row && rankKey(work, other) === key)
    .map((other) => snapshot.parks[other]?.id ?? '');
}

/** The first live park that ranks no lower, is at least as good on every weighted criterion and better on one. */
function dominator(snapshot: Snapshot, need: CompiledNeed, work: Workspace, row: number): string | null {
  const columns = work.utilities.filter((_, index) => (need.weights[index] ?? 0) > 0);
  for (const other of liveRows(work)) {
    if (other === row || rankKey(work, other) < rankKey(work, row)) continue;
    let better = false;
    const atLeast = columns.every((column) => {
      const gap = (column[other] ?? 0) - (column[row] ?? 0);
      if (gap > 0) better = true;
      return gap >= 0;
    });
    if (atLeast && better) return snapshot.parks[other]?.id ?? null;
  }
  return null;
}

/** Rank among the eligible parks a conditional park would have if its open facts were confirmed as just enough. */
function rankIfConfirmed(work: Workspace, row: number): number {
  const score = work.score[row] ?? 0;
  const before = liveRows(work).filter((other) => {
    const theirs = work.score[other] ?? 0;
    return (work.open[other] ?? 0) === 0 && (theirs > score || (theirs === score && other < row));
  });
  return before.length + 1;
}

/** What confirming each open gate would do: only the last open one makes the park eligible. */
function confirmations(work: Workspace, row: number, rank: number): Confirmation[] {
  const open = work.open[row] ?? 0;
  return GATES.filter((gate) => (open & GATE_BIT[gate]) !== 0).map((gate) => {
    const settles = open === GATE_BIT[gate];
    return { gate, rank: settles ? rankIfConfirmed(work, row) : rank, settles };
  });
}

/** Explains one ranked park. The workspace must hold this need's evaluation. */
export function explainRanked(
  snapshot: Snapshot,
  need: CompiledNeed,
  work: Workspace,
  row: number,
  rank: number,
): RankedPark {
  const conditional = (work.open[row] ?? 0) !== 0;
  return {
    rank,
    score: (work.score[row] ?? 0) / UNITS_PER_POINT,
    status: conditional ? 'conditional' : 'eligible',
    park: parkRef(snapshot, row),
    contributions: contributions(need, work, row),
    chainFit: chainFit(snapshot, need, row),
    gates: gateReports(snapshot, row, need),
    policies: policies(snapshot, need, row),
    tiedWith: tiedWith(snapshot, work, row),
    dominated: dominator(snapshot, need, work, row),
    rankIfConfirmed: conditional ? rankIfConfirmed(work, row) : null,
    confirmations: confirmations(work, row, rank),
  };
}

/** Explains one excluded park: the gates that did not pass, failing ones first. What would help is sought apart. */
export function explainExcluded(snapshot: Snapshot, need: CompiledNeed, row: number): ExcludedPark {
  const gates = gateReports(snapshot, row, need).filter((report) => report.outcome !== 'pass');
  return {
    park: parkRef(snapshot, row),
    gates: [...gates.filter(({ outcome }) => outcome === 'fail'), ...gates.filter(({ outcome }) => outcome !== 'fail')],
    remedy: null,
    ifMet: null,
  };
}
