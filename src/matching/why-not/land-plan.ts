import type { Need } from '../../domain/need.js';
import type { IsoDate } from '../../domain/provenance.js';
import type { LandPiece } from '../../domain/remedy.js';
import { isoDate } from '../../domain/units.js';
import type { MatchableNeed } from '../compile-need.js';
import { withoutNoise } from '../fixes.js';
import { LATE, type LandDemand } from '../phases.js';
import { LIMITS } from './limits.js';

/** A parcel by the day on which it opens. */
export interface DatedParcel {
  readonly id: string;
  readonly mu: number;
  readonly opens: number;
}

/** What the land side of a need asks, at full size. Where no day is asked, `baseDay` is today. */
export interface LandAsk {
  readonly fullMu: number;
  /** Share of each phase in the whole, with the day asked (LATE: none) and the day before which nothing is late. */
  readonly phases: readonly { readonly share: number; readonly askedDay: number; readonly baseDay: number }[];
}

/** Rounded down to 0.01 mu. */
export function floorMu(mu: number): number {
  return Math.floor(withoutNoise(mu * 100)) / 100;
}

/** Reads what a need asks of land, earliest phase first. */
export function landAsk(demand: LandDemand, today: number): LandAsk {
  const total = demand.phaseMu.reduce((sum, mu) => sum + mu, 0);
  const phases = Array.from(demand.phaseMu, (mu, index) => {
    const askedDay = demand.phaseDay[index] ?? LATE;
    return { share: mu / total, askedDay, baseDay: askedDay === LATE ? today : askedDay };
  });
  return { fullMu: demand.minMu, phases: phases.sort((a, b) => a.baseDay - b.baseDay) };
}

/** The need's land with `landMu` in all: the least falls with it, phases shrink in proportion to 0.01 mu. */
export function shrunkLand(land: Need['land'], landMu: number): Need['land'] {
  const minMu = Math.min(land.minMu, landMu);
  if (land.phases === undefined || land.phases.length === 0) return { ...land, minMu };
  const total = land.phases.reduce((sum, { mu }) => sum + mu, 0);
  if (landMu >= total) return { ...land, minMu };
  return { ...land, minMu, phases: land.phases.map(({ mu, by }) => ({ mu: floorMu((mu / total) * landMu), by })) };
}

/** The need with `landMu` in all, laid out as the plan says; without a plan its phases stay. */
export function layOut<N extends MatchableNeed>(need: N, landMu: number, plan: readonly LandPiece[]): N {
  const [only, ...more] = plan;
  if (only === undefined) return { ...need, land: shrunkLand(need.land, landMu) };
  const { phases, ...land } = need.land;
  const minMu = Math.min(land.minMu, landMu);
  if (more.length === 0 && (phases?.length ?? 0) <= 1) {
    return { ...need, land: { ...land, minMu }, ...(need.neededBy === undefined ? {} : { neededBy: only.by }) };
  }
  return { ...need, land: { ...land, minMu, phases: plan.map(({ mu, by }) => ({ mu, by })) } };
}

/**
 * The most land that can be had when nothing later than `lastDay` is used and a phase may be cut over parcels. A phase
 * may wait until `lastDay`, so a later deadline sees every parcel an earlier one sees, and by Hall's condition it is
 * enough to compare, deadline by deadline, what is asked so far with what is open so far.
 */
export function mostMu(ask: LandAsk, parcels: readonly DatedParcel[], lastDay: number): number {
  const pieces = LIMITS.mostPieces - ask.phases.length + 1;
  let share = 0;
  let most = Number.POSITIVE_INFINITY;
  for (const [index, phase] of ask.phases.entries()) {
    share += phase.share;
    const deadline = Math.max(phase.baseDay, lastDay);
    const next = ask.phases[index + 1];
    if (next !== undefined && Math.max(next.baseDay, lastDay) === deadline) continue;
    const open = parcels
      .filter(({ opens }) => opens <= deadline)
      .map(({ mu }) => mu)
      .sort((a, b) => b - a)
      .slice(0, Math.max(pieces, 1))
      .reduce((sum, mu) => sum + mu, 0);
    most = Math.min(most, open / share);
  }
  return withoutNoise(most);
}

