import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIndustrySearch } from '../../src/text/industry-search.js';
import { smallReference } from './small-reference.js';

const { search, nearestCodes } = createIndustrySearch(smallReference);
const codes = (query: string, limit = 5): string[] => search(query, limit).map((match) => match.code);

describe('search by code', () => {
  it('takes digits as a prefix, the code itself first, then shorter codes', () => {
    expect(codes('29')).toEqual(['29', '291', '2912', '2913']);
    expect(search('2912', 5)).toEqual([{ code: '2912', score: 1 }]);
    expect(codes('29', 2)).toEqual(['29', '291']);
  });

  it('reads full-width digits, spaces and the letter of the section', () => {
    for (const query of ['２９１２', ' 2912 ', 'C2912', 'ｃ２９１２']) expect(codes(query)).toEqual(['2912']);
  });

  it('gives the nearest codes where none begins with the digits, scored below a prefix', () => {
    const found = search('3986', 3);
    expect(found.map((match) => match.code)).toEqual(['3985', '3989', '39']);
    for (const match of found) expect(match.score).toBeLessThan(0.5);
  });
});

describe('search by text', () => {
  it('puts a whole name before a keyword before a part of a name', () => {
    expect(codes('橡胶零件')[0]).toBe('2913');
    expect(search('橡胶零件制造', 1)).toEqual([{ code: '2913', score: 1 }]);
    expect(codes('输送带')[0]).toBe('2912');
    expect(codes('阀门')[0]).toBe('3443');
    expect(codes('塑料制品')[0]).toBe('29');
  });

  it('falls back to the likeness of words', () => {
    expect(codes('橡胶输送带')[0]).toBe('2912');
    expect(codes('半导体用的材料')[0]).toBe('3985');
  });

  it('finds nothing for nothing', () => {
    for (const query of ['', '  ', '!?', '唐诗']) expect(search(query, 5)).toEqual([]);
    expect(search('29', 0)).toEqual([]);
  });
});

describe('nearestCodes', () => {
  it('puts the successor of a 2011 code first', () => {
    expect(nearestCodes('3660', 2)).toEqual(['3670', '3443']);
  });

  it('prefers the same parent, then few edits', () => {
    expect(nearestCodes('3986', 2)).toEqual(['3985', '3989']);
    expect(nearestCodes('2919', 2)).toEqual(['2913', '2912']);
    expect(nearestCodes('2', 1)).toEqual(['29']);
  });

  it('gives nothing for a code without digits', () => {
    expect(nearestCodes('abc', 3)).toEqual([]);
  });
});

describe('properties', () => {
  it('scores fall from at most 1 and stay above 0; the limit holds; no query fails', () => {
    const known = new Set(smallReference.industries.map((industry) => industry.code));
    const query = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.stringMatching(/^\d{1,6}$/),
      fc.constantFrom('橡胶', '制造', '阀', '__proto__', 'constructor'),
    );
    fc.assert(
      fc.property(query, fc.integer({ min: 0, max: 20 }), (text, limit) => {
        const found = search(text, limit);
        expect(found.length).toBeLessThanOrEqual(limit);
        found.forEach((match, i) => {
          expect(known.has(match.code) && match.score > 0 && match.score <= (found[i - 1]?.score ?? 1)).toBe(true);
        });
        expect(search(text, limit)).toEqual(found);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
