import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemIds } from '../../../src/system.js';
import { oneTimePassword, passwordIssues } from '../../../src/usecases/accounts/password-rule.js';

const codeOf = (password: string): string => passwordIssues('newPassword', password, 'wang.x')[0]?.code ?? 'good';

describe('a new password', () => {
  it.each([
    ['tooShort', 'elevenchars'],
    ['tooShort', '🐎'.repeat(11)],
    ['tooLong', `${'ab cd ef gh '.repeat(11)}x`],
    ['controlCharacter', 'correct\nhorse battery'],
    ['sameAsLoginName', 'wang.x20260301'],
    ['repetitive', 'aaaaaaaaaaaa'],
    ['repetitive', 'abcabcabcabcabc'],
    ['repetitive', 'horse7horse7'],
    ['repetitive', '123456789012'],
    ['repetitive', '210987654321'],
    ['repetitive', 'ABCDEFGHIJKLM'],
    ['repetitive', 'qwertyuiopas'],
    ['repetitive', '１２３４５６７８９０１２'],
    ['commonPassword', 'Password123456'],
    ['commonPassword', '2026!shanhai!'],
    ['good', 'correct horse battery staple'],
    ['good', '山海协作对口招商统筹平台口令'],
    ['good', 'wang.x and the 7 parks'],
    ['good', 'Qv8-tR2xLm4z'],
  ])('is %s: %s', (code, password) => {
    expect(codeOf(password)).toBe(code);
  });

  it('is never repeated in what is said of it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (password) => {
        for (const issue of passwordIssues('newPassword', password, 'wang.x'))
          expect(issue).not.toHaveProperty('value');
      }),
    );
  });
});

describe('a one-time password', () => {
  it('has 16 characters nobody mistakes, passes the rule, and never comes twice', () => {
    const made = Array.from({ length: 200 }, () => oneTimePassword(systemIds));
    expect(new Set(made).size).toBe(200);
    for (const password of made) {
      expect(password).toMatch(/^[^0OoIil1_-]{16}$/);
      expect(codeOf(password)).toBe('good');
    }
  });

  it('draws again where a secret has too few plain characters, and gives up on a source that gives none', () => {
    const secrets = ['0OIl1-_abcdefgh', '0OIl1-_jkmnpqrstuv'];
    expect(oneTimePassword({ newSecret: () => secrets.shift() ?? '' })).toBe('abcdefghjkmnpqrs');
    expect(() => oneTimePassword({ newSecret: () => '000' })).toThrow('internal');
  });
});
