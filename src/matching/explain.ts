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
import type { ChainGraph } from './chain-graph.js';
import type { CompiledNeed } from './compile-need.js';
import { gateReports, unmetReports } from './gate-reports.js';
import { byCode } from './order.js';
import { liveRows, rankKey } from './rank.js';
import { pointsOf, UNITS_PER_POINT } from './score-columns.js';
import { GATE_BIT, type Snapshot } from './snapshot.js';
import type { Workspace } from './workspace.js';

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

/** A ground for one part of chain fit: how much of the part rests on it. */
interface Ground {
  readonly needLink: number;
  readonly parkLink: number;
  readonly steps: number;
  readonly strength: number;
  readonly weight: number;
}

/** Takes a ground in among the weightiest; equal ones go by the park's link. */
function addGround(best: Ground[], ground: Ground, graph: ChainGraph): void {
  const idOf = (link: number) => graph.links[link]?.id ?? '';
  let at = best.length;
  for (; at > 0; at -= 1) {
    const other = best[at - 1];
    if (other === undefined || other.weight > ground.weight) break;
    if (other.weight === ground.weight && byCode(idOf(other.parkLink), idOf(ground.parkLink)) <= 0) break;
  }
  if (at === EVIDENCE_PER_PART) return;
  best.splice(at, 0, ground);
  if (best.length > EVIDENCE_PER_PART) best.pop();
}

function evidence(
  snapshot: Snapshot,
  row: number,
  part: ChainEvidence['part'],
  best: readonly Ground[],
): ChainEvidence[] {
  const { graph, chains } = snapshot.frame;
  return best.map(({ needLink, parkLink, strength, steps }) => {
    const fact = chains.facts.get(parkLink * snapshot.size + row);
    return {
      part,
      needLink: graph.links[needLink]?.id ?? '',
      parkLink: graph.links[parkLink]?.id ?? '',
      strength,
      steps,
      wanted: fact?.wanted ?? false,
      anchors: fact?.anchors ?? [],
      basis: fact?.basis ?? 'unverified',
    };
  });
}

/** The three parts of chain fit, weighted over the need's links, and what each rests on. */
function chainFit(snapshot: Snapshot, need: CompiledNeed, row: number): ChainFitReport {
  const { graph, chains } = snapshot.frame;
  const totals = { strengthen: 0, complete: 0, extend: 0 };
  const strong: Ground[] = [];
  const gaps: Ground[] = [];
  const around: Ground[] = [];
  const present = chains.present[row] ?? [];
  for (const { link, share } of need.placement.links) {
    const own = chains.strength[link]?.[row] ?? 0;
    const filled = chains.complete[link]?.[row] ?? 0;
    totals.strengthen += share * own;
    totals.complete += share * filled;
    totals.extend += share * (chains.extend[link]?.[row] ?? 0);
    const here = { needLink: link, parkLink: link, steps: 0 };
    if (own > 0) addGround(strong, { ...here, strength: own, weight: share * own }, graph);
    if (filled > 0) addGround(gaps, { ...here, strength: filled, weight: share * filled }, graph);
    const reached = graph.reachOf[link];
    for (const other of present) {
      const reach = reached?.[other];
      if (reach === null || reach === undefined) continue;
      const strength = chains.strength[other]?.[row] ?? 0;
      const weight = share * reach.weight * strength;
      if (weight < (around[EVIDENCE_PER_PART - 1]?.weight ?? 0)) continue;
      addGround(around, { needLink: link, parkLink: other, steps: reach.steps, strength, weight }, graph);
    }
  }
  const links = [
    ...evidence(snapshot, row, 'strengthen', strong),
    ...evidence(snapshot, row, 'complete', gaps),
    ...evidence(snapshot, row, 'extend', around),
  ];
  return { ...totals, links };
}

/** Policies of the park's county a firm of this kind could claim: those for its chains first. Shown, never scored. */
function policies(snapshot: Snapshot, need: CompiledNeed, row: number): PolicyRef[] {
  const { graph, countyIndex, countyOf } = snapshot.frame;
  const chainIds = new Set(need.placement.links.map(({ link }) => graph.chainIds[link] ?? ''));
  const refs: PolicyRef[] = [];
  for (const policy of countyIndex[countyOf[row] ?? 0]?.policies ?? []) {
    if (policy.chainIds.length > 0 && !policy.chainIds.some((id) => chainIds.has(id))) continue;
    refs.push(policy.ref);
    if (refs.length === POLICIES_SHOWN) break;
  }
  return refs;
}

function tiedWith(snapshot: Snapshot, work: Workspace, row: number): string[] {
  const key = rankKey(work, row);
  const tied: string[] = [];
  for (const other of liveRows(work)) {
    if (other !== row && rankKey(work, other) === key) tied.push(snapshot.parks[other]?.id ?? '');
  }
  return tied;
}

/** The first live park that ranks no lower, is at least as good on every weighted criterion and better on one. */
function dominator(snapshot: Snapshot, need: CompiledNeed, work: Workspace, row: number): string | null {
  const columns = work.utilities.filter((_, index) => (need.weights[index] ?? 0) > 0);
  const key = rankKey(work, row);
  for (const other of liveRows(work)) {
    if (other !== row && rankKey(work, other) >= key && dominates(columns, other, row)) {
      return snapshot.parks[other]?.id ?? null;
    }
  }
  return null;
}

function dominates(columns: readonly Float64Array[], other: number, row: number): boolean {
  let better = false;
  for (const column of columns) {
    const gap = (column[other] ?? 0) - (column[row] ?? 0);
    if (!(gap >= 0)) return false;
    if (gap > 0) better = true;
  }
  return better;
}

/** Rank among the eligible parks a conditional park would have if its open facts were confirmed as just enough. */
function rankIfConfirmed(work: Workspace, row: number): number {
  const score = work.score[row] ?? 0;
  let rank = 1;
  for (const other of liveRows(work)) {
    if ((work.open[other] ?? 0) !== 0) continue;
    const theirs = work.score[other] ?? 0;
    if (theirs > score || (theirs === score && other < row)) rank += 1;
  }
  return rank;
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
  const gates = unmetReports(snapshot, row, need);
  return {
    park: parkRef(snapshot, row),
    gates: [...gates.filter(({ outcome }) => outcome === 'fail'), ...gates.filter(({ outcome }) => outcome !== 'fail')],
    remedy: null,
    ifMet: null,
  };
}
