import { CRITERIA } from '../domain/match.js';
import { BOUNDS, clamp, lesser } from './bounds.js';
import { ACCESS, type CompiledNeed, type FactorDemand } from './compile-need.js';
import { keepLand } from './keep-land.js';
import { scoreColumns } from './score-columns.js';
import { GATE_BIT, type Snapshot } from './snapshot.js';
import { ownColumn, type Workspace } from './workspace.js';

const [, , ENERGY, ENV, SITE, WAGE, LABOUR, , CHAIN, TEXT, PAIRING, DISTANCE, ENDOWMENT, SCALE] = CRITERIA.keys();

/** Starts the live list with the parks whose county the firm does not exclude and no certain ban covers. */
function keepCounties(snapshot: Snapshot, need: CompiledNeed, work: Workspace): void {
  const { countyOf } = snapshot.frame;
  const { live } = work;
  const { excludedCounty, access } = need;
  if (!need.refusesCounties) {
    for (let park = 0; park < snapshot.size; park += 1) live[park] = park;
    work.liveCount = snapshot.size;
    return;
  }
  let kept = 0;
  for (let park = 0; park < snapshot.size; park += 1) {
    const county = countyOf[park] ?? 0;
    live[kept] = park;
    kept += (excludedCounty[county] ?? 0) === 0 && (access[county] ?? 0) !== ACCESS.fail ? 1 : 0;
  }
  work.liveCount = kept;
}

/** One gate as numbers: the park's column must reach `required`. */
interface Hurdle {
  readonly column: Float64Array;
  readonly required: number;
}

/** Gates one pass over the live parks judges. */
const HURDLES_A_PASS = 4;

/**
 * Keeps the live parks that reach every hurdle, four hurdles a pass. The comparisons are added as numbers, not branched
 * on: which park passes is as good as random, and a branch guessed wrong costs more than the comparisons it saves.
 */
function keepReaching(work: Workspace, hurdles: readonly Hurdle[]): void {
  const { live } = work;
  for (let first = 0; first < hurdles.length; first += HURDLES_A_PASS) {
    const at = (offset: number) => hurdles[Math.min(first + offset, hurdles.length - 1)] ?? NO_HURDLE;
    const { column: a, required: ra } = at(0);
    const { column: b, required: rb } = at(1);
    const { column: c, required: rc } = at(2);
    const { column: d, required: rd } = at(3);
    const { liveCount } = work;
    let kept = 0;
    for (let index = 0; index < liveCount; index += 1) {
      const park = live[index] ?? 0;
      live[kept] = park;
      kept +=
        Number((a[park] ?? 0) >= ra) &
        Number((b[park] ?? 0) >= rb) &
        Number((c[park] ?? 0) >= rc) &
        Number((d[park] ?? 0) >= rd);
    }
    work.liveCount = kept;
  }
}

const NO_HURDLE: Hurdle = { column: new Float64Array(0), required: Number.NEGATIVE_INFINITY };

/** Every gate that is a comparison with one column. */
function hurdlesOf(snapshot: Snapshot, need: CompiledNeed): Hurdle[] {
  const hurdles: Hurdle[] = [];
  for (const { gate, required } of need.factors) hurdles.push({ column: snapshot.decidingFactors[gate], required });
  for (const { gate, signed } of need.standards) {
    hurdles.push({ column: snapshot.standardRoom[gate], required: signed });
  }
  if (need.land !== null) hurdles.push({ column: snapshot.decidingLargestMu, required: need.land.largestPhaseMu });
  return hurdles;
}

/** Gates that are short but rest on an unknown or unverified fact or rule, for the parks still live. */
function markOpen(snapshot: Snapshot, need: CompiledNeed, work: Workspace): void {
  const { countyOf } = snapshot.frame;
  const { softGates } = snapshot;
  const { live, liveCount, open } = work;
  for (let index = 0; index < liveCount; index += 1) {
    const park = live[index] ?? 0;
    let mask = need.land === null ? 0 : (open[park] ?? 0);
    if (need.access[countyOf[park] ?? 0] === ACCESS.unknown) mask |= GATE_BIT.accessRule;
    const soft = (softGates[park] ?? 0) & need.factMask;
    if (soft !== 0) mask |= shortSoftGates(snapshot, need, park, soft);
    open[park] = mask;
  }
}

/** Gates of a park that an uncertain fact leaves open: the fact falls short of what the need asks. @param soft such facts, as a mask. */
export function shortSoftGates(snapshot: Snapshot, need: CompiledNeed, park: number, soft: number): number {
  let mask = 0;
  for (const { gate, bit, required } of need.factors) {
    if ((soft & bit) !== 0 && !((snapshot.factors[gate][park] ?? 0) >= required)) mask |= bit;
  }
  for (const { gate, bit, offered, kind } of need.standards) {
    const threshold = snapshot.standards[gate][park] ?? 0;
    if ((soft & bit) !== 0 && !(kind === 'least' ? offered >= threshold : offered <= threshold)) mask |= bit;
  }
  return mask;
}

/** Free over needed less 1, the scarcest of the demands, scaled to its bounds. Unknown is worth 0. */
function headroomColumn(
  snapshot: Snapshot,
  demands: readonly FactorDemand[],
  span: number,
  work: Workspace,
  out: Float64Array,
): void {
  const { live, liveCount } = work;
  const base = 1 / span;
  const last = demands.length - 1;
  for (let order = 0; order <= last; order += 1) {
    const demand = demands[order];
    if (demand === undefined) break;
    const column = snapshot.factors[demand.gate];
    const scale = base / demand.required;
    for (let index = 0; index < liveCount; index += 1) {
      const park = live[index] ?? 0;
      let value = (column[park] ?? 0) * scale;
      if (order > 0) value = lesser(value, out[park] ?? 0);
      out[park] = order === last ? clamp(value - base) : value;
    }
  }
}

