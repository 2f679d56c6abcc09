import { describe, expect, it } from 'vitest';
import type { Combination, RemedyAction } from '../../src/domain/remedy.js';
import { combinationLines } from '../../src/words/remedy.js';

function step(change: Partial<RemedyAction> & Pick<RemedyAction, 'kind'>): RemedyAction {
  return { amount: null, unit: null, costWan: 0, date: null, ref: null, gates: [], ...change };
}

function combination(change: Partial<Combination>): Combination {
  return {
    closesAll: true,
    actions: [],
    landMu: 100,
    landGivenUpMu: 0,
    landPlan: [],
    costWan: 0,
    costUnknown: false,
    readyBy: null,
    open: [],
    ...change,
  };
}

describe('combinationLines', () => {
  it('numbers several steps, sums the cost and names what stays open', () => {
    const lines = combinationLines(
      combination({
        actions: [
          step({ kind: 'takeLessLand', amount: 80, unit: 'mu', gates: ['taxPerMu'] }),
          step({ kind: 'buyDischargeRight', amount: 6, unit: 't/a', costWan: 12, gates: ['codT'] }),
          step({ kind: 'buyEnergyRight', amount: 1_500, unit: 'tce/a', costWan: null, gates: ['energyTce'] }),
          step({ kind: 'cutUse', amount: 600, unit: 'kVA', costWan: null, gates: ['powerKva'] }),
        ],
        costWan: 12,
        costUnknown: true,
        open: [
          { kind: 'unknownFact', gate: 'noxT' },
          { kind: 'unpriced', gate: 'energyTce' },
          { kind: 'unpriced', gate: 'powerKva' },
          { kind: 'gateStays', gate: 'waterM3PerDay' },
        ],
      }),
    );
    expect(lines).toEqual([
      '1. 用地减到 80 亩',
      '2. 购买排污权(化学需氧量(COD)) 6 吨/年，约 12 万元/年',
      '3. 购买用能权 1,500 吨标煤/年',
      '4. 用电容量需求降到 600 千伏安',
      '已知费用 12 万元，另有费用未知；仍不符合：供水能力；没有价格来源：能耗指标、用电容量；待确认：氮氧化物',
    ]);
  });

  it('says where a smaller beginning and its rest lie, once', () => {
    const actions = [
      step({ kind: 'smallerFirstPhase', amount: 60, unit: 'mu', date: '2026-06-30', ref: 'a' }),
      step({ kind: 'waitForParcel', amount: 244, unit: 'day', date: '2027-03-01', ref: 'b' }),
    ];
    const landPlan = [
      { parcelId: 'a', mu: 60, by: '2026-06-30' },
      { parcelId: 'b', mu: 40, by: '2027-03-01' },
    ];
    expect(combinationLines(combination({ actions, landPlan, readyBy: '2027-03-01' }))).toEqual([
      '首期先用 60 亩(a)，其余 40 亩放在 b，2027-03-01 起可供',
      '不另付费',
    ]);
    expect(combinationLines(combination({ actions: actions.slice(1) }))[0]).toBe('等到 2027-03-01(b)，推迟 244 天');
  });

  it('energy cut for the value-added standard is called energy; raised investment shows its sum', () => {
    const actions = [
      step({ kind: 'cutUse', amount: 550, unit: 'tce/a', costWan: null, gates: ['energyPerValueAdded'] }),
      step({ kind: 'raiseInvestment', amount: 500, unit: 'wan', costWan: 500, gates: ['investPerMu'] }),
    ];
    expect(combinationLines(combination({ actions, costWan: 500 }))).toEqual([
      '1. 能耗指标需求降到 550 吨标煤/年',
      '2. 增加投资 500 万元',
      '合计约 500 万元',
    ]);
  });

  it('where nothing helps only that is said', () => {
    const actions = [step({ kind: 'lookElsewhere', costWan: null })];
    const open = [{ kind: 'gateStays', gate: 'accessRule' }] as const;
    expect(combinationLines(combination({ closesAll: false, actions, open }))).toEqual([
      '另选园区',
      '仍不符合：产业准入',
    ]);
  });
});
