import { describe, expect, it } from 'vitest';
import { FACTORS } from '../../src/domain/factors.js';
import { CRITERIA, type Fix, GATES } from '../../src/domain/match.js';
import { isSecretField } from '../../src/domain/secret-fields.js';
import { fieldLabel } from '../../src/words/fields.js';
import { ISSUE_CODES, issueSentence } from '../../src/words/issues.js';
import { PROBLEM_WORDS, problemDetail } from '../../src/words/problems.js';
import {
  amountWord,
  BASIS_WORDS,
  CRITERION_WORDS,
  FACTOR_WORDS,
  fixSentence,
  GATE_WORDS,
  numberWord,
  unitWord,
} from '../../src/words/zh.js';

const CHINESE = /\p{Script=Han}/u;

describe('every code has Chinese words', () => {
  it.each([
    ['gates', GATES, GATE_WORDS],
    ['criteria', CRITERIA, CRITERION_WORDS],
    ['factors', FACTORS, FACTOR_WORDS],
  ] as const)('%s', (_name, codes, words: Readonly<Record<string, string>>) => {
    expect(codes.map((code) => words[code]).filter((word) => word === undefined || !CHINESE.test(word))).toEqual([]);
    expect(new Set(Object.values(words)).size).toBe(codes.length);
  });

  it('problems and issues', () => {
    for (const { title, detail } of Object.values(PROBLEM_WORDS)) expect(title + detail).toMatch(CHINESE);
    expect(ISSUE_CODES.length).toBeGreaterThan(30);
    for (const code of ISSUE_CODES) {
      expect(issueSentence({ field: 'land.minMu', code, value: 7, limit: 5 })).toMatch(
        /^用地面积下限\(亩\)：.*\p{Script=Han}/u,
      );
    }
  });

  it('made-up data is called so', () => expect(BASIS_WORDS.sample).toBe('示例数据'));
});

describe('fixSentence', () => {
  const none: Fix = { kind: 'lookElsewhere', amount: null, unit: null, costWan: null, date: null, ref: null };

  it.each<[Partial<Fix> & Pick<Fix, 'kind'>, string]>([
    [
      { kind: 'buyEnergyRight', amount: 1_500, unit: 'tce/a', costWan: 30, ref: '交易公告' },
      '购买用能权 1,500 吨标煤/年，约 30 万元/年',
    ],
    [{ kind: 'buyDischargeRight', amount: 2.5, unit: 't/a' }, '购买排污权 2.5 吨/年'],
    [{ kind: 'cutUse', amount: 6_500, unit: 'tce/a' }, '降到 6,500 吨标煤/年'],
    [{ kind: 'waitForParcel', amount: 90, unit: 'day', date: '2027-01-01' }, '等到 2027-01-01，推迟 90 天'],
    [{ kind: 'splitOverParcels', amount: 2, unit: 'parcel', ref: 'A,B' }, '分到 2 个地块：A,B'],
    [
      { kind: 'smallerFirstPhase', amount: 60, unit: 'mu', date: '2026-05-01', ref: 'A' },
      '首期先用 60 亩，地块 A，2026-05-01 起可供',
    ],
    [{ kind: 'takeLessLand', amount: 80, unit: 'mu', costWan: 0 }, '用地减到 80 亩'],
    [{ kind: 'raiseInvestment', amount: 500, unit: 'wan', costWan: 500 }, '增加投资 500 万元'],
    [{ kind: 'confirmFact', ref: 'energyTce' }, '请县里确认能耗指标'],
    [{ kind: 'confirmFact', ref: 'rule-7' }, '请县里确认rule-7'],
    [{ kind: 'lookElsewhere' }, '另选园区'],
  ])('%j', (fix, sentence) => expect(fixSentence({ ...none, ...fix })).toBe(sentence));
});

describe('numbers, units and fields', () => {
  it.each([
    [0, '0'],
    [1_234_567.891_23, '1,234,567.8912'],
    [-1_000, '-1,000'],
    [999, '999'],
    [0.1 + 0.2, '0.3'],
    [Number.MAX_VALUE * 2, '超出范围'],
  ])('%d is %s', (value, word) => expect(numberWord(value)).toBe(word));

  it('an amount is unknown, a date, or a number with its unit', () => {
    expect(amountWord(null, 'mu')).toBe('未知');
    expect(amountWord('2027-01-01', 'date')).toBe('2027-01-01');
    expect(amountWord(50, 'mu')).toBe('50 亩');
    expect(unitWord('furlong')).toBe('furlong');
  });

  it.each([
    ['land.minMu', '用地面积下限(亩)'],
    ['land.phases[1].mu', '分期面积(亩)第2项'],
    ['weights.chainFit', '权重：产业链契合'],
    ['factors.codT.asOf', '化学需氧量(吨/年)的数据日期'],
    ['constructor', 'constructor'],
    ['land.constructor', 'land.constructor'],
    ['toString.valueOf', 'toString.valueOf'],
  ])('%s is called %s', (field, label) => expect(fieldLabel(field)).toBe(label));

  it("a firm's fields are secret, also inside; others are not", () => {
    for (const field of ['firm', 'firm.name', 'firm.x[0]', 'title', 'description'])
      expect(isSecretField(field)).toBe(true);
    for (const field of ['', 'firmness', 'gbt', 'land.title', 'titles']) expect(isSecretField(field)).toBe(false);
  });

  it("an issue's sentence names a secret field, its limit, and not its value", () => {
    const sentence = issueSentence({ field: 'firm.countyAdcode', code: 'unknownCounty', value: '999999' });
    expect(sentence).toBe('企业所在县(区划代码)：不是已收录的县(市、区)区划代码');
  });

  it('a conflict names the current version, broken JSON its place', () => {
    expect(problemDetail('versionConflict', { currentVersion: 4 })).toContain('当前版本是 4');
    expect(problemDetail('brokenJson', { line: 2, column: 7 })).toContain('第 2 行第 7 列');
  });
});
