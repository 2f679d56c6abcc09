import { describe, expect, it } from 'vitest';
import { createVectorSpace } from '../../src/text/vector-space.js';

describe('createVectorSpace', () => {
  const space = createVectorSpace([
    {
      key: 'a',
      counts: new Map([
        ['x', 1],
        ['y', 2],
      ]),
    },
    {
      key: 'b',
      counts: new Map([
        ['y', 1],
        ['z', 1],
      ]),
    },
    { key: 'c', counts: new Map([['w', 3]]) },
  ]);

  it('gives the cosine of TF-IDF vectors, worked by hand', () => {
    // N = 3; idf(x) = idf(z) = idf(w) = 1 + ln(3/2); idf(y) = 1 + ln(3/3) = 1; counts enter as ln(1 + count).
    const rare = 1 + Math.log(1.5);
    const doc = [Math.log(2) * rare, Math.log(3)] as const;
    const query = [Math.log(2) * rare, Math.log(2)] as const;
    const cosine = (query[0] * doc[0] + query[1] * doc[1]) / (Math.hypot(...query) * Math.hypot(...doc));
    const found = space.cosines(
      new Map([
        ['x', 1],
        ['y', 1],
      ]),
    );
    expect(found.get('a')).toBeCloseTo(cosine, 12);
    expect(space.cosines(new Map([['w', 5]]))).toEqual(new Map([['c', 1]]));
  });

  it('leaves unknown terms out, whatever their name', () => {
    const known = space.cosines(new Map([['x', 1]]));
    expect(
      space.cosines(
        new Map([
          ['x', 1],
          ['constructor', 9],
          ['__key', 9],
          ['unseen', 9],
        ]),
      ),
    ).toEqual(known);
    expect(space.cosines(new Map([['unseen', 1]])).size).toBe(0);
  });

  it('takes names of object members as ordinary terms, and an empty document', () => {
    const odd = createVectorSpace([
      { key: 'a', counts: new Map([['constructor', 1]]) },
      { key: 'b', counts: new Map([['valueOf', 1]]) },
      { key: 'c', counts: new Map() },
    ]);
    expect(odd.cosines(new Map([['constructor', 1]]))).toEqual(new Map([['a', 1]]));
  });

  it('knows its terms', () => {
    expect([space.has('x'), space.has('constructor')]).toEqual([true, false]);
  });
});
