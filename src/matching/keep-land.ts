import { CRITERIA } from '../domain/match.js';
import { BOUNDS, clamp, greater, lesser, SPLIT_PARCEL_FIT } from './bounds.js';
import { LATE, type LandDemand, type ParcelRange, phasesFit } from './phases.js';
import { GATE_BIT, parcelsOf, type Snapshot } from './snapshot.js';
import { ownColumn, type Workspace } from './workspace.js';

const LAND_GATES = GATE_BIT.land | GATE_BIT.date;

const LAND = CRITERIA.indexOf('landHeadroom');
const PARCEL = CRITERIA.indexOf('parcelFit');
const TIME = CRITERIA.indexOf('time');

/** Whether the land is there in time for a need whose parcels must serve phases. */
export function phasedLandFits(demand: LandDemand, parcels: ParcelRange): boolean {
  // One parcel open for the first phase that holds all is the common case and needs no search.
  for (let parcel = parcels.from; parcel < parcels.to; parcel += 1) {
    if ((parcels.day[parcel] ?? LATE) > (demand.phaseDay[0] ?? 0)) break;
    if ((parcels.mu[parcel] ?? 0) >= demand.minMu) return true;
  }
  return phasesFit(demand, parcels);
}

/** The gate that land which does not fit falls short of: sizes first, then dates. */
export function shortLandGate(demand: LandDemand, parcels: ParcelRange): number {
  return phasesFit(demand, parcels, LATE) ? GATE_BIT.date : GATE_BIT.land;
}

/**
 * Land and date gates, headroom, parcel fit and time in one pass over the parcels of the live parks. The fit is the
 * parcel's share of the wish up to the wish and falls to 0 at four times the wish: the lesser of the two lines.
 */
export function keepLand(snapshot: Snapshot, demand: LandDemand, work: Workspace): void {
  const { parcelStart, parcelMu, parcelDay, softGates } = snapshot;
  const { live, liveCount, open } = work;
  const { minMu, lastDay, phased, targetMu } = demand;
  const today = snapshot.frame.todayNumber;
  const firstMu = demand.phaseMu[0] ?? 0;
  const headroom = ownColumn(work, LAND);
  const fit = ownColumn(work, PARCEL);
  const time = ownColumn(work, TIME);
  const base = 1 / (BOUNDS.landHeadroom.at1 - BOUNDS.landHeadroom.at0);
  const perWish = 1 / targetMu;
  const perDay = 1 / BOUNDS.time.at0;
  const { at0, at1 } = BOUNDS.parcelFit;
  const fall = 1 / (at0 - at1);
  let kept = 0;
  for (let index = 0; index < liveCount; index += 1) {
    const park = live[index] ?? 0;
    const from = parcelStart[park] ?? 0;
    const to = parcelStart[park + 1] ?? 0;
    let total = 0;
    let best = 0;
    let opens = LATE;
    let begins = 0;
    let holds = 0;
    for (let parcel = from; parcel < to; parcel += 1) {
      const area = parcelMu[parcel] ?? 0;
      const day = parcelDay[parcel] ?? LATE;
      if (day > lastDay) break;
      total += area;
      const first = Number(area >= firstMu);
      // Parcels come earliest first, so the first that is large enough tells the day.
      opens += (day - opens) * first * Number(begins === 0);
      begins += first;
      const whole = Number(area >= minMu);
      holds += whole;
      const share = area * perWish;
      const value = lesser(share, (at0 - share) * fall) * whole;
      best = greater(best, value);
    }
    open[park] = 0;
    if (phased ? !phasedLandFits(demand, parcelsOf(snapshot, park)) : holds === 0) {
      if (((softGates[park] ?? 0) & LAND_GATES) === 0) continue;
      open[park] = shortLandGate(demand, parcelsOf(snapshot, park));
      best = 0;
    } else if (phased) best = Math.max(best, SPLIT_PARCEL_FIT);
    headroom[park] = clamp((total * perWish - 1) * base);
    fit[park] = best;
    time[park] = clamp(1 - Math.max(opens - today, 0) * perDay);
    live[kept] = park;
    kept += 1;
  }
  work.liveCount = kept;
}
