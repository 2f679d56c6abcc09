import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeedDataError } from '../../seeds/files.js';
import { loadSchemes } from '../../seeds/schemes.js';
import type { SeedScheme } from '../../src/schemas/scheme-schema.js';

const [scheme] = loadSchemes();
if (scheme === undefined) throw new Error('no scheme');

describe('the committed scheme', () => {
  it('has the published values where there are some', () => {
    expect(loadSchemes()).toHaveLength(1);
    expect(scheme).toMatchObject({ id: 'zj-pairing', version: 1 });
    const published = Object.entries(scheme.rules).filter(([, { provenance }]) => provenance.basis === 'public');
    expect(Object.fromEntries(published.map(([rule, { value }]) => [rule, value]))).toEqual({
      responseWorkingDays: 1,
      assessmentWorkingDays: 3,
      feedbackDays: 7,
      progressDays: 14,
      countsExpansionsOfLanded: false,
      minInvestWan: 5_000,
      tieRule: 'earlierRecord',
    });
  });

  it('says of the rest that no source was found', () => {
    for (const [rule, { provenance }] of Object.entries(scheme.rules)) {
      expect(provenance.source.length, rule).toBeLessThanOrEqual(200);
      if (provenance.basis !== 'public') {
        expect(provenance.basis, rule).toBe('unverified');
        expect(provenance.source, rule).toMatch(/^未找到/);
      }
    }
  });

  it('passes on every example need of the project', () => {
    expect(scheme.rules.minInvestWan.value).toBeLessThanOrEqual(5_900);
  });
});

describe('reading schemes', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'schemes-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const read = (schemes: readonly unknown[]) => {
    writeFileSync(path.join(dir, 'schemes.json'), JSON.stringify(schemes));
    return loadSchemes(dir);
  };
  const problemsOf = (schemes: readonly unknown[]) => {
    try {
      read(schemes);
    } catch (error) {
      if (error instanceof SeedDataError) return error.problems.map(({ record, field }) => `${record} ${field}`);
      throw error;
    }
    return [];
  };
  const withRule = (rule: keyof SeedScheme['rules'], value: unknown) => ({
    ...scheme,
    rules: { ...scheme.rules, [rule]: { ...scheme.rules[rule], value } },
  });

  it('orders them by id and version', () => {
    const names = read([{ ...scheme, version: 2 }, { ...scheme, id: 'aa' }, scheme]).map(
      (one) => `${one.id}@${one.version}`,
    );
    expect(names).toEqual(['aa@1', 'zj-pairing@1', 'zj-pairing@2']);
  });

  it.each([
    ['a day too few', 'responseWorkingDays', 0, 'value'],
    ['part of a day', 'assessmentWorkingDays', 1.5, 'value'],
    ['a year too long', 'progressDays', 366, 'value'],
    ['an unknown tie rule', 'tieRule', 'dice', 'value'],
    ['shares above 1', 'taxShare', { source: 0.5, host: 0.6 }, 'value'],
    ['no push at all', 'openPushesAtMost', 0, 'value'],
  ] as const)('refuses %s', (_, rule, value, field) => {
    expect(problemsOf([withRule(rule, value)])).toEqual([`zj-pairing rules.${rule}.${field}`]);
  });

  it('refuses a value without a source, an unknown rule, and versions with a gap or twice', () => {
    const { provenance: _, ...bare } = scheme.rules.feedbackDays;
    expect(problemsOf([{ ...scheme, rules: { ...scheme.rules, feedbackDays: bare } }])).toEqual([
      'zj-pairing rules.feedbackDays.provenance',
    ]);
    expect(problemsOf([{ ...scheme, rules: { ...scheme.rules, luck: 1 } }])).toHaveLength(1);
    expect(problemsOf([scheme, { ...scheme, version: 3 }])).toEqual(['zj-pairing@3 version']);
    expect(problemsOf([scheme, scheme])).toEqual(['zj-pairing@1 version']);
  });
});