/** The need's links' utilities weighted by their shares, three links a pass. */
function chainColumn(snapshot: Snapshot, need: CompiledNeed, work: Workspace, out: Float64Array): void {
  const { live, liveCount } = work;
  const { links } = need.placement;
  const { utility } = snapshot.frame.chains;
  const column = (at: number) => utility[links[at]?.link ?? 0] ?? out;
  const share = (at: number) => links[at]?.share ?? 0;
  for (let at = 0; at < links.length; at += 3) {
    const [a, b, c] = [column(at), column(at + 1), column(at + 2)];
    const [sa, sb, sc] = [share(at), share(at + 1), share(at + 2)];
    for (let index = 0; index < liveCount; index += 1) {
      const park = live[index] ?? 0;
      const value = sa * (a[park] ?? 0) + sb * (b[park] ?? 0) + sc * (c[park] ?? 0);
      out[park] = at === 0 ? value : (out[park] ?? 0) + value;
    }
  }
}

function textColumn(snapshot: Snapshot, need: CompiledNeed, work: Workspace, out: Float64Array): void {
  const { countyOf } = snapshot.frame;
  const { live, liveCount } = work;
  for (let index = 0; index < liveCount; index += 1) {
    const park = live[index] ?? 0;
    out[park] = need.countyText[countyOf[park] ?? 0] ?? 0;
  }
}

function endowmentColumn(snapshot: Snapshot, need: CompiledNeed, work: Workspace, out: Float64Array): void {
  const { live, liveCount } = work;
  for (const [order, { kind, share }] of need.endowments.entries()) {
    const column = snapshot.frame.endowments[kind];
    for (let index = 0; index < liveCount; index += 1) {
      const park = live[index] ?? 0;
      out[park] = (order === 0 ? 0 : (out[park] ?? 0)) + share * (column[park] ?? 0);
    }
  }
}

function scaleColumn(snapshot: Snapshot, investWan: number, work: Workspace, out: Float64Array): void {
  const { live, liveCount } = work;
  const { logProductWan } = snapshot.frame;
  const { at0, at1 } = BOUNDS.scale;
  const base = (Math.log10(investWan) - at0) / (at1 - at0);
  const perLog = -1 / (at1 - at0);
  for (let index = 0; index < liveCount; index += 1) {
    const park = live[index] ?? 0;
    out[park] = clamp(base + perLog * (logProductWan[park] ?? 0));
  }
}

function labourColumn(snapshot: Snapshot, workers: number, work: Workspace, out: Float64Array): void {
  const { live, liveCount } = work;
  const span = BOUNDS.labour.at1 - BOUNDS.labour.at0;
  const scale = 1 / (workers * span);
  const base = BOUNDS.labour.at0 / span;
  for (let index = 0; index < liveCount; index += 1) {
    const park = live[index] ?? 0;
    out[park] = clamp((snapshot.labour[park] ?? 0) * scale - base);
  }
}

/** Fills the utility columns of the live parks; those nothing is asked of keep old numbers, their weight is 0. */
export function fillUtilities(snapshot: Snapshot, need: CompiledNeed, work: Workspace): void {
  const { utilities } = work;
  const { frame } = snapshot;
  headroomColumn(snapshot, need.energy, BOUNDS.energyHeadroom.at1, work, ownColumn(work, ENERGY));
  headroomColumn(snapshot, need.pollutants, BOUNDS.envHeadroom.at1, work, ownColumn(work, ENV));
  if (need.workers !== null) labourColumn(snapshot, need.workers, work, ownColumn(work, LABOUR));
  chainColumn(snapshot, need, work, ownColumn(work, CHAIN));
  textColumn(snapshot, need, work, ownColumn(work, TEXT));
  if (need.endowments.length > 0) endowmentColumn(snapshot, need, work, ownColumn(work, ENDOWMENT));
  if ((need.weights[SCALE ?? -1] ?? 0) > 0) scaleColumn(snapshot, need.need.investWan, work, ownColumn(work, SCALE));
  const site = need.asksWorkshop ? snapshot.siteCostUtility : snapshot.landCostUtility;
  utilities[SITE ?? -1] = need.land === null ? snapshot.rentUtility : site;
  utilities[WAGE ?? -1] = snapshot.wageUtility;
  utilities[PAIRING ?? -1] = frame.pairingUtility[need.originRow ?? -1] ?? ownColumn(work, PAIRING);
  utilities[DISTANCE ?? -1] = frame.distanceUtility[need.originRow ?? -1] ?? ownColumn(work, DISTANCE);
}

/**
 * Judges every park of a snapshot for one need: the gates narrow the live list, cheapest first; utilities and scores
 * are computed for what is left. Nothing is allocated per park.
 */
export function evaluate(snapshot: Snapshot, need: CompiledNeed, work: Workspace): void {
  keepCounties(snapshot, need, work);
  keepReaching(work, hurdlesOf(snapshot, need));
  if (need.land !== null) keepLand(snapshot, need.land, work);
  markOpen(snapshot, need, work);
  fillUtilities(snapshot, need, work);
  scoreColumns(need.weights, work.utilities, work.live, work.liveCount, work.score);
}
