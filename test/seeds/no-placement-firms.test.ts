import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seedDataDir } from '../../seeds/files.js';
import { loadSeedData } from '../../seeds/load.js';

/** The part of each case's name that gives it away, however the rest is written. */
const CORES: Readonly<Record<string, readonly string[]>> = {
  LD01: ['环龙'],
  LD08: ['瓯宝'],
  LD10: ['乾麟'],
  TT03: ['海百纳'],
  TT06: ['天铁'],
  JS01: ['宇越'],
  JS03: ['王牌家居', '王牌门'],
  JS05: ['名雅居'],
  // Not 肖特 alone: 肖特基二极管 is the Schottky diode.
  JY02: ['肖特药', '肖特新康', '肖特玻璃', '肖特集团'],
  PY01: ['正威'],
  PY03: ['静脉产业', '纤维纱线'],
  KC07: ['泓芯'],
  LY07: ['金龙纸业', '金龙特种纸'],
  SM01: ['凯华'],
  XJ02: ['百安医疗', '百安科技'],
  XJ04: ['精勤'],
  XJ05: ['亿联康'],
  LQ02: ['三田'],
  QT01: ['青山钢铁', '青山控股', '青山特钢', '青山集团', '青山实业'],
  QT04: ['意尔康'],
  SC01: ['宇恒'],
  SY01: ['科马'],
  YJ01: ['纽顿'],
  YJ03: ['育才'],
  YJ05: ['奇特乐'],
  WY02: ['40亿安时'],
  CA02: ['丰家源'],
};

interface Placement {
  readonly id: string;
  readonly firm: string;
}

const dir = seedDataDir();
const evaluation: { readonly placements: readonly Placement[] } = JSON.parse(
  readFileSync(path.join(dir, 'evaluation', 'placements.json'), 'utf8'),
);
const examples = path.join(path.dirname(dir), 'examples');
const files = [
  ...readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && !file.startsWith('evaluation'))
    .map((file) => path.join(dir, file)),
  ...readdirSync(examples).map((file) => path.join(examples, file)),
];

/** The whole name, and the parts in and outside its brackets. */
function writtenForms(firm: string): readonly string[] {
  return [firm, ...firm.split(/[（）()]/u)].map((part) => part.trim()).filter((part) => part.length >= 2);
}

describe('seed data and the evaluation cases', () => {
  it('knows the giveaway of every case', () => {
    expect(evaluation.placements.length).toBeGreaterThan(20);
    for (const { id, firm } of evaluation.placements) {
      expect(
        CORES[id]?.some((core) => core.length >= 2),
        `${id} ${firm}`,
      ).toBe(true);
    }
  });

  it('names no firm of a case outside the evaluation folder', () => {
    expect(files.length).toBeGreaterThan(14);
    const found = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return evaluation.placements.flatMap(({ id, firm }) =>
        [...writtenForms(firm), ...(CORES[id] ?? [])]
          .filter((name) => text.includes(name))
          .map((name) => `${path.basename(file)}: ${name} (${id})`),
      );
    });
    expect(found).toEqual([]);
  });

  it('rests no county fact on a case', () => {
    const { reference } = loadSeedData(dir);
    const codes = (adcode: string) =>
      reference.counties.find((county) => county.adcode === adcode)?.leadingIndustries.flatMap(({ gbt }) => gbt) ?? [];
    expect(codes('331122')).not.toContain('3055');
    expect(codes('331102')).not.toContain('3351');
    expect(codes('330881')).not.toContain('2921');
    expect(codes('330603')).not.toContain('2921');
    expect(reference.standards.filter(({ id }) => id.startsWith('hl-'))).toEqual([]);
    const bases: readonly { readonly chainId: string; readonly adcodes: readonly string[] }[] = JSON.parse(
      readFileSync(path.join(dir, 'chain-bases.json'), 'utf8'),
    );
    const basesOf = (chainId: string) => bases.find((base) => base.chainId === chainId)?.adcodes ?? [];
    expect(basesOf('new-energy-lithium')).toContain('330327');
    expect(basesOf('new-energy-lithium')).not.toContain('330723');
    expect(basesOf('new-energy-lithium')).not.toContain('331123');
    expect(basesOf('chemical-fluorosilicon')).not.toContain('330881');
  });
});
