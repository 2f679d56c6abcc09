import type { Adcode, Endowment } from '../domain/county.js';
import { FACTORS, POLLUTANTS } from '../domain/factors.js';
import { CRITERIA, type Criterion, type Gate, type PlacementReport } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import { mergeWeights, profileName } from '../domain/profile.js';
import { M2_PER_MU } from '../domain/units.js';
import type { Frame } from './frame.js';
import { type LandDemand, landDemand } from './phases.js';
import { type Placement, placeNeed } from './place-need.js';
import { GATE_BIT, STANDARD_SIGN, type StandardGate } from './snapshot.js';

/** Likeness of the need's words, by row; made by the text port, handed to the engine as numbers. */
export interface TextNumbers {
  /** To each link of the graph. */
  readonly links: Float64Array;
  /** To what each county says of itself. */
  readonly counties: Float64Array;
}

/** What the engine reads of a need: everything but who the firm is. A county nobody named leaves place criteria silent. */
export type MatchableNeed = Omit<Need, 'firm' | 'title' | 'description'> & {
  readonly firm: { readonly countyAdcode: Adcode | null };
};

/** An endowment the need's links settle by, with the share of the need that does. */
export interface EndowmentDemand {
  readonly kind: Endowment;
  readonly share: number;
}

/** Below this part of a need, 1 being all of it, a dependence on endowments is no ground to judge by. */
const LEAST_ENDOWMENT_SHARE = 0.25;
/** Investment below which no county is too small for a project, 万元. */
const LARGE_INVEST_WAN = 50_000;

/** A gate on one factor: needs at least `required`. */
export interface FactorDemand {
  readonly gate: Gate & (typeof FACTORS)[number];
  readonly bit: number;
  readonly required: number;
}

/** A gate of the land standard: the project's own figure against the park's threshold. */
export interface StandardDemand {
  readonly gate: StandardGate;
  readonly bit: number;
  /** What the project offers, in the threshold's unit. */
  readonly offered: number;
  /** `offered` with the gate's sign: fits where the park's `standardRoom` is at least this. */
  readonly signed: number;
  /** `least`: offered must reach the threshold; `most`: must not exceed it. */
  readonly kind: 'least' | 'most';
}

/** What a county's access rules answer for a GB/T code. */
export const ACCESS = { pass: 0, unknown: 1, fail: 2 } as const;

/** A need as numbers against one frame: all the engine reads. Nothing in it names the firm. */
export interface CompiledNeed {
  readonly profile: string;
  readonly need: MatchableNeed;
  /** Row of the firm's county; null where nobody named it. */
  readonly originRow: number | null;
  readonly placement: Placement;
  readonly land: LandDemand | null;
  readonly factors: readonly FactorDemand[];
  readonly energy: readonly FactorDemand[];
  readonly pollutants: readonly FactorDemand[];
  readonly standards: readonly StandardDemand[];
  /** Bits of the gates above: those that read a fact of the park. */
  readonly factMask: number;
  readonly workers: number | null;
  readonly asksWorkshop: boolean;
  /** By county row: 1 if the firm excludes it. */
  readonly excludedCounty: Uint8Array;
  /** By county row: one of ACCESS. */
  readonly access: Uint8Array;
  /** True if some county is refused by the firm or by a certain ban. */
  readonly refusesCounties: boolean;
  /** Shares add up to 1; empty where the need can be met anywhere. */
  readonly endowments: readonly EndowmentDemand[];
  readonly countyText: Float64Array;
  /** By criterion in CRITERIA's order; they add up to 1, criteria that ask nothing have 0. */
  readonly weights: Float64Array;
}

function asked(need: MatchableNeed, gate: (typeof FACTORS)[number]): number {
  switch (gate) {
    case 'energyTce':
      return need.energyTce ?? 0;
    case 'powerKva':
      return need.powerKva ?? 0;
    case 'waterM3PerDay':
      return need.waterM3PerDay ?? 0;
    case 'workshopM2':
      return need.workshopM2 ?? 0;
    default:
      return need.emissions?.[gate] ?? 0;
  }
}

function factorDemands(need: MatchableNeed): FactorDemand[] {
  const demands: FactorDemand[] = [];
  for (const gate of FACTORS) {
    const required = asked(need, gate);
    if (required > 0) demands.push({ gate, bit: GATE_BIT[gate], required });
  }
  return demands;
}

function standardDemands(need: MatchableNeed): StandardDemand[] {
  const demands: StandardDemand[] = [];
  const mu = need.land.minMu;
  const add = (gate: StandardGate, offered: number, kind: 'least' | 'most') =>
    demands.push({ gate, bit: GATE_BIT[gate], offered, signed: STANDARD_SIGN[gate] * offered, kind });
  if (mu > 0) {
    add('investPerMu', (need.fixedInvestWan ?? need.investWan) / mu, 'least');
    if (need.taxWan !== undefined) add('taxPerMu', need.taxWan / mu, 'least');
  }
  if (need.energyTce !== undefined && need.valueAddedWan !== undefined && need.valueAddedWan > 0) {
    add('energyPerValueAdded', need.energyTce / need.valueAddedWan, 'most');
  }
  if (mu > 0 && need.floorAreaM2 !== undefined) add('plotRatio', need.floorAreaM2 / (mu * M2_PER_MU), 'least');
  return demands;
}

/** Answers of a frame's rules by GB/T code: needs share codes, and a frame many needs. */
const accessOf = new WeakMap<Frame, Map<string, Uint8Array>>();

