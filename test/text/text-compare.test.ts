import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textCompareOf } from '../../src/text/text-compare.js';
import { smallReference } from './small-reference.js';

const compare = textCompareOf(smallReference);

describe('likeness of names', () => {
  it('reproduces the published examples of Jaro-Winkler', () => {
    // Winkler 1990, table of examples.
    expect(compare.names('MARTHA', 'MARHTA')).toBeCloseTo(0.961, 3);
    expect(compare.names('DWAYNE', 'DUANE')).toBeCloseTo(0.84, 3);
    expect(compare.names('DIXON', 'DICKSONX')).toBeCloseTo(0.813, 3);
  });

  it('tells near-equal Chinese names from others', () => {
    expect(compare.names('华丰精密机械制造', '华丰精密机械')).toBeGreaterThan(0.9);
    expect(compare.names('华丰精密机械', '东方纺织印染')).toBeLessThan(0.5);
    expect([compare.names('', ''), compare.names('华丰', '')]).toEqual([1, 0]);
  });

  it('is symmetric, within [0, 1], and 1 for the same', () => {
    const names = fc.array(fc.constantFrom(...'甲乙丙丁戊'), { maxLength: 10 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(names, names, (left, right) => {
        const likeness = compare.names(left, right);
        expect(compare.names(right, left)).toBe(likeness);
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(compare.names(left, left)).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('likeness of texts', () => {
  const text = '扩建橡胶输送带生产线，年产橡胶密封件三百万件，配套炼胶车间';

  it('is high for a text passed on and edited, low for another matter', () => {
    expect(compare.texts(text, '新建橡胶输送带生产线，年产橡胶密封件五百万件，配套炼胶车间')).toBeGreaterThan(0.8);
    expect(compare.texts(text, '婴幼儿服装面料印染和后整理')).toBeLessThan(0.1);
  });

  it('does not hang on the side or the order of sentences', () => {
    const other = '橡胶密封件。配套炼胶车间。医用手套';
    expect(compare.texts(other, text)).toBe(compare.texts(text, other));
    expect(compare.texts('医用手套。配套炼胶车间。橡胶密封件', text)).toBeCloseTo(compare.texts(other, text), 12);
  });

  it('is nothing between texts without words, and 1 for the same text', () => {
    expect([compare.texts('的', '和'), compare.texts('', text), compare.texts('', '')]).toEqual([0, 0, 1]);
    expect(compare.texts(text, text)).toBe(1);
  });
});
