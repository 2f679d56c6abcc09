import { describe, expect, it } from 'vitest';
import type { LinkPresence } from '../../src/domain/chain.js';
import type { RankedPark } from '../../src/domain/match.js';
import {
  HOST,
  matchTiny,
  OTHER_HOST,
  presence,
  tinyChain,
  tinyIndustry,
  tinyLink,
  tinyNeed,
  tinyPark,
  tinyReference,
  trusted,
} from './tiny.js';

/** One chain, l1 feeds l2 feeds … l7, and a link apart; link lN carries the code 200N. The need sits on l3. */
const numbers = [1, 2, 3, 4, 5, 6, 7];
const chains = [
  tinyChain(
    'line',
    numbers.map((n) => tinyLink(`l${n}`, [`200${n}`], n < 7 ? [`l${n + 1}`] : [])),
  ),
  tinyChain('apart', [tinyLink('alone', ['2009'])]),
];
const industries = [...numbers.map((n) => tinyIndustry(`200${n}`)), tinyIndustry('2009'), tinyIndustry('2010')];

const here = (linkId: string, strength: number, more: Partial<LinkPresence> = {}) =>
  presence(linkId, strength, { parkId: 'p1', ...more });
const anchor = [{ name: '链主公司', provenance: trusted() }];

function ranked(presences: readonly LinkPresence[]): RankedPark {
  const reference = tinyReference({ chains, industries, presences });
  const park = matchTiny([tinyPark('p1')], tinyNeed({ gbt: '2003' }), reference).ranked[0];
  if (park === undefined) throw new Error('the park is not ranked');
  return park;
}

function partsOf(presences: readonly LinkPresence[]) {
  const { chainFit, contributions } = ranked(presences);
  const utility = contributions.find(({ criterion }) => criterion === 'chainFit')?.utility;
  return { strengthen: chainFit.strengthen, complete: chainFit.complete, extend: chainFit.extend, utility };
}

function expectFit(presences: readonly LinkPresence[], parts: Readonly<Record<string, number>>): void {
  const found = partsOf(presences);
  for (const [part, value] of Object.entries(parts)) {
    expect({ part, value: found[part as keyof typeof found] }).toEqual({ part, value: expect.closeTo(value, 12) });
  }
}

describe('chain fit', () => {
  // The same link at 0.5, its supplier l2 at 1, and l5 two steps on, which the county has at 0.8: 0.9 x 0.8 = 0.72.
  const worked = [here('l3', 0.5), here('l2', 1), presence('l5', 0.8)];

  it('agrees with an example worked by hand', () => {
    // strengthen = 0.5
    // complete   = gap 0.5 x neighbours (1 - (1 - 0.7 x 1)) = 0.7 x not wanted 0.6            = 0.21
    // extend     = 1 - (1 - 1/2 x 1)(1 - 1/4 x 0.72) = 1 - 0.5 x 0.82                          = 0.59
    // utility    = 1 - (1 - 0.8 x 0.5)(1 - 0.5 x 0.21)(1 - 0.4 x 0.59) = 1 - 0.6 x 0.895 x 0.764 = 0.589732
    expectFit(worked, { strengthen: 0.5, complete: 0.21, extend: 0.59, utility: 0.589732 });
  });

  it('completes more where the county names the missing link as wanted', () => {
    // A wish without presence: gap 1 x 0.7, in full; not wanted it is 0.6 of that.
    expectFit([here('l2', 1)], { strengthen: 0, complete: 0.42 });
    expectFit([here('l2', 1), presence('l3', 0, { wanted: true })], { strengthen: 0, complete: 0.7 });
    // gap 0.5 x 0.7 = 0.35; the rest as above: 1 - 0.6 x 0.825 x 0.764.
    expectFit([here('l3', 0.5, { wanted: true }), here('l2', 1), presence('l5', 0.8)], {
      complete: 0.35,
      extend: 0.59,
      utility: 1 - 0.6 * 0.825 * 0.764,
    });
  });

  it('completes nothing without direct neighbours, nor where the link is there in full', () => {
    expectFit([here('l5', 1), presence('l3', 0, { wanted: true })], { complete: 0, extend: 0.25 });
    expectFit([here('l3', 1), here('l2', 1)], { strengthen: 1, complete: 0, extend: 0.5 });
    expectFit([here('alone', 1)], { strengthen: 0, complete: 0, extend: 0, utility: 0 });
  });

  it('takes both neighbours as independent chances', () => {
    // neighbours 1 - 0.3 x (1 - 0.7 x 0.5) = 0.805, of which 0.6; extend 1 - 0.5 x 0.75.
    expectFit([here('l2', 1), here('l4', 0.5)], { complete: 0.483, extend: 0.625 });
  });

  it('extends more where an anchor firm is the neighbour, up to 1', () => {
    // 1 - (1 - 1/2 x 1 x 1.25)(0.82) = 1 - 0.375 x 0.82
    expectFit([here('l3', 0.5), here('l2', 1, { anchors: anchor }), presence('l5', 0.8)], { extend: 0.6925 });
    expectFit([here('l2', 0.4, { anchors: anchor })], { extend: 0.25 });
  });

  it.each([
    ['l4', 0.5],
    ['l2', 0.5],
    ['l5', 0.25],
    ['l1', 0.25],
    ['l6', 0.125],
    ['l7', 0],
  ])('extends from %s at full strength by %d: half for each step, three steps, either way', (link, extend) => {
    expectFit([here(link, 1)], { extend });
  });

  it('takes the better of what the park and 0.9 of what the county has', () => {
    expectFit([presence('l3', 0.5)], { strengthen: 0.45 });
    expectFit([presence('l3', 0.5), here('l3', 0.6)], { strengthen: 0.6 });
    expectFit([here('l3', 0.3), presence('l3', 1)], { strengthen: 0.9 });
  });

  it('does not count what another park or county has, nor links nobody knows', () => {
    const elsewhere = [
      presence('l3', 1, { parkId: 'p2' }),
      presence('l3', 1, { countyAdcode: OTHER_HOST }),
      here('l99', 1),
    ];
    expectFit(elsewhere, { strengthen: 0, complete: 0, extend: 0, utility: 0 });
  });

  it('shares a need over the links its code points at', () => {
    // Group 200 belongs to all eight links alike; six are kept, so each has one sixth.
    const reference = tinyReference({
      chains,
      industries: [tinyIndustry('200')],
      presences: [here('l1', 0.6), here('l2', 0.3)],
    });
    const result = matchTiny([tinyPark('p1')], tinyNeed({ gbt: '200' }), reference);
    expect(result.placement.links.map(({ linkId, share }) => [linkId, share])).toEqual(
      ['l1', 'l2', 'l3', 'l4', 'l5', 'l6'].map((id) => [id, expect.closeTo(1 / 6, 12)]),
    );
    expect(result.ranked[0]?.chainFit.strengthen).toBeCloseTo(0.15, 12);
  });

  it('is nothing at all for a need on no link', () => {
    const reference = tinyReference({ chains, industries: [tinyIndustry('3985')], presences: [here('l3', 1)] });
    const [park] = matchTiny([tinyPark('p1')], tinyNeed({ gbt: '3985' }), reference).ranked;
    expect(park?.chainFit).toEqual({ strengthen: 0, complete: 0, extend: 0, links: [] });
  });
});

