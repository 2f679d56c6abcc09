import { CRITERIA } from '../domain/match.js';
import { BOUNDS, clamp, greater, lesser, SPLIT_PARCEL_FIT } from './bounds.js';
import { ACCESS, type CompiledNeed, type FactorDemand } from './compile-need.js';
import { shortSoftGates } from './evaluate.js';
import { phasedLandFits, shortLandGate } from './keep-land.js';
import { LATE, type LandDemand } from './phases.js';
import { FULL_SCORE_UNITS } from './score-columns.js';
import { GATE_BIT, parcelsOf, type Snapshot } from './snapshot.js';

const LAND_GATES = GATE_BIT.land | GATE_BIT.date;
const [HEADROOM, PARCEL, ENERGY, ENV, SITE, WAGE, LABOUR] = CRITERIA.keys();
const [CHAIN, TEXT, PAIRING, DISTANCE, ENDOWMENT] = [...CRITERIA.keys()].slice(CRITERIA.indexOf('chainFit'));
/** From here on criteria read nothing but the frame. */
const FRAME_FROM = CRITERIA.indexOf('chainFit');

/** One park judged for one need. */
export interface RowFigures {
  /** False where a gate decides against the park: then the rest is that of an earlier one. */
  live: boolean;
  /** Gates that cannot be answered, as a mask. */
  open: number;
  /** Score in units of 1/1024 point. */
  score: number;
  /** What of it comes from criteria that read nothing but the frame. */
  framePoints: number;
  /** Utility times weight, by criterion; 0 where the weight is 0. */
  readonly weighted: Float64Array;
}

/** Room for the figures of one park. */
export function createRowFigures(): RowFigures {
  return { live: false, open: 0, score: 0, framePoints: 0, weighted: new Float64Array(CRITERIA.length) };
}

/** Utilities of the land criteria; written by `fitsLand`, read by `judgeRow` right after. */
const land = { headroom: 0, fit: 0, time: 0, open: 0 };

/** `keepLand` for one park: false where a gate decides against it. */
function fitsLand(snapshot: Snapshot, demand: LandDemand, row: number): boolean {
  const { parcelMu, parcelDay, frame } = snapshot;
  const { minMu, lastDay, phased, targetMu, phaseMu } = demand;
  const perWish = 1 / targetMu;
  const { at0, at1 } = BOUNDS.parcelFit;
  const fall = 1 / (at0 - at1);
  const to = snapshot.parcelStart[row + 1] ?? 0;
  let [total, best, opens, begun, holds] = [0, 0, LATE, false, false];
  for (let parcel = snapshot.parcelStart[row] ?? 0; parcel < to; parcel += 1) {
    const [area, day] = [parcelMu[parcel] ?? 0, parcelDay[parcel] ?? LATE];
    if (day > lastDay) break;
    total += area;
    if (area >= (phaseMu[0] ?? 0)) {
      if (!begun) opens = day;
      begun = true;
    }
    if (area < minMu) continue;
    holds = true;
    const share = area * perWish;
    best = greater(best, lesser(share, (at0 - share) * fall));
  }
  land.open = 0;
  if (phased ? !phasedLandFits(demand, parcelsOf(snapshot, row)) : !holds) {
    if (((snapshot.softGates[row] ?? 0) & LAND_GATES) === 0) return false;
    land.open = shortLandGate(demand, parcelsOf(snapshot, row));
    best = 0;
  } else if (phased) best = Math.max(best, SPLIT_PARCEL_FIT);
  land.headroom = clamp((total * perWish - 1) * (1 / (BOUNDS.landHeadroom.at1 - BOUNDS.landHeadroom.at0)));
  land.fit = best;
  land.time = clamp(1 - Math.max(opens - frame.todayNumber, 0) * (1 / BOUNDS.time.at0));
  return true;
}

/** False where a county, a stock or a standard decides against the park. */
function passes(snapshot: Snapshot, need: CompiledNeed, row: number): boolean {
  const county = snapshot.frame.countyOf[row] ?? 0;
  if (need.excludedCounty[county] === 1 || need.access[county] === ACCESS.fail) return false;
  for (const { gate, required } of need.factors) {
    if (!((snapshot.decidingFactors[gate][row] ?? 0) >= required)) return false;
  }
  for (const { gate, signed } of need.standards) {
    if (!((snapshot.standardRoom[gate][row] ?? 0) >= signed)) return false;
  }
  return need.land === null || (snapshot.decidingLargestMu[row] ?? 0) >= need.land.largestPhaseMu;
}

function openGates(snapshot: Snapshot, need: CompiledNeed, row: number): number {
  let mask = need.land === null ? 0 : land.open;
  if (need.access[snapshot.frame.countyOf[row] ?? 0] === ACCESS.unknown) mask |= GATE_BIT.accessRule;
  const soft = (snapshot.softGates[row] ?? 0) & need.factMask;
  return soft === 0 ? mask : mask | shortSoftGates(snapshot, need, row, soft);
}

