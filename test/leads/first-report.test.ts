import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateCandidates, normaliseFirmName, standingOf } from '../../src/leads/first-report.js';
import { madeReport, madeScheme, NOW } from './made.js';

const REGIONS = ['浙江', '浙江省', '金华市', '义乌市', '莲都区', '天台县'];
const scheme = madeScheme();

describe('normalised firm names', () => {
  it.each([
    ['浙江双童日用品股份有限公司', '双童日用品'],
    ['双童日用品(义乌)有限公司', '双童日用品'],
    ['双童日用品（义乌市）有限责任公司', '双童日用品'],
    ['浙江省义乌市双童日用品集团有限公司', '双童日用品'],
    [' 双童 日用品 ', '双童日用品'],
    ['双童日用品（中国）有限公司', '双童日用品'],
    ['ＡＢＣ 新材料（浙江）Co., Ltd', 'abc新材料coltd'],
    ['双童（吸管）科技有限公司', '双童吸管科技'],
    ['天台公司', '天台'],
    ['义乌有限公司', '义乌'],
    ['', ''],
  ])('%s', (name, expected) => {
    expect(normaliseFirmName(name, REGIONS)).toBe(expected);
  });

  it('do not change when normalised again', () => {
    const parts = fc.constantFrom(
      '浙江',
      '义乌市',
      '（',
      '）',
      '双童',
      '公司',
      '集团',
      '有限',
      '股份',
      '省',
      'Ａ',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (words) => {
        const once = normaliseFirmName(words.join(''), REGIONS);
        expect(normaliseFirmName(once, REGIONS)).toBe(once);
      }),
      { seed: 3 },
    );
  });
});

/** Likeness as told: of names and of projects. */
const alike = (name: number, project: number) => ({ names: () => name, texts: () => project });

describe('duplicate candidates', () => {
  const earlier = madeReport(1, { creditCode: 'CODE', reportedAt: '2026-03-01T02:00:00.000Z' });
  const report = madeReport(2);
  const reasons = (name: number, project: number, code: string | null = null) =>
    duplicateCandidates({ ...report, creditCode: code }, [earlier], alike(name, project), scheme).map(
      (one) => one.reasons,
    );

  it('share the credit code, whatever else they are like', () => {
    expect(reasons(0, 0, 'CODE')).toEqual([[{ kind: 'creditCode', likeness: 1 }]]);
    expect(reasons(1, 1, 'CODE')).toEqual([
      [
        { kind: 'creditCode', likeness: 1 },
        { kind: 'firmName', likeness: 1 },
        { kind: 'project', likeness: 1 },
      ],
    ]);
    const noCodes = [{ ...earlier, creditCode: null }];
    expect(duplicateCandidates(report, noCodes, alike(0, 1), scheme)).toEqual([]);
  });

  it('have nearly the same name, or a likely name and a project that is alike', () => {
    expect(reasons(0.96, 0)).toEqual([[{ kind: 'firmName', likeness: 0.96 }]]);
    expect(reasons(0.9599, 0.4999)).toEqual([]);
    expect(reasons(0.83, 0.5)).toEqual([
      [
        { kind: 'firmName', likeness: 0.83 },
        { kind: 'project', likeness: 0.5 },
      ],
    ]);
    expect(reasons(0.8299, 1)).toEqual([]);
    expect(reasons(0.98765, 0.12345)).toEqual([[{ kind: 'firmName', likeness: 0.99 }]]);
  });

  it('of two firms without a name the names say nothing', () => {
    const nameless = (one: number) => madeReport(one, { firmName: '' });
    expect(duplicateCandidates(nameless(2), [nameless(1)], alike(1, 1), scheme)).toEqual([]);
  });

  it('are earlier, protected and not displaced', () => {
    const all = (changed: Parameters<typeof madeReport>[1], position = 1) =>
      duplicateCandidates(report, [madeReport(position, changed)], alike(1, 1), scheme).length;
    expect(all({})).toBe(1);
    expect(all({ standing: 'candidate' })).toBe(1);
    expect(all({ standing: 'displaced' })).toBe(0);
    expect(all({ protectedUntil: NOW })).toBe(0);
    expect(all({}, 3)).toBe(0);
    expect(all({ needId: report.needId })).toBe(0);
  });

  it('are told in their order, with whether they were made at the same time', () => {
    const at = (position: number, reportedAt: string) => madeReport(position, { reportedAt });
    const [late, early] = [at(2, '2026-03-03T02:00:00.000Z'), at(1, '2026-03-03T01:59:59.999Z')];
    const found = duplicateCandidates(madeReport(3), [late, early], alike(1, 1), scheme);
    expect(found.map(({ reportId, sameTime }) => [reportId, sameTime])).toEqual([
      ['report_1', false],
      ['report_2', true],
    ]);
  });
});

describe('how a report stands', () => {
  const earlier = [madeReport(1, { investWan: 8_000 }), madeReport(2, { investWan: 10_000 })];
  const standing = (tieRule: 'earlierRecord' | 'largerInvestment' | 'coordinator', investWan: number, days = 0) => {
    const reportedAt = new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
    const report = madeReport(3, { investWan, reportedAt });
    const rules = madeScheme({ tieRule });
    const candidates = duplicateCandidates(report, earlier, alike(1, 1), rules);
    return standingOf(report, candidates, earlier, rules);
  };

  it('first, where nothing is like it', () => {
    expect(standingOf(madeReport(3), [], earlier, scheme)).toEqual({ standing: 'first', displaces: [] });
  });

  it('behind the earlier record', () => {
    expect(standing('earlierRecord', 99_999)).toEqual({ standing: 'candidate', displaces: [] });
  });

  it('before smaller ones of the same time, never before an equal one or one of another time', () => {
    expect(standing('largerInvestment', 10_001)).toEqual({ standing: 'first', displaces: ['report_1', 'report_2'] });
    expect(standing('largerInvestment', 10_000)).toEqual({ standing: 'candidate', displaces: [] });
    expect(standing('largerInvestment', 99_999, 1.01)).toEqual({ standing: 'candidate', displaces: [] });
  });

  it('undecided until the coordinator has decided', () => {
    expect(standing('coordinator', 99_999)).toEqual({ standing: 'candidate', displaces: [] });
  });
});