interface Stock extends DatedParcel {
  left: number;
}

/** Below this, mu, what is left over is binary noise. */
const NOISE_MU = 1e-6;

/** Takes `mu` from the parcels in the order given; whole where one parcel of the list holds it all. */
function take(stock: readonly Stock[], mu: number): { readonly parcel: Stock; readonly mu: number }[] {
  const whole = stock.filter(({ left }) => left >= mu).sort((a, b) => a.left - b.left || a.opens - b.opens)[0];
  const from = whole === undefined ? [...stock].sort((a, b) => b.left - a.left || a.opens - b.opens) : [whole];
  const pieces: { parcel: Stock; mu: number }[] = [];
  let open = mu;
  for (const parcel of from) {
    const piece = Math.min(open, parcel.left);
    if (piece <= NOISE_MU) continue;
    // A shared parcel keeps a hair free, so that the sum of its pieces can't pass its area by binary noise.
    parcel.left = Math.max(0, parcel.left - piece - NOISE_MU);
    open -= piece;
    pieces.push({ parcel, mu: piece });
    if (open <= NOISE_MU) break;
  }
  return pieces;
}

/** One phase's pieces: in time as far as that makes a first phase, the rest on later parcels. */
function takeTimely(stock: readonly Stock[], mu: number, baseDay: number): ReturnType<typeof take> {
  const timely = stock.filter(({ opens }) => opens <= baseDay);
  const later = stock.filter(({ opens }) => opens > baseDay);
  const inTime = timely.reduce((sum, { left }) => sum + left, 0);
  if (later.length === 0 || inTime >= mu) return take(timely, mu);
  if (inTime < mu * LIMITS.leastFirstShare && later.some(({ left }) => left >= mu)) return take(later, mu);
  const first = take(timely, Math.min(inTime, mu));
  return [...first, ...take(later, mu - first.reduce((sum, piece) => sum + piece.mu, 0))];
}

/** Land laid on parcels, earliest piece first. */
export interface LaidLand {
  readonly pieces: readonly LandPiece[];
  /** The latest day of a piece that is later than its phase's base day; null if none is. */
  readonly readyBy: IsoDate | null;
}

/**
 * Lays `landMu` on the parcels, nothing later than `lastDay`. Null if it can't be done in `LIMITS.mostPieces` pieces.
 * Phases keep their order; one that finds land in time begins there, as long as that is not too little to begin with.
 */
export function planLand(
  ask: LandAsk,
  parcels: readonly DatedParcel[],
  landMu: number,
  lastDay: number,
): LaidLand | null {
  for (const taking of [takeTimely, take]) {
    const stock: Stock[] = parcels.map((parcel) => ({ ...parcel, left: parcel.mu }));
    const pieces: LandPiece[] = [];
    let lateDay = 0;
    let short = false;
    for (const { share, baseDay } of ask.phases) {
      const mu = share * landMu;
      const usable = stock.filter(({ opens, left }) => left > 0 && opens <= Math.max(baseDay, lastDay));
      const taken = taking(usable, mu, baseDay);
      short ||= taken.reduce((sum, piece) => sum + piece.mu, 0) < mu - LIMITS.mostPieces * 2 * NOISE_MU;
      for (const { parcel, mu: piece } of taken) {
        const by = isoDate(Math.max(baseDay, parcel.opens));
        pieces.push({ parcelId: parcel.id, mu: Math.min(withoutNoise(piece), parcel.mu), by });
        if (parcel.opens > baseDay) lateDay = Math.max(lateDay, parcel.opens);
      }
    }
    if (short || pieces.length > LIMITS.mostPieces) continue;
    pieces.sort((a, b) => (a.by === b.by ? 0 : a.by < b.by ? -1 : 1));
    return { pieces, readyBy: lateDay === 0 ? null : isoDate(lateDay) };
  }
  return null;
}