/** A rule decides (fail) only if it is a ban with a basis that can be trusted; else it answers unknown. */
function accessByCounty(frame: Frame, gbt: string): Uint8Array {
  const answers = accessOf.get(frame) ?? new Map<string, Uint8Array>();
  accessOf.set(frame, answers);
  const known = answers.get(gbt);
  if (known !== undefined) return known;
  const access = new Uint8Array(frame.counties.length);
  for (const rule of frame.reference.accessRules) {
    if (!rule.gbtPrefixes.some((prefix) => gbt.startsWith(prefix))) continue;
    const answer = rule.level === 'ban' && rule.provenance.basis !== 'unverified' ? ACCESS.fail : ACCESS.unknown;
    for (const adcode of rule.adcodes) {
      const row = frame.countyRow.get(adcode);
      if (row !== undefined) access[row] = Math.max(access[row] ?? ACCESS.pass, answer);
    }
  }
  answers.set(gbt, access);
  return access;
}

/** Endowments of the need's links, weighted by the links' shares. */
function endowmentDemands(frame: Frame, placement: Placement): EndowmentDemand[] {
  if (!placement.links.some(({ link }) => frame.graph.links[link]?.endowments !== undefined)) return [];
  const shares = new Map<Endowment, number>();
  let dependent = 0;
  for (const { link, share } of placement.links) {
    const kinds = frame.graph.links[link]?.endowments;
    if (kinds === undefined || kinds.length === 0) continue;
    dependent += share;
    for (const kind of kinds) shares.set(kind, (shares.get(kind) ?? 0) + share / kinds.length);
  }
  if (dependent < LEAST_ENDOWMENT_SHARE) return [];
  return [...shares].map(([kind, share]) => ({ kind, share: share / dependent }));
}

/** Criteria a need gives no ground to judge by. */
function silentCriteria(
  need: MatchableNeed,
  land: LandDemand | null,
  placed: boolean,
  worded: boolean,
  endowed: boolean,
): Set<Criterion> {
  const silent = new Set<Criterion>();
  if (land === null) {
    silent.add('landHeadroom').add('parcelFit').add('time');
    if ((need.workshopM2 ?? 0) <= 0) silent.add('siteCost');
  }
  if (need.energyTce === undefined || need.energyTce <= 0) silent.add('energyHeadroom');
  if (!POLLUTANTS.some((pollutant) => (need.emissions?.[pollutant] ?? 0) > 0)) silent.add('envHeadroom');
  if (need.workers === undefined || need.workers <= 0) silent.add('labour');
  if (need.firm.countyAdcode === null) silent.add('pairing').add('distance');
  if (!placed) silent.add('chainFit');
  if (!endowed) silent.add('endowment');
  if (need.investWan < LARGE_INVEST_WAN) silent.add('scale');
  if (!worded) silent.add('textSimilarity');
  return silent;
}

function scaledWeights(weights: Readonly<Record<Criterion, number>>, silent: ReadonlySet<Criterion>): Float64Array {
  const scaled = new Float64Array(CRITERIA.length);
  let total = 0;
  for (const [index, criterion] of CRITERIA.entries()) {
    const weight = silent.has(criterion) ? 0 : weights[criterion];
    scaled[index] = weight;
    total += weight;
  }
  for (let index = 0; total > 0 && index < scaled.length; index += 1) scaled[index] = (scaled[index] ?? 0) / total;
  return scaled;
}

/** Name of the weights a need is matched with: part of its result's id. */
export function profileOf(frame: Frame, { weights }: Pick<MatchableNeed, 'weights'>): string {
  return profileName(frame.profile, weights !== undefined && Object.keys(weights).length > 0);
}

/**
 * Turns a need into numbers for a frame. A need that leaves a criterion without ground (no land asked, no emissions
 * stated …) gets weight 0 there; the other weights are scaled to 1.
 * @throws RangeError if the firm's county is not in the frame.
 */
export function compileNeed(frame: Frame, need: MatchableNeed, text: TextNumbers): CompiledNeed {
  const originRow = need.firm.countyAdcode === null ? null : frame.countyRow.get(need.firm.countyAdcode);
  if (originRow === undefined) throw new RangeError(`county ${need.firm.countyAdcode} is unknown`);
  const placement = placeNeed(need, frame.graph, text.links);
  const land = landDemand(need);
  const endowments = endowmentDemands(frame, placement);
  const factors = factorDemands(need);
  const standards = standardDemands(need);
  const excludedCounty = new Uint8Array(frame.counties.length);
  for (const adcode of need.exclude?.counties ?? []) {
    const row = frame.countyRow.get(adcode);
    if (row !== undefined) excludedCounty[row] = 1;
  }
  const access = accessByCounty(frame, need.gbt);
  const worded = text.counties.some((value) => value > 0);
  const silent = silentCriteria(need, land, placement.links.length > 0, worded, endowments.length > 0);
  return {
    profile: profileOf(frame, need),
    need,
    originRow,
    placement,
    land,
    factors,
    energy: factors.filter(({ gate }) => gate === 'energyTce'),
    pollutants: factors.filter(({ gate }) => (POLLUTANTS as readonly string[]).includes(gate)),
    standards,
    factMask: [...factors, ...standards].reduce((mask, { bit }) => mask | bit, 0),
    workers: need.workers !== undefined && need.workers > 0 ? need.workers : null,
    asksWorkshop: (need.workshopM2 ?? 0) > 0,
    excludedCounty,
    access,
    refusesCounties: excludedCounty.includes(1) || access.includes(ACCESS.fail),
    endowments,
    countyText: text.counties,
    weights: scaledWeights(mergeWeights(frame.profile, need.weights), silent),
  };
}

/** The placement with link ids, as results carry it. */
export function placementReport(frame: Frame, placement: Placement): PlacementReport {
  return {
    links: placement.links.map(({ link, ...shares }) => ({
      linkId: frame.graph.links[link]?.id ?? '',
      ...shares,
    })),
  };
}
