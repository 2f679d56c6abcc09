import { FACTORS, type Factor } from '../../domain/factors.js';
import type { Fact, Parcel, ParkInventory } from '../../domain/park.js';
import type { IsoDate } from '../../domain/provenance.js';
import { dayNumber, isoDate } from '../../domain/units.js';
import { BOUNDS, RENT_BOUNDS } from '../bounds.js';
import type { CompiledNeed } from '../compile-need.js';
import { fillUtilities } from '../evaluate.js';
import { keepLand } from '../keep-land.js';
import { compileSnapshot, type Snapshot } from '../snapshot.js';
import { createWorkspace, type Workspace } from '../workspace.js';

/** Facts older than this count as doubtful unless the deployment says otherwise. */
export const STALE_AFTER_DAYS = 365;
/** A stale or unverified quantity may have moved by this share of itself, either way. */
const DRIFT = 0.25;
/** A parcel of a stale list may open so many days sooner or later. */
const DRIFT_DAYS = 90;
/** More of a stock than any need asks for; finite, as the engine's columns are. */
const PLENTY = Number.MAX_SAFE_INTEGER;

type Direction = 'worse' | 'better';

/** What the doubt of a snapshot's day says of a fact. */
interface Judge {
  readonly today: number;
  readonly staleAfterDays: number;
}

function isStale(asOf: IsoDate, judge: Judge): boolean {
  return judge.today - dayNumber(asOf) > judge.staleAfterDays;
}

/** True for a fact whose value is unknown, unverified or too old to be taken at its word. */
export function isDoubtful(fact: Fact, judge: Judge): boolean {
  return fact.value === null || fact.basis === 'unverified' || isStale(fact.asOf, judge);
}

/** More is better: an unknown stock may be none, or all anybody asks for. */
function stock(fact: Fact, judge: Judge, direction: Direction): Fact {
  if (!isDoubtful(fact, judge)) return fact;
  if (fact.value === null) return { ...fact, value: direction === 'worse' ? 0 : PLENTY };
  return { ...fact, value: fact.value * (direction === 'worse' ? 1 - DRIFT : 1 + DRIFT) };
}

/** Less is better: an unknown price is worth nothing, at best it is as low as the bounds count. */
function price(fact: Fact, judge: Judge, direction: Direction, best: number): Fact {
  if (!isDoubtful(fact, judge)) return fact;
  if (fact.value === null) return direction === 'worse' ? fact : { ...fact, value: best };
  return { ...fact, value: fact.value * (direction === 'worse' ? 1 + DRIFT : 1 - DRIFT) };
}

function shiftedParcel(parcel: Parcel, direction: Direction): Parcel {
  const sign = direction === 'worse' ? 1 : -1;
  return {
    ...parcel,
    areaMu: parcel.areaMu * (1 - sign * DRIFT),
    availableFrom: isoDate(dayNumber(parcel.availableFrom) + sign * DRIFT_DAYS),
  };
}

/** An inventory with every doubtful fact at the worse or the better end of its interval. */
function shifted(inventory: ParkInventory, judge: Judge, direction: Direction): ParkInventory {
  const staleParcels = isStale(inventory.provenance.asOf, judge) || inventory.provenance.basis === 'unverified';
  return {
    ...inventory,
    parcels: staleParcels ? inventory.parcels.map((parcel) => shiftedParcel(parcel, direction)) : inventory.parcels,
    factors: Object.fromEntries(
      FACTORS.map((factor) => [factor, stock(inventory.factors[factor], judge, direction)]),
    ) as Record<Factor, Fact>,
    landPriceWanPerMu: price(inventory.landPriceWanPerMu, judge, direction, BOUNDS.siteCost.at1),
    workshopRentYuanPerM2Month: price(inventory.workshopRentYuanPerM2Month, judge, direction, RENT_BOUNDS.at1),
    wageYuanPerMonth: price(inventory.wageYuanPerMonth, judge, direction, BOUNDS.wageCost.at1),
    labourAvailable: stock(inventory.labourAvailable, judge, direction),
  };
}

/** A snapshot with all doubtful facts at one end, and scratch for it. */
interface Shadow {
  readonly snapshot: Snapshot;
  readonly work: Workspace;
}

interface Shadows {
  readonly staleAfterDays: number;
  readonly ends: readonly [Shadow, Shadow];
}

const shadowsOf = new WeakMap<Snapshot, Shadows>();

/** The two ends of a snapshot, compiled once for each snapshot. */
function shadows(snapshot: Snapshot, staleAfterDays: number): Shadows {
  const known = shadowsOf.get(snapshot);
  if (known?.staleAfterDays === staleAfterDays) return known;
  const judge = { today: snapshot.frame.todayNumber, staleAfterDays };
  const end = (direction: Direction): Shadow => ({
    snapshot: compileSnapshot(
      snapshot.frame,
      snapshot.parks.map((park) => ({ ...park, inventory: shifted(park.inventory, judge, direction) })),
      snapshot.id,
    ),
    work: createWorkspace(snapshot.size),
  });
  const made: Shadows = { staleAfterDays, ends: [end('worse'), end('better')] };
  shadowsOf.set(snapshot, made);
  return made;
}

/** Fills a shadow's utilities for rows that the real facts let live, whatever its own facts say of the gates. */
function fillShadow({ snapshot, work }: Shadow, need: CompiledNeed, rows: readonly number[]): void {
  const start = () => {
    work.live.set(rows);
    work.liveCount = rows.length;
  };
  for (const column of work.own) for (const row of rows) column[row] = 0;
  start();
  if (need.land !== null) keepLand(snapshot, need.land, work);
  start();
  fillUtilities(snapshot, need, work);
}

/** Lowest and highest utilities, park by park, one for each criterion that counts. */
export interface UtilityRanges {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The intervals of utilities that the doubt about facts allows: every utility at the stated facts and with all
 * doubtful facts of its park at either end. Unknown facts leave the whole interval open, stale and unverified ones
 * move by DRIFT, parcels of a stale list also by DRIFT_DAYS. Land that would no longer fit is worth 0.
 * @param rows park rows, in the order wanted
 * @param criteria places in CRITERIA, in the order wanted
 */
export function utilityRanges(
  snapshot: Snapshot,
  need: CompiledNeed,
  work: Workspace,
  rows: readonly number[],
  criteria: readonly number[],
  staleAfterDays: number,
): UtilityRanges {
  const [worse, better] = shadows(snapshot, staleAfterDays).ends;
  for (const shadow of [worse, better]) fillShadow(shadow, need, rows);
  const low = new Float64Array(rows.length * criteria.length);
  const high = new Float64Array(low.length);
  let cell = 0;
  for (const row of rows) {
    for (const criterion of criteria) {
      const stated = work.utilities[criterion]?.[row] ?? 0;
      const atWorst = worse.work.utilities[criterion]?.[row] ?? 0;
      const atBest = better.work.utilities[criterion]?.[row] ?? 0;
      low[cell] = Math.min(stated, atWorst, atBest);
      high[cell] = Math.max(stated, atWorst, atBest);
      cell += 1;
    }
  }
  return { low, high };
}
