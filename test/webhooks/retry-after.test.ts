import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../src/webhooks/retry-after.js';

const nowMs = Date.parse('1994-11-06T08:49:00.000Z');

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['0', 0],
    ['86400', 86_400_000],
    ['86401', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    // RFC 9110, 5.6.7: the same instant in its three forms.
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
    ['Sun, 13 Nov 1994 08:49:37 GMT', 86_400_000],
  ])('reads %s', (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });

  it.each([undefined, '', '1.5', '-1', '1e3', '0x10', 'soon', '1994-11-06T08:49:37Z', 'Xxx, 99 Xxx 1994 08:49:37 GMT'])(
    'takes no notice of %s',
    (header) => {
      expect(retryAfterMs(header, nowMs)).toBeNull();
    },
  );
});
