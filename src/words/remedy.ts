import type { Combination, LandPiece, OpenPoint, RemedyAction } from '../domain/remedy.js';
import { amountWord, fixSentence, GATE_WORDS, numberWord } from './zh.js';

const sumMu = (pieces: readonly LandPiece[]) => `${numberWord(pieces.reduce((sum, { mu }) => sum + mu, 0))} 亩`;
const parcels = (pieces: readonly LandPiece[]) => [...new Set(pieces.map(({ parcelId }) => parcelId))].join('、');

/** One step as a Chinese phrase: what is cut is named, and a smaller beginning says where the rest lies. */
function stepSentence(action: RemedyAction, plan: readonly LandPiece[]): string {
  const [gate] = action.gates;
  const amount = action.amount === null ? '' : amountWord(action.amount, action.unit);
  switch (action.kind) {
    case 'cutUse': {
      const what = gate === undefined ? '' : GATE_WORDS[gate === 'energyPerValueAdded' ? 'energyTce' : gate];
      return `${what}需求降到 ${amount}`;
    }
    case 'buyDischargeRight':
      return fixSentence(action).replace('购买排污权', `购买排污权(${gate === undefined ? '' : GATE_WORDS[gate]})`);
    case 'smallerFirstPhase': {
      const begun = new Set((action.ref ?? '').split(','));
      const rest = plan.filter(({ parcelId }) => !begun.has(parcelId));
      const last = rest.at(-1);
      const after = last === undefined ? '' : `，其余 ${sumMu(rest)}放在 ${parcels(rest)}，${last.by} 起可供`;
      return `首期先用 ${amount}(${[...begun].join('、')})${after}`;
    }
    case 'waitForParcel':
      return `等到 ${action.date ?? '地块可供'}${action.ref === null ? '' : `(${action.ref.replaceAll(',', '、')})`}${amount && `，推迟 ${amount}`}`;
    default:
      return fixSentence(action);
  }
}

const OPEN_WORDS: Readonly<Record<OpenPoint['kind'], string>> = {
  gateStays: '仍不符合',
  unknownFact: '待确认',
  unpriced: '没有价格来源',
};

/** The steps of a combination, each a Chinese phrase without a full stop. Waiting told by a smaller beginning is not told twice. */
export function stepSentences(combination: Combination): string[] {
  const begun = combination.actions.some(({ kind }) => kind === 'smallerFirstPhase');
  return combination.actions
    .filter(({ kind }) => !(begun && kind === 'waitForParcel'))
    .map((action) => stepSentence(action, combination.landPlan));
}

/** What a combination costs, and when the land is there; empty where there is nothing to say. */
export function costSentence(combination: Combination): string {
  const { costWan, costUnknown, actions } = combination;
  if (actions.every(({ kind }) => kind === 'lookElsewhere')) return '';
  if (costUnknown) return costWan > 0 ? `已知费用 ${numberWord(costWan)} 万元，另有费用未知` : '费用未知';
  return costWan > 0 ? `合计约 ${numberWord(costWan)} 万元` : '不另付费';
}

/** What a combination leaves open, one phrase a kind. */
export function openSentences(combination: Combination): string[] {
  return (['gateStays', 'unpriced', 'unknownFact'] as const).flatMap((kind) => {
    const gates = combination.open.filter((point) => point.kind === kind).map(({ gate }) => GATE_WORDS[gate]);
    return gates.length === 0 ? [] : [`${OPEN_WORDS[kind]}：${gates.join('、')}`];
  });
}

/** A combination as lines: its steps, numbered where there are several, then its cost and what stays open. */
export function combinationLines(combination: Combination): string[] {
  const steps = stepSentences(combination);
  const numbered = steps.length > 1 ? steps.map((step, index) => `${index + 1}. ${step}`) : steps;
  const rest = [costSentence(combination), ...openSentences(combination)].filter((phrase) => phrase !== '');
  return rest.length === 0 ? numbered : [...numbered, rest.join('；')];
}
