import { FACTORS, type Factor } from '../../domain/factors.js';
import type { Park } from '../../domain/park.js';
import type { Combination, RemedyAction } from '../../domain/remedy.js';
import type { MatchableNeed } from '../compile-need.js';
import { layOut } from './land-plan.js';

function withLess<N extends MatchableNeed>(need: N, factor: Factor, amount: number): N {
  switch (factor) {
    case 'energyTce':
      return { ...need, energyTce: amount };
    case 'powerKva':
      return { ...need, powerKva: amount };
    case 'waterM3PerDay':
      return { ...need, waterM3PerDay: amount };
    case 'workshopM2':
      return { ...need, workshopM2: amount };
    default:
      return { ...need, emissions: { ...need.emissions, [factor]: amount } };
  }
}

function factorOf(action: RemedyAction): Factor | undefined {
  const [gate] = action.gates;
  return gate === 'energyPerValueAdded' ? 'energyTce' : FACTORS.find((factor) => factor === gate);
}

function withBought(park: Park, factor: Factor, amount: number): Park {
  const { inventory } = park;
  const fact = inventory.factors[factor];
  const more = { ...fact, value: (fact.value ?? 0) + amount };
  return { ...park, inventory: { ...inventory, factors: { ...inventory.factors, [factor]: more } } };
}

/**
 * The project and the park as they would be after a combination's steps: what the firm changes is in the need, what is
 * bought is added to the park's stock. Open points stay as they are.
 */
export function applyCombination<N extends MatchableNeed>(
  need: N,
  park: Park,
  combination: Combination,
): { readonly need: N; readonly park: Park } {
  let changed = need;
  let richer = park;
  if (combination.landMu !== null) changed = layOut(changed, combination.landMu, combination.landPlan);
  for (const action of combination.actions) {
    const factor = factorOf(action);
    const amount = action.amount ?? 0;
    if (action.kind === 'raiseInvestment') {
      const fixed = changed.fixedInvestWan === undefined ? {} : { fixedInvestWan: changed.fixedInvestWan + amount };
      changed = { ...changed, investWan: changed.investWan + amount, ...fixed };
    } else if (factor !== undefined && action.kind === 'cutUse') changed = withLess(changed, factor, amount);
    else if (factor !== undefined && (action.kind === 'buyEnergyRight' || action.kind === 'buyDischargeRight')) {
      richer = withBought(richer, factor, amount);
    }
  }
  return { need: changed, park: richer };
}
