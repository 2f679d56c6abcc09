import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical-json.js';

describe('canonicalJson', () => {
  it('orders keys at every depth and leaves lists alone', () => {
    expect(canonicalJson({ b: [2, 1, { d: 1, c: null }], a: { z: 1, y: 'x' } })).toBe(
      '{"a":{"y":"x","z":1},"b":[2,1,{"c":null,"d":1}]}',
    );
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
  });
});