function headroom(snapshot: Snapshot, demands: readonly FactorDemand[], span: number, row: number): number {
  const base = 1 / span;
  let least = 0;
  demands.forEach(({ gate, required }, order) => {
    const value = (snapshot.factors[gate][row] ?? 0) * (base / required);
    least = order === 0 ? value : lesser(value, least);
  });
  return clamp(least - base);
}

function labour(snapshot: Snapshot, workers: number, row: number): number {
  const { at0, at1 } = BOUNDS.labour;
  return clamp((snapshot.labour[row] ?? 0) * (1 / (workers * (at1 - at0))) - at0 / (at1 - at0));
}

/** Sums of three links at a time, as the columns are added up. */
function chainFit({ frame }: Snapshot, { placement }: CompiledNeed, row: number): number {
  const { links } = placement;
  const { utility } = frame.chains;
  const part = (at: number) => {
    const link = links[at];
    return link === undefined ? 0 : link.share * (utility[link.link]?.[row] ?? 0);
  };
  let sum = 0;
  for (let at = 0; at < links.length; at += 3) {
    const value = part(at) + part(at + 1) + part(at + 2);
    sum = at === 0 ? value : sum + value;
  }
  return sum;
}

function endowment({ frame }: Snapshot, need: CompiledNeed, row: number): number {
  let sum = 0;
  for (const { kind, share } of need.endowments) sum += share * (frame.endowments[kind][row] ?? 0);
  return sum;
}

function scale({ frame }: Snapshot, investWan: number, row: number): number {
  const { at0, at1 } = BOUNDS.scale;
  return clamp((Math.log10(investWan) - at0) / (at1 - at0) + (-1 / (at1 - at0)) * (frame.logProductWan[row] ?? 0));
}

function siteCost(snapshot: Snapshot, need: CompiledNeed): Float64Array {
  if (need.land === null) return snapshot.rentUtility;
  return need.asksWorkshop ? snapshot.siteCostUtility : snapshot.landCostUtility;
}

/** Utility of a criterion that reads facts of the park; land's as `fitsLand` left it. */
function factUtility(snapshot: Snapshot, need: CompiledNeed, row: number, place: number): number {
  switch (place) {
    case HEADROOM:
      return land.headroom;
    case PARCEL:
      return land.fit;
    case ENERGY:
      return headroom(snapshot, need.energy, BOUNDS.energyHeadroom.at1, row);
    case ENV:
      return headroom(snapshot, need.pollutants, BOUNDS.envHeadroom.at1, row);
    case SITE:
      return siteCost(snapshot, need)[row] ?? 0;
    case WAGE:
      return snapshot.wageUtility[row] ?? 0;
    case LABOUR:
      return need.workers === null ? 0 : labour(snapshot, need.workers, row);
    default:
      return land.time;
  }
}

/** Utility of a criterion that reads nothing but the frame. */
function frameUtility(snapshot: Snapshot, need: CompiledNeed, row: number, place: number): number {
  const { frame } = snapshot;
  switch (place) {
    case CHAIN:
      return chainFit(snapshot, need, row);
    case TEXT:
      return need.countyText[frame.countyOf[row] ?? 0] ?? 0;
    case PAIRING:
      return frame.pairingUtility[need.originRow ?? -1]?.[row] ?? 0;
    case DISTANCE:
      return frame.distanceUtility[need.originRow ?? -1]?.[row] ?? 0;
    case ENDOWMENT:
      return endowment(snapshot, need, row);
    default:
      return scale(snapshot, need.need.investWan, row);
  }
}

/** Puts down a criterion's weighted utility; gives its points, rounded as those of scores are. */
function weigh(out: RowFigures, place: number, weight: number, value: number): number {
  out.weighted[place] = weight * value;
  return (weight * FULL_SCORE_UNITS * value + 0.5) | 0;
}

/**
 * Judges one park for one need, with the numbers that `evaluate` gives it: for changes of single parks, which columns
 * take longer to set up for than to go through.
 * @param earlier figures of the same park for the same need against another snapshot of the frame; null without.
 */
export function judgeRow(
  snapshot: Snapshot,
  need: CompiledNeed,
  row: number,
  out: RowFigures,
  earlier: RowFigures | null = null,
): void {
  out.live = passes(snapshot, need, row) && (need.land === null || fitsLand(snapshot, need.land, row));
  if (!out.live) return;
  out.open = openGates(snapshot, need, row);
  const { weights } = need;
  let points = 0;
  for (let place = 0; place < FRAME_FROM; place += 1) {
    const weight = weights[place] ?? 0;
    points += weigh(out, place, weight, weight > 0 ? factUtility(snapshot, need, row, place) : 0);
  }
  const known = earlier?.live === true ? earlier : null;
  out.framePoints = known?.framePoints ?? 0;
  for (let place = FRAME_FROM; place < weights.length; place += 1) {
    const weight = weights[place] ?? 0;
    if (known !== null) out.weighted[place] = known.weighted[place] ?? 0;
    else out.framePoints += weigh(out, place, weight, weight > 0 ? frameUtility(snapshot, need, row, place) : 0);
  }
  out.score = points + out.framePoints;
}
