import type { Need } from '../domain/need.js';
import { dayNumber } from '../domain/units.js';

/** Land asked for, in numbers. A need without phases is one phase. */
export interface LandDemand {
  /** Least area that must be there, mu. */
  readonly minMu: number;
  /** Area the firm would like, mu. */
  readonly targetMu: number;
  readonly phaseMu: Float64Array;
  /** Last day for each phase; LATE where the firm names none. */
  readonly phaseDay: Int32Array;
  /** The last of the phases' days: land that opens later is of no use. */
  readonly lastDay: number;
  /** No park whose parcels are all smaller can serve. */
  readonly largestPhaseMu: number;
  /** True if the firm named phases. */
  readonly phased: boolean;
  /** Area and earliest day of every subset of phases, by bit mask. */
  readonly subsetMu: Float64Array;
  readonly subsetDay: Int32Array;
}

/** A day later than any other. */
export const LATE = 2_000_000;

function subsets(phases: readonly { readonly mu: number; readonly day: number }[]) {
  const subsetMu = new Float64Array(1 << phases.length);
  const subsetDay = new Int32Array(1 << phases.length).fill(LATE);
  phases.forEach((phase, index) => {
    const bit = 1 << index;
    for (let rest = 0; rest < bit; rest += 1) {
      subsetMu[bit | rest] = (subsetMu[rest] ?? 0) + phase.mu;
      subsetDay[bit | rest] = Math.min(subsetDay[rest] ?? LATE, phase.day);
    }
  });
  return { subsetMu, subsetDay };
}

/** Reads a need's land; null if it asks for none. */
export function landDemand(need: Pick<Need, 'land' | 'neededBy'>): LandDemand | null {
  const { minMu, idealMu, phases } = need.land;
  if (minMu <= 0) return null;
  const neededBy = need.neededBy === undefined ? LATE : dayNumber(need.neededBy);
  const phased = phases !== undefined && phases.length > 0;
  const list = phased
    ? phases.map(({ mu, by }) => ({ mu, day: dayNumber(by) })).sort((a, b) => a.day - b.day)
    : [{ mu: minMu, day: neededBy }];
  const total = list.reduce((sum, phase) => sum + phase.mu, 0);
  const { subsetMu, subsetDay } = subsets(list);
  return {
    subsetMu,
    subsetDay,
    minMu: Math.max(minMu, phased ? total : 0),
    targetMu: Math.max(idealMu ?? minMu, total),
    largestPhaseMu: phased ? list.reduce((max, phase) => Math.max(max, phase.mu), 0) : minMu,
    phaseMu: Float64Array.from(list, (phase) => phase.mu),
    phaseDay: Int32Array.from(list, (phase) => phase.day),
    lastDay: list.reduce((last, phase) => Math.max(last, phase.day), 0),
    phased,
  };
}

/** The parcels of one park: rows `from` to one before `to` of parallel columns. */
export interface ParcelRange {
  readonly mu: Float64Array;
  readonly day: Int32Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Which sets of phases can be put on the parcels, each on one that is open by the phase's day, parcels shared up to
 * their area: 1 at the set's bit mask. Exact, so that more or earlier land can never turn yes into no: dynamic
 * programming over subsets of phases, parcel by parcel, 3^phases steps each (at most 8 phases: 6,561).
 * @param delay days added to every phase's day.
 */
function placeableSets(demand: LandDemand, parcels: ParcelRange, delay: number): Uint8Array {
  const { subsetMu, subsetDay } = demand;
  const all = subsetMu.length - 1;
  let reachable = new Uint8Array(all + 1);
  reachable[0] = 1;
  for (let parcel = parcels.from; parcel < parcels.to && reachable[all] === 0; parcel += 1) {
    const area = parcels.mu[parcel] ?? 0;
    const opens = parcels.day[parcel] ?? LATE;
    const next = reachable.slice();
    for (let placed = 0; placed <= all; placed += 1) {
      if (reachable[placed] !== 1) continue;
      const open = all & ~placed;
      for (let subset = open; subset > 0; subset = (subset - 1) & open) {
        if ((subsetMu[subset] ?? 0) <= area && opens <= (subsetDay[subset] ?? LATE) + delay) next[placed | subset] = 1;
      }
    }
    reachable = next;
  }
  return reachable;
}

/** Whether every phase finds its place; see `placeableSets`. One phase needs no search. */
export function phasesFit(demand: LandDemand, parcels: ParcelRange, delay = 0): boolean {
  if (demand.subsetMu.length === 2) {
    const asked = demand.subsetMu[1] ?? 0;
    const by = (demand.subsetDay[1] ?? LATE) + delay;
    for (let parcel = parcels.from; parcel < parcels.to; parcel += 1) {
      if (asked <= (parcels.mu[parcel] ?? 0) && (parcels.day[parcel] ?? LATE) <= by) return true;
    }
    return false;
  }
  return placeableSets(demand, parcels, delay)[demand.subsetMu.length - 1] === 1;
}

/** The most mu of the demand's phases that find a place, whenever the parcels open. */
export function placeableMu(demand: LandDemand, parcels: ParcelRange): number {
  const sets = placeableSets(demand, parcels, LATE);
  return demand.subsetMu.reduce((most, mu, set) => (sets[set] === 1 && mu > most ? mu : most), 0);
}
