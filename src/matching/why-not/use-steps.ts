import { FACTOR_UNITS, POLLUTANTS } from '../../domain/factors.js';
import type { Gate, GateReport } from '../../domain/match.js';
import type { QuotaPrice } from '../../domain/policy.js';
import type { IsoDate } from '../../domain/provenance.js';
import type { OpenPoint, RemedyAction } from '../../domain/remedy.js';
import type { CompiledNeed, FactorDemand } from '../compile-need.js';
import { fix, priceOf, roundWan } from '../fixes.js';
import { LIMITS } from './limits.js';

/** Steps with what they leave open. */
export interface Steps {
  readonly actions: readonly RemedyAction[];
  readonly open: readonly OpenPoint[];
}

const GRAIN = 1_000_000;

/** The least quantity to 1e-6 that lifts `has` to `needs`, in the engine's own arithmetic. */
function missingOf(has: number, needs: number): number {
  let missing = Math.ceil((needs - has) * GRAIN) / GRAIN;
  while (has + missing < needs) missing += Math.max(1 / GRAIN, (needs - has) * Number.EPSILON);
  return missing;
}

/** Buys what is missing of a quota, at the newest sourced price; without one the cost stays unknown. */
function buy(gate: FactorDemand['gate'], missing: number, prices: readonly QuotaPrice[], day: IsoDate): RemedyAction {
  const price = priceOf(gate, prices, day);
  const kind = gate === 'energyTce' ? 'buyEnergyRight' : 'buyDischargeRight';
  return {
    ...fix(kind, {
      amount: missing,
      unit: FACTOR_UNITS[gate],
      costWan: price === null || price.priceWan === null ? null : roundWan(missing * price.priceWan),
      ref: price?.provenance.source ?? null,
    }),
    gates: [gate],
  };
}

function tradable(gate: FactorDemand['gate']): boolean {
  return gate === 'energyTce' || (POLLUTANTS as readonly string[]).includes(gate);
}

/** The energy use at which the project just meets the park's limit per value added; null if that is too deep a cut. */
function leanEnergy(need: CompiledNeed['need'], most: number): number | null {
  const { energyTce = 0, valueAddedWan = 0 } = need;
  let lean = Math.floor(most * valueAddedWan * GRAIN) / GRAIN;
  while (lean > 0 && lean / valueAddedWan > most) lean -= Math.max(1 / GRAIN, lean * Number.EPSILON);
  return lean > 0 && lean >= energyTce * LIMITS.leastUseShare ? lean : null;
}

/**
 * Steps for the gates that land has no part in. Each has one way only: what is traded is bought, what is not is used
 * less, and energy per value added is met by using less energy, which then needs less quota too.
 * @param failing the failed gates' reports.
 */
export function useSteps(
  need: CompiledNeed,
  failing: ReadonlyMap<Gate, GateReport>,
  prices: readonly QuotaPrice[],
  day: IsoDate,
): Steps {
  const actions: RemedyAction[] = [];
  const open: OpenPoint[] = [];
  let energy = need.need.energyTce ?? 0;
  const intensity = failing.get('energyPerValueAdded');
  if (intensity !== undefined) {
    const lean = typeof intensity.required === 'number' ? leanEnergy(need.need, intensity.required) : null;
    if (lean === null) open.push({ kind: 'gateStays', gate: 'energyPerValueAdded' });
    else {
      const quota = failing.get('energyTce');
      const alsoQuota = typeof quota?.available === 'number' && lean <= quota.available;
      const gates: Gate[] = alsoQuota ? ['energyPerValueAdded', 'energyTce'] : ['energyPerValueAdded'];
      actions.push({ ...fix('cutUse', { amount: lean, unit: FACTOR_UNITS.energyTce }), gates });
      energy = lean;
    }
  }
  for (const demand of need.factors) {
    const report = failing.get(demand.gate);
    if (report === undefined || typeof report.available !== 'number') continue;
    const { gate } = demand;
    const required = gate === 'energyTce' ? energy : demand.required;
    const free = report.available;
    if (required <= free) continue;
    if (tradable(gate)) actions.push(buy(gate, missingOf(free, required), prices, day));
    else if (free > 0 && free >= required * LIMITS.leastUseShare) {
      actions.push({ ...fix('cutUse', { amount: free, unit: FACTOR_UNITS[gate] }), gates: [gate] });
    } else open.push({ kind: 'gateStays', gate });
  }
  const unpriced = actions.filter(({ costWan }) => costWan === null).flatMap(({ gates }) => gates);
  return { actions, open: [...open, ...unpriced.map((gate) => ({ kind: 'unpriced' as const, gate }))] };
}
