import type { Gate, GateReport } from '../../domain/match.js';
import { M2_PER_MU } from '../../domain/units.js';
import type { MatchableNeed } from '../compile-need.js';
import { floorMu } from './land-plan.js';
import { LIMITS } from './limits.js';

/** A failed land standard that less land can meet. */
export interface StandardSide {
  readonly gate: 'investPerMu' | 'taxPerMu' | 'plotRatio';
  /** The park's threshold, per mu (plot ratio: per m² of land). */
  readonly threshold: number;
  /** What the project promises in all. */
  readonly promised: number;
  /** The most land, mu to 0.01, for which that is enough; 0 where it never is. */
  readonly mostMu: number;
  readonly leastLandMu: number;
}

const PER_MU = ['investPerMu', 'taxPerMu', 'plotRatio'] as const;

function promisedBy(need: MatchableNeed, gate: StandardSide['gate']): number {
  switch (gate) {
    case 'investPerMu':
      return need.fixedInvestWan ?? need.investWan;
    case 'taxPerMu':
      return need.taxWan ?? 0;
    case 'plotRatio':
      return need.floorAreaM2 ?? 0;
  }
}

/** What is promised for each mu, in the threshold's unit and the engine's own arithmetic. */
function offered(gate: StandardSide['gate'], promised: number, mu: number): number {
  return gate === 'plotRatio' ? promised / (mu * M2_PER_MU) : promised / mu;
}

/** The failed standards that depend on how much land is taken. */
export function standardSides(need: MatchableNeed, failing: ReadonlyMap<Gate, GateReport>): StandardSide[] {
  return PER_MU.flatMap((gate) => {
    const threshold = failing.get(gate)?.required;
    if (typeof threshold !== 'number' || threshold <= 0) return [];
    const promised = promisedBy(need, gate);
    let mostMu = floorMu(offered(gate, promised, 1) / threshold);
    if (mostMu > 0 && offered(gate, promised, mostMu) < threshold) mostMu = floorMu(mostMu - 0.01);
    return [{ gate, threshold, promised, mostMu, leastLandMu: need.land.minMu }];
  });
}

/** Whether what is promised is enough for so much land. */
export function metAt(side: StandardSide, landMu: number): boolean {
  return offered(side.gate, side.promised, Math.min(landMu, side.leastLandMu)) >= side.threshold;
}

/**
 * Investment to add, 万元 to 0.01, so that the standard is met on so much land; 0 where it is met or not asked, null
 * where more would be needed than `LIMITS.mostRaiseShare` allows.
 */
export function raiseAt(standards: readonly StandardSide[], landMu: number): number | null {
  const side = standards.find(({ gate }) => gate === 'investPerMu');
  if (side === undefined || metAt(side, landMu)) return 0;
  const mu = Math.min(landMu, side.leastLandMu);
  let raise = Math.max(0.01, Math.ceil((side.threshold * mu - side.promised) * 100) / 100);
  while ((side.promised + raise) / mu < side.threshold) raise = Math.round((raise + 0.01) * 100) / 100;
  return raise > side.promised * LIMITS.mostRaiseShare ? null : raise;
}
