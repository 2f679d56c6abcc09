import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Need } from '../../src/domain/need.js';
import { compileChainGraph } from '../../src/matching/chain-graph.js';
import { placeNeed } from '../../src/matching/place-need.js';
import { tinyChain, tinyLink } from './tiny.js';

const IDS = ['whole', 'half', 'other', 'group', 'division', 'far', 'empty', 'last'] as const;
const chains = [
  tinyChain('c', [
    tinyLink('whole', ['2011', '2012'], [], { stage: 'upstream' }),
    tinyLink('half', ['2012']),
    tinyLink('other', ['2013']),
    tinyLink('group', ['204']),
    tinyLink('division', ['21']),
    tinyLink('far', ['3311'], [], { stage: 'downstream' }),
    tinyLink('empty', []),
    tinyLink('last', ['3312']),
  ]),
];
const codes = ['2011', '2012', '2019', '201', '2041', '20', '2190', '3399', '9900'];
const graph = compileChainGraph(chains, codes);

type Sources = Partial<Pick<Need, 'gbt' | 'chain'>> & { readonly text?: Readonly<Record<string, number>> };

function place({ gbt = '9900', chain, text = {} }: Sources) {
  const likeness = Float64Array.from(IDS, (id) => text[id] ?? 0);
  const { links } = placeNeed({ gbt, ...(chain === undefined ? {} : { chain }) }, graph, likeness);
  return links.map(({ link, ...shares }) => ({ id: IDS[link], ...shares }));
}

const sharesOf = (sources: Sources) => place(sources).map(({ id, share }) => [id, share]);
const close = (value: number) => expect.closeTo(value, 12);

describe('placing by code', () => {
  it.each<[string, string, readonly (readonly [string, number])[]]>([
    ['a class one link names', '2011', [['whole', 1]]],
    [
      'a class two links name',
      '2012',
      [
        ['whole', 1 / 2],
        ['half', 1 / 2],
      ],
    ],
    [
      'a group: the links of its classes',
      '201',
      [
        ['whole', 1 / 3],
        ['half', 1 / 3],
        ['other', 1 / 3],
      ],
    ],
    [
      'a class no link names: the links of its group',
      '2019',
      [
        ['whole', 1 / 3],
        ['half', 1 / 3],
        ['other', 1 / 3],
      ],
    ],
    ['a class of a group a link names', '2041', [['group', 1]]],
    ['a class of a division a link names', '2190', [['division', 1]]],
    [
      'a group nobody has: the links of its division',
      '3399',
      [
        ['far', 1 / 2],
        ['last', 1 / 2],
      ],
    ],
    [
      'a division',
      '20',
      [
        ['whole', 1 / 4],
        ['half', 1 / 4],
        ['other', 1 / 4],
        ['group', 1 / 4],
      ],
    ],
    ['a code far from every link', '9900', []],
    ['a code the edition does not know', '2013', []],
  ])('%s (%s)', (_what, gbt, shares) => {
    expect(sharesOf({ gbt })).toEqual(shares.map(([id, share]) => [id, close(share)]));
  });
});

describe('placing by text and by the firm’s word', () => {
  it('squares likeness', () => {
    // 0.8² : 0.4² = 0.8 : 0.2; with the floor 0.02 each: 0.82 : 0.22.
    expect(place({ text: { far: 0.8, last: 0.4 } })).toEqual([
      { id: 'far', share: close(0.82 / 1.04), fromCode: 0, fromStated: 0, fromText: close(0.8) },
      { id: 'last', share: close(0.22 / 1.04), fromCode: 0, fromStated: 0, fromText: close(0.2) },
    ]);
  });

  it('shares stated links equally, in the order of the graph', () => {
    expect(place({ chain: { links: ['last', 'empty'] } })).toEqual([
      { id: 'empty', share: 0.5, fromCode: 0, fromStated: 0.5, fromText: 0 },
      { id: 'last', share: 0.5, fromCode: 0, fromStated: 0.5, fromText: 0 },
    ]);
  });

  it('leaves out stated links nobody knows', () => {
    expect(sharesOf({ chain: { links: ['nowhere', 'last'] } })).toEqual([['last', 1]]);
    expect(sharesOf({ chain: { links: ['nowhere'] } })).toEqual([]);
  });

  it('counts a stated stage three times where links are named otherwise', () => {
    expect(sharesOf({ gbt: '2012', chain: { links: [], stage: 'upstream' } })).toEqual([
      ['whole', 0.75],
      ['half', 0.25],
    ]);
    expect(sharesOf({ chain: { links: [], stage: 'upstream' } })).toEqual([]);
  });
});

describe('pooling', () => {
  it('multiplies code, word and text', () => {
    // code: whole 1/2, half 1/2. stated: half 1. text: half 0.8, far 0.2 (from 0.8 and 0.4). A source that does not
    // name a link leaves it a floor f of 0.02 or less:
    // half = (0.5 + f)(1 + f)²(0.8 + f), whole = (0.5 + f) f² f, far = f f² (0.2 + f): far under the share of 0.04.
    expect(place({ gbt: '2012', chain: { links: ['half'] }, text: { half: 0.8, far: 0.4 } })).toEqual([
      { id: 'half', share: 1, fromCode: close(0.5), fromStated: 1, fromText: close(0.8) },
    ]);
    // Without the firm's word whole / half = f / (0.8 + f) < 0.025: whole goes all the same.
    expect(sharesOf({ gbt: '2012', text: { half: 0.8, far: 0.4 } })).toEqual([['half', 1]]);
    // Both named by the code and alike in text.
    expect(sharesOf({ gbt: '2012', text: { half: 0.3, whole: 0.3 } })).toEqual([
      ['whole', 0.5],
      ['half', 0.5],
    ]);
  });

  it('lets the firm’s word win over a code that says another link', () => {
    expect(place({ gbt: '2011', chain: { links: ['far'] } })[0]?.id).toBe('far');
  });

  it('adds up to 1 over at most six links, best first, the same every time', () => {
    const sources = fc.record({
      gbt: fc.constantFrom(...codes, '0000'),
      links: fc.uniqueArray(fc.constantFrom(...IDS, 'nowhere'), { maxLength: 5 }),
      stage: fc.option(fc.constantFrom('upstream', 'midstream', 'downstream'), { nil: undefined }),
      text: fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: IDS.length,
        maxLength: IDS.length,
      }),
    });
    fc.assert(
      fc.property(sources, ({ gbt, links, stage, text }) => {
        const need = { gbt, chain: { links, ...(stage === undefined ? {} : { stage }) } } as const;
        const placed = placeNeed(need, graph, Float64Array.from(text)).links;
        const shares = placed.map(({ share }) => share);
        if (placed.length > 0) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(placed.length).toBeLessThanOrEqual(6);
        expect([...shares].sort((a, b) => b - a)).toEqual(shares);
        for (const { share, fromCode, fromStated, fromText } of placed) {
          expect(share).toBeGreaterThan(0);
          expect(fromCode + fromStated + fromText).toBeGreaterThan(0);
        }
        expect(placeNeed(need, graph, Float64Array.from(text)).links).toEqual(placed);
      }),
      { numRuns: 300 },
    );
  });
});
