import { FACTOR_UNITS, type Factor, POLLUTANTS } from '../domain/factors.js';
import type { Fix } from '../domain/match.js';
import type { Park } from '../domain/park.js';
import type { QuotaPrice } from '../domain/policy.js';
import type { IsoDate } from '../domain/provenance.js';
import { isoDate } from '../domain/units.js';
import type { StandardDemand } from './compile-need.js';
import { LATE, type LandDemand, type ParcelRange, phasesFit } from './phases.js';

const NO_FIX: Fix = { kind: 'lookElsewhere', amount: null, unit: null, costWan: null, date: null, ref: null };

/** A way out with the parts given; the others are null. */
export function fix(kind: Fix['kind'], parts: Partial<Fix> = {}): Fix {
  const { amount = null, unit = null, costWan = null, date = null, ref = null } = parts;
  return { kind, amount, unit, costWan, date, ref };
}

/** Keeps binary noise out of answers. Six decimals are a gram of a tonne: no shortfall that matters becomes 0. */
export function withoutNoise(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}

/** Money to 100 yuan. */
export function roundWan(valueWan: number): number {
  return Math.round(valueWan * 100) / 100;
}

/** The newest sourced price of a quota on a day; null if none has a figure. */
export function priceOf(quota: Factor, prices: readonly QuotaPrice[], day: IsoDate): QuotaPrice | null {
  const known = prices
    .filter((price) => price.quota === quota && price.priceWan !== null && price.from <= day)
    .sort((a, b) => (a.from < b.from ? 1 : -1));
  return known[0] ?? null;
}

/** Cheapest first: known costs ascending, then unknown costs, each in the order given. */
function cheapestFirst(fixes: readonly Fix[]): Fix[] {
  return [...fixes].sort(
    (a, b) => (a.costWan ?? Number.POSITIVE_INFINITY) - (b.costWan ?? Number.POSITIVE_INFINITY) || 0,
  );
}

/** Ways out of a factor that falls short: buy the missing quota, or use no more than there is. */
export function factorFixes(
  factor: Factor,
  required: number,
  available: number,
  prices: readonly QuotaPrice[],
  day: IsoDate,
): Fix[] {
  const unit = FACTOR_UNITS[factor];
  const missing = withoutNoise(required - available);
  const cut = fix('cutUse', { amount: available, unit });
  const tradable = factor === 'energyTce' || (POLLUTANTS as readonly string[]).includes(factor);
  if (!tradable) return [cut];
  const price = priceOf(factor, prices, day);
  const buy = fix(factor === 'energyTce' ? 'buyEnergyRight' : 'buyDischargeRight', {
    amount: missing,
    unit,
    costWan: price?.priceWan === null || price === null ? null : roundWan(missing * price.priceWan),
    ref: price?.provenance.source ?? null,
  });
  return cheapestFirst([buy, cut]);
}

/** Ways out of the land gate: a first phase on the largest parcel, or the whole spread over several. */
export function landFixes(park: Park, demand: LandDemand): Fix[] {
  const parcels = [...park.inventory.parcels].sort((a, b) => b.areaMu - a.areaMu);
  const largest = parcels[0];
  if (largest === undefined) return [NO_FIX];
  const fixes: Fix[] = [];
  const total = parcels.reduce((sum, parcel) => sum + parcel.areaMu, 0);
  if (!demand.phased && total >= demand.minMu) {
    const used: string[] = [];
    let left = demand.minMu;
    for (const parcel of parcels) {
      if (left <= 0) break;
      used.push(parcel.id);
      left -= parcel.areaMu;
    }
    fixes.push(fix('splitOverParcels', { amount: used.length, unit: 'parcel', ref: used.join(',') }));
  }
  fixes.push(
    fix('smallerFirstPhase', {
      amount: largest.areaMu,
      unit: 'mu',
      date: largest.availableFrom,
      ref: largest.id,
    }),
  );
  return fixes;
}

/** Days by which every phase must move so that the land is there in time; null if no delay helps. */
export function leastDelayDays(demand: LandDemand, parcels: ParcelRange): number | null {
  const delays = new Set<number>();
  for (const opens of parcels.day.subarray(parcels.from, parcels.to)) {
    for (const day of demand.phaseDay) if (opens > day) delays.add(opens - day);
  }
  const candidates = [...delays].sort((a, b) => a - b);
  return candidates.find((delay) => phasesFit(demand, parcels, delay)) ?? null;
}

/** Ways out of the date gate: wait, or begin smaller on what is open. */
export function dateFixes(park: Park, demand: LandDemand, delayDays: number | null): Fix[] {
  const first = demand.phaseDay[0] ?? LATE;
  const fixes: Fix[] = [];
  if (delayDays !== null) {
    fixes.push(fix('waitForParcel', { amount: delayDays, unit: 'day', date: isoDate(first + delayDays) }));
  }
  const by = isoDate(first);
  const open = park.inventory.parcels
    .filter((parcel) => parcel.availableFrom <= by)
    .sort((a, b) => b.areaMu - a.areaMu)[0];
  if (open !== undefined) {
    fixes.push(fix('smallerFirstPhase', { amount: open.areaMu, unit: 'mu', date: open.availableFrom, ref: open.id }));
  }
  return fixes.length > 0 ? fixes : [NO_FIX];
}

/** The land for which what the project promises is enough, rounded down; none where it promises nothing. */
function takeLessLand(promised: number, threshold: number): Fix[] {
  const mu = Math.floor(withoutNoise((promised / threshold) * 100)) / 100;
  return mu > 0 ? [fix('takeLessLand', { amount: mu, unit: 'mu', costWan: 0 })] : [];
}

/** Ways out of a land-standard gate. `threshold` is the park's, `demand.offered` the project's. */
export function standardFixes(demand: StandardDemand, threshold: number, minMu: number): Fix[] {
  const { gate, offered } = demand;
  const promised = offered * minMu;
  switch (gate) {
    case 'investPerMu': {
      const missingWan = roundWan(threshold * minMu - promised);
      const raise = fix('raiseInvestment', { amount: missingWan, unit: 'wan', costWan: missingWan });
      return [...takeLessLand(promised, threshold), raise];
    }
    case 'taxPerMu':
    case 'plotRatio': {
      const less = takeLessLand(promised, threshold);
      return less.length > 0 ? less : [NO_FIX];
    }
    case 'energyPerValueAdded':
      return [fix('cutUse', { amount: threshold, unit: 'tce/wan' })];
  }
}

/** What to do about a fact nobody knows: have it confirmed. */
export function confirmFix(ref: string): Fix[] {
  return [fix('confirmFact', { ref })];
}

/** What to do about a ban. */
export function elsewhere(): Fix[] {
  return [NO_FIX];
}
