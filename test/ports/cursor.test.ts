import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { decodeCursor, encodeCursor } from '../../src/ports/cursor.js';

describe('list cursor', () => {
  const positions = fc.record({
    createdAt: fc
      .date({
        min: new Date('1970-01-01T00:00:00.000Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString()),
    id: fc.stringMatching(/^[\x21-\x7e]{1,128}$/),
  });

  it('gives back every position it was made from, in characters that need no escaping in a URL', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const cursor = encodeCursor(position);
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeCursor(cursor)).toEqual(position);
      }),
    );
  });

  it('refuses everything else as invalid input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: 'binary' })), (text) => {
        expect(() => decodeCursor(text)).toThrow(AppError);
      }),
    );
  });
});