describe('chain evidence', () => {
  it('names the links, steps, wishes, anchors and basis behind each part', () => {
    const { chainFit } = ranked([
      here('l3', 0.5, { wanted: true, anchors: anchor }),
      here('l2', 0.4),
      presence('l5', 1, { provenance: trusted('reported'), anchors: anchor }),
    ]);
    const plain = { needLink: 'l3', wanted: false, anchors: [], basis: 'public' };
    const own = { ...plain, parkLink: 'l3', steps: 0, wanted: true, anchors: ['链主公司'] };
    expect(chainFit.links).toEqual([
      { ...own, part: 'strengthen', strength: 0.5 },
      // 0.5 x (0.7 x 0.4), wanted
      { ...own, part: 'complete', strength: expect.closeTo(0.14, 12) },
      // 0.9 x 1 / 2² weighs 0.225, 0.4 / 2 weighs 0.2.
      { ...plain, part: 'extend', parkLink: 'l5', strength: 0.9, steps: 2, basis: 'reported', anchors: ['链主公司'] },
      { ...plain, part: 'extend', parkLink: 'l2', strength: 0.4, steps: 1 },
    ]);
  });

  it('shows at most four pieces a part, strongest first, equal ones by id', () => {
    const { chainFit } = ranked(['l1', 'l2', 'l4', 'l5', 'l6'].map((id) => here(id, 0.8)));
    expect(chainFit.links.filter(({ part }) => part === 'extend').map(({ parkLink }) => parkLink)).toEqual([
      'l2',
      'l4',
      'l1',
      'l5',
    ]);
  });

  it('keeps the park and the county record of one link as one fact', () => {
    const { chainFit } = ranked([
      presence('l3', 0.5, { wanted: true, anchors: anchor, provenance: trusted('reported') }),
      here('l3', 0.8, { anchors: [...anchor, { name: '另一链主', provenance: trusted() }] }),
    ]);
    expect(chainFit.links).toEqual([
      {
        part: 'strengthen',
        needLink: 'l3',
        parkLink: 'l3',
        strength: 0.8,
        steps: 0,
        wanted: true,
        anchors: ['链主公司', '另一链主'],
        basis: 'public',
      },
    ]);
  });

  it('is the same for two parks of one county without records of their own', () => {
    const reference = tinyReference({ chains, industries, presences: [presence('l3', 1), presence('l4', 1)] });
    const parks = [tinyPark('p1', {}, HOST), tinyPark('p2', {}, HOST), tinyPark('p3', {}, OTHER_HOST)];
    const fits = matchTiny(parks, tinyNeed({ gbt: '2003' }), reference).ranked;
    const of = (id: string) => fits.find(({ park }) => park.id === id)?.chainFit;
    expect(of('p1')).toEqual(of('p2'));
    expect(of('p3')).toEqual({ strengthen: 0, complete: 0, extend: 0, links: [] });
  });
});
