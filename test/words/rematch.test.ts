import { describe, expect, it } from 'vitest';
import type { FactChange } from '../../src/domain/rematch.js';
import { factChanges } from '../../src/matching/rematch/fact-changes.js';
import { announcedText, factChangeText, firstText, labelText, rankText } from '../../src/words/rematch.js';
import { makePark } from '../support/conformance/records.js';

const park = (fact: string, from: FactChange['from'], to: FactChange['to']) =>
  factChangeText({ kind: 'park', parkId: 'p1', fact, from, to });

describe('words of rematching', () => {
  it.each([
    ['energyTce', 5_000, 450, '园区 p1 的能耗指标：5,000 吨标煤/年 → 450 吨标煤/年'],
    ['codT', 1.5, null, '园区 p1 的化学需氧量(COD)：1.5 吨/年 → 未知'],
    ['parcel:甲-1', 120, null, '园区 p1 的地块 甲-1 面积：120 亩 → 无'],
    ['parcel:甲-1.availableFrom', '2026-06-01', '2026-09-01', '园区 p1 的地块 甲-1 可供日期：2026-06-01 → 2026-09-01'],
    ['landStandard.taxPerMuWan', 15, 20, '园区 p1 的标准地亩均税收：15 万元/亩·年 → 20 万元/亩·年'],
    ['energyTce.basis', 'unverified', 'confirmed', '园区 p1 的能耗指标的数据依据：未核实 → 县里确认'],
    ['parcels.basis', 'sample', 'unverified', '园区 p1 的地块的数据依据：示例数据 → 未核实'],
    ['park', null, 'p1', '新增园区 p1'],
    ['park', 'p1', null, '园区 p1 不再收录'],
  ])('%s', (fact, from, to, text) => {
    expect(park(fact, from, to)).toBe(text);
  });

  it('names every fact of a park that can change', () => {
    const before = makePark('p1');
    const raised = JSON.parse(
      JSON.stringify(before.inventory, (key, value: unknown) => (key === 'value' ? Number(value ?? 0) + 1 : value)),
    ) as typeof before.inventory;
    const changes = factChanges(before, { ...before, inventory: raised });
    expect(changes.length).toBeGreaterThan(15);
    for (const change of changes) {
      const text = factChangeText(change);
      expect(text).not.toContain(change.fact ?? '');
      expect(text).toMatch(/→/);
    }
  });

  it.each([
    ['edition', '2026-1', '2026-2', '参考数据版本：2026-1 → 2026-2'],
    ['day', '2026-03-01', '2026-03-02', '日期：2026-03-01 → 2026-03-02'],
    ['need', 1, 2, '需求版本：1 → 2'],
  ] as const)('%s', (kind, from, to, text) => {
    expect(factChangeText({ kind, parkId: null, fact: null, from, to })).toBe(text);
  });

  it('says who comes first and where to others have moved', () => {
    expect(firstText({ from: 'a', to: 'b' })).toBe('首选由 a 变为 b');
    expect(firstText({ from: 'a', to: null })).toBe('没有园区能接收了，原首选是 a');
    expect(firstText({ from: null, to: 'b' })).toBe('首选是 b');
    expect(firstText({ from: 'a', to: 'a' })).toBe('首选仍是 a');
    expect(firstText({ from: null, to: null })).toBe('仍没有园区能接收');
    expect(rankText({ parkId: 'a', from: null, to: 2 })).toBe('a 现为第 2 名，原不在列出的名次内');
    expect(labelText({ from: null, to: 'firm' })).toBe('把握由无变为稳固');
    expect(announcedText({ announced: null })).toContain('未通知');
  });
});
