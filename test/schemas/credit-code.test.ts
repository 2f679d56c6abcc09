import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCreditCode } from '../../src/schemas/credit-code.js';

const CHARS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

describe('isCreditCode', () => {
  it("accepts the standard's own example (GB 32100-2015, appendix)", () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true);
  });

  it('for every body of 17 characters exactly one check character is right', () => {
    const body = fc
      .tuple(
        fc.constantFrom('91', '51', 'A1'),
        fc.stringMatching(/^\d{6}$/),
        fc.array(fc.constantFrom(...CHARS), { minLength: 9, maxLength: 9 }),
      )
      .map(([head, region, rest]) => head + region + rest.join(''));
    fc.assert(
      fc.property(body, (start) => {
        expect([...CHARS].filter((char) => isCreditCode(start + char)).length).toBe(1);
      }),
    );
  });

  it('one wrong character is always found', () => {
    const code = '91350100M000100Y43';
    for (let at = 0; at < 18; at += 1) {
      for (const char of CHARS) {
        if (char === code[at]) continue;
        expect(isCreditCode(code.slice(0, at) + char + code.slice(at + 1))).toBe(false);
      }
    }
  });

  it.each(['', '91350100M000100Y4', '91350100M000100Y433', '91350100m000100y43', '9I350100M000100Y43'])(
    'refuses the form of %j',
    (code) => expect(isCreditCode(code)).toBe(false),
  );
});
