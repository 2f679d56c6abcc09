import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blindProfile } from '../../src/leads/blind.js';
import { simulateShare } from '../../src/leads/share.js';
import { FULL_NEED, madeScheme } from './made.js';

describe('the share simulator', () => {
  it('splits output, tax and land by the ratios, with the source of each', () => {
    expect(simulateShare(FULL_NEED, madeScheme())).toEqual({
      outputWan: { total: 20_000, source: 8_000, host: 12_000 },
      taxWan: { total: 900, source: 360, host: 540 },
      landIndicatorMu: { total: 60, source: 30, host: 30 },
      basis: [
        { what: 'output', source: '测试' },
        { what: 'tax', source: '测试' },
        { what: 'landIndicator', source: '测试' },
      ],
    });
  });

  it('is null for what the need does not state', () => {
    const none = simulateShare({ land: { minMu: 0 } }, madeScheme());
    expect(none).toMatchObject({ outputWan: null, taxWan: null, landIndicatorMu: null });
    expect(none.basis).toHaveLength(3);
  });

  it('rounds to a hundredth, the rest to the host', () => {
    const scheme = madeScheme({ taxShare: { source: 1 / 3, host: 2 / 3 } });
    expect(simulateShare({ taxWan: 0.01, land: { minMu: 0 } }, scheme).taxWan).toEqual({
      total: 0.01,
      source: 0,
      host: 0.01,
    });
    expect(simulateShare({ taxWan: 100, land: { minMu: 0 } }, scheme).taxWan).toEqual({
      total: 100,
      source: 33.33,
      host: 66.67,
    });
  });

  it('never makes or loses a hundredth', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e8, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (outputWan, source) => {
          const scheme = madeScheme({ outputShare: { source, host: 1 - source } });
          const parts = simulateShare({ outputWan, land: { minMu: 0 } }, scheme).outputWan;
          if (parts === null) throw new Error('no parts');
          const hundredths = (amount: number) => Math.round(amount * 100);
          expect(hundredths(parts.source) + hundredths(parts.host)).toBe(hundredths(parts.total));
          expect(Math.abs(parts.total - outputWan)).toBeLessThanOrEqual(0.0051);
          expect(Math.min(parts.source, parts.host)).toBeGreaterThanOrEqual(0);
          expect(Math.abs(parts.source - parts.total * source)).toBeLessThanOrEqual(0.0051);
        },
      ),
      { seed: 5 },
    );
  });
});

describe('the blind profile', () => {
  it('has every figure and nothing by which the firm could be told', () => {
    const { firm, title, description, exclude, weights, ...shown } = FULL_NEED;
    const profile = blindProfile(FULL_NEED);
    expect(profile).toEqual(shown);
    const text = JSON.stringify(profile);
    for (const secret of [firm.name, firm.creditCode ?? '', title, description, ...(exclude?.counties ?? [])]) {
      expect(secret).not.toBe('');
      expect(text).not.toContain(secret);
    }
    expect(weights).toBeDefined();
  });

  it('leaves out a field it does not know', () => {
    const need = { ...FULL_NEED, contact: '张三 13800000000' };
    expect(Object.keys(blindProfile(need))).not.toContain('contact');
  });
});
