import type { Gate, GateReport } from '../../domain/match.js';
import type { OpenPoint, RemedyAction } from '../../domain/remedy.js';
import { dayNumber } from '../../domain/units.js';
import { fix, roundWan } from '../fixes.js';
import { LATE } from '../phases.js';
import type { LaidLand, LandAsk } from './land-plan.js';
import { metAt, raiseAt, type StandardSide } from './standard-sides.js';
import type { Steps } from './use-steps.js';

/** A choice of land for one park and need. */
export interface LandChoice {
  readonly failing: ReadonlyMap<Gate, GateReport>;
  readonly standards: readonly StandardSide[];
  readonly ask: LandAsk | null;
  readonly landFails: boolean;
  readonly landMu: number;
  /** False: the land gate is left shut. */
  readonly landLaid: boolean;
  readonly laid: LaidLand;
}

/** Waiting, beginning smaller, or parting the land: the words for a plan. */
function planSteps(choice: LandChoice, ask: LandAsk, gates: readonly Gate[]): RemedyAction[] {
  const { pieces } = choice.laid;
  const firstAsked = ask.phases[0]?.askedDay ?? LATE;
  const lastAsked = ask.phases.at(-1)?.askedDay ?? LATE;
  const timely = pieces.filter(({ by }) => dayNumber(by) <= firstAsked);
  const late = pieces.filter(({ by }) => dayNumber(by) > lastAsked);
  const ids = (list: typeof pieces) => [...new Set(list.map(({ parcelId }) => parcelId))].join(',');
  const sum = (list: typeof pieces) => roundWan(list.reduce((total, { mu }) => total + mu, 0));
  const steps: RemedyAction[] = [];
  const add = (kind: RemedyAction['kind'], parts: Partial<RemedyAction>) =>
    steps.push({ ...fix(kind, { costWan: 0, ...parts }), gates });
  const first = pieces[0];
  if (first === undefined) return [];
  const parcels = new Set(pieces.map(({ parcelId }) => parcelId)).size;
  const begunSmaller = timely.length > 0 && timely.length < pieces.length && ask.phases.length === 1;
  if (begunSmaller) add('smallerFirstPhase', { amount: sum(timely), unit: 'mu', date: first.by, ref: ids(timely) });
  else if (parcels > 1) add('splitOverParcels', { amount: parcels, unit: 'parcel', ref: ids(pieces) });
  const wait = choice.laid.readyBy;
  if (wait !== null && firstAsked < LATE) {
    const asked = late.length > 0 ? lastAsked : firstAsked;
    const waiting = late.length > 0 ? late : pieces.filter(({ by }) => dayNumber(by) > firstAsked);
    add('waitForParcel', { amount: dayNumber(wait) - asked, unit: 'day', date: wait, ref: ids(waiting) });
  } else if (steps.length === 0 && parcels === 1) add('waitForParcel', { date: first.by, ref: first.parcelId });
  return steps;
}

/** The steps a choice of land comes to, land first, then money. */
export function landSteps(choice: LandChoice): Steps {
  const { ask, standards, landMu, failing } = choice;
  if (ask === null) return { actions: [], open: [] };
  const placeGates = (['land', 'date'] as const).filter((gate) => failing.has(gate));
  const met = standards.filter((side) => metAt(side, landMu)).map(({ gate }) => gate);
  const raise = raiseAt(standards, landMu);
  const laid = choice.landFails && choice.landLaid;
  const actions: RemedyAction[] = [];
  if (landMu < ask.fullMu) {
    const gates: Gate[] = [...(laid ? placeGates : []), ...met];
    actions.push({ ...fix('takeLessLand', { amount: landMu, unit: 'mu', costWan: 0 }), gates });
  }
  if (laid) actions.push(...planSteps(choice, ask, placeGates));
  if (raise !== null && raise > 0) {
    actions.push({ ...fix('raiseInvestment', { amount: raise, unit: 'wan', costWan: raise }), gates: ['investPerMu'] });
  }
  const shut = standards.filter((side) => (side.gate === 'investPerMu' ? raise === null : !metAt(side, landMu)));
  const open: OpenPoint[] = [...(choice.landFails && !laid ? placeGates : []), ...shut.map(({ gate }) => gate)].map(
    (gate) => ({ kind: 'gateStays', gate }),
  );
  return { actions, open };
}
