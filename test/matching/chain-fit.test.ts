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

/**
 * Four chains: a line l1 -> l2 -> l3 (codes 2001 to 2003), a star hz -> hub -> ha (2004 to 2006), a long line
 * m1 -> … -> m9 (2011 to 2019), and a link apart (2009). The need sits on l1 unless a test says otherwise.
 *
 * Weights of the walk that 延链 uses, going back to the need's link with chance 1/2 at each step:
 * from l1 (or l3) along the line, l2 is met at steps 1, 3, 5 with 1/2 + 1/8 + 1/32 and the far end at 2, 4, 6 with
 * 1/8 + 1/32 + 1/128, a quarter of it: l2 has 0.8 and the far end 0.2. From the hub, both neighbours have 0.5.
 */
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const chains = [
  tinyChain('line', [tinyLink('l1', ['2001'], ['l2']), tinyLink('l2', ['2002'], ['l3']), tinyLink('l3', ['2003'])]),
  tinyChain('star', [tinyLink('hz', ['2004'], ['hub']), tinyLink('hub', ['2005'], ['ha']), tinyLink('ha', ['2006'])]),
  tinyChain('apart', [tinyLink('alone', ['2009'])]),
  tinyChain(
    'long',
    numbers.map((n) => tinyLink(`m${n}`, [`201${n}`], n < 9 ? [`m${n + 1}`] : [])),
  ),
];
const codes = ['2001', '2003', '2005', '2009', '2011'];
const industries = codes.map(tinyIndustry);

const here = (linkId: string, strength: number, more: Partial<LinkPresence> = {}) =>
  presence(linkId, strength, { parkId: 'p1', ...more });
const anchor = [{ name: '链主公司', provenance: trusted() }];

function ranked(presences: readonly LinkPresence[], gbt = '2001'): RankedPark {
  const reference = tinyReference({ chains, industries, presences });
  const park = matchTiny([tinyPark('p1')], tinyNeed({ gbt }), reference).ranked[0];
  if (park === undefined) throw new Error('the park is not ranked');
  return park;
}

function partsOf(presences: readonly LinkPresence[], gbt?: string) {
  const { chainFit, contributions } = ranked(presences, gbt);
  const utility = contributions.find(({ criterion }) => criterion === 'chainFit')?.utility;
  return { strengthen: chainFit.strengthen, complete: chainFit.complete, extend: chainFit.extend, utility };
}

function expectFit(presences: readonly LinkPresence[], parts: Readonly<Record<string, number>>, gbt?: string): void {
  const found = partsOf(presences, gbt);
  for (const [part, value] of Object.entries(parts)) {
    expect({ part, value: found[part as keyof typeof found] }).toEqual({ part, value: expect.closeTo(value, 12) });
  }
}

describe('chain fit', () => {
  // The same link at 0.5, its customer l2 at 1, and l3 beyond, which the county has at 0.8: 0.9 x 0.8 = 0.72.
  const worked = [here('l1', 0.5), here('l2', 1), presence('l3', 0.8)];

  it('agrees with an example worked by hand', () => {
    // strengthen = 0.5
    // complete   = gap 0.5 x neighbours 0.7 x 1 x not wanted 0.6                        = 0.21
    // extend     = 0.8 x 1 + 0.2 x 0.72                                                = 0.944
    // utility    = 1 - (1 - 0.8 x 0.5)(1 - 0.5 x 0.21)(1 - 0.4 x 0.944)
    //            = 1 - 0.6 x 0.895 x 0.6224                                            = 0.6657712
    expectFit(worked, { strengthen: 0.5, complete: 0.21, extend: 0.944, utility: 0.6657712 });
  });

  it('completes more where the county names the missing link as wanted', () => {
    // A wish without presence: gap 1 x 0.7, in full; not wanted it is 0.6 of that.
    expectFit([here('l2', 1)], { strengthen: 0, complete: 0.42 });
    expectFit([here('l2', 1), presence('l1', 0, { wanted: true })], { strengthen: 0, complete: 0.7 });
    // gap 0.5 x 0.7 = 0.35; the rest as above: 1 - 0.6 x 0.825 x 0.6224.
    expectFit([here('l1', 0.5, { wanted: true }), here('l2', 1), presence('l3', 0.8)], {
      complete: 0.35,
      extend: 0.944,
      utility: 1 - 0.6 * 0.825 * 0.6224,
    });
  });

  it('completes nothing without direct neighbours, nor where the link is there in full', () => {
    expectFit([here('l3', 1), presence('l1', 0, { wanted: true })], { complete: 0, extend: 0.2 });
    expectFit([here('l1', 1), here('l2', 1)], { strengthen: 1, complete: 0, extend: 0.8 });
    expectFit([here('alone', 1)], { strengthen: 0, complete: 0, extend: 0, utility: 0 });
  });

  it('takes supplier and customer as independent chances', () => {
    // neighbours 1 - (1 - 0.7 x 1)(1 - 0.7 x 0.5) = 1 - 0.3 x 0.65 = 0.805, of which 0.6; extend 0.5 x 1 + 0.5 x 0.5.
    expectFit([here('hz', 1), here('ha', 0.5)], { complete: 0.483, extend: 0.75 }, '2005');
  });

  it('extends more where an anchor firm is the neighbour, up to a link in full', () => {
    expectFit([here('l2', 0.4)], { extend: 0.32 });
    expectFit([here('l2', 0.4, { anchors: anchor })], { extend: 0.4 });
    expectFit([here('l2', 0.9, { anchors: anchor })], { extend: 0.8 });
  });

  it('extends towards suppliers as towards customers', () => {
    expectFit([here('l2', 1)], { extend: 0.8 }, '2003');
    expectFit([here('l1', 1)], { extend: 0.2 }, '2003');
  });

  it('extends less with every step, to all of it where everything is there, and not without end', () => {
    const extendOf = (links: readonly string[]) =>
      partsOf(
        links.map((link) => here(link, 1)),
        '2011',
      ).extend;
    const steps = numbers.slice(1).map((n) => extendOf([`m${n}`]));
    expect(steps).toEqual([...steps].sort((a, b) => b - a));
    expect(new Set(steps.slice(0, 6)).size).toBe(6);
    expect(steps.slice(6)).toEqual([0, 0]);
    expect(extendOf(numbers.map((n) => `m${n}`))).toBeCloseTo(1, 12);
  });

  it('takes the better of what the park and 0.9 of what the county has', () => {
    expectFit([presence('l1', 0.5)], { strengthen: 0.45 });
    expectFit([presence('l1', 0.5), here('l1', 0.6)], { strengthen: 0.6 });
    expectFit([here('l1', 0.3), presence('l1', 1)], { strengthen: 0.9 });
  });

  it('does not count what another park or county has, nor links nobody knows', () => {
    const elsewhere = [
      presence('l1', 1, { parkId: 'p2' }),
      presence('l1', 1, { countyAdcode: OTHER_HOST }),
      here('l99', 1),
    ];
    expectFit(elsewhere, { strengthen: 0, complete: 0, extend: 0, utility: 0 });
  });

  it('shares a need over the links its code points at', () => {
    // Group 200 belongs to seven links alike; six are kept, so each has one sixth.
    const reference = tinyReference({
      chains,
      industries: [tinyIndustry('200')],
      presences: [here('l1', 0.6), here('l2', 0.3)],
    });
    const result = matchTiny([tinyPark('p1')], tinyNeed({ gbt: '200' }), reference);
    expect(result.placement.links.map(({ linkId, share }) => [linkId, share])).toEqual(
      ['l1', 'l2', 'l3', 'hz', 'hub', 'ha'].map((id) => [id, expect.closeTo(1 / 6, 12)]),
    );
    expect(result.ranked[0]?.chainFit.strengthen).toBeCloseTo(0.15, 12);
  });

  it('is nothing at all for a need on no link', () => {
    const reference = tinyReference({ chains, industries: [tinyIndustry('3985')], presences: [here('l1', 1)] });
    const [park] = matchTiny([tinyPark('p1')], tinyNeed({ gbt: '3985' }), reference).ranked;
    expect(park?.chainFit).toEqual({ strengthen: 0, complete: 0, extend: 0, links: [] });
  });
});

describe('chain evidence', () => {
  it('names the links, steps, wishes, anchors and basis behind each part', () => {
    const { chainFit } = ranked([
      here('l1', 0.5, { wanted: true, anchors: anchor }),
      here('l2', 0.2),
      presence('l3', 1, { provenance: trusted('reported'), anchors: anchor }),
    ]);
    const plain = { needLink: 'l1', wanted: false, anchors: [], basis: 'public' };
    const own = { ...plain, parkLink: 'l1', steps: 0, wanted: true, anchors: ['链主公司'] };
    expect(chainFit.links).toEqual([
      { ...own, part: 'strengthen', strength: 0.5 },
      // 0.5 x (0.7 x 0.2), wanted
      { ...own, part: 'complete', strength: expect.closeTo(0.07, 12) },
      // 0.2 x 0.9 weighs 0.18, 0.8 x 0.2 weighs 0.16.
      { ...plain, part: 'extend', parkLink: 'l3', strength: 0.9, steps: 2, basis: 'reported', anchors: ['链主公司'] },
      { ...plain, part: 'extend', parkLink: 'l2', strength: 0.2, steps: 1 },
    ]);
  });

  it('shows at most four pieces a part, strongest first, equal ones by id', () => {
    const extended = (links: readonly string[], gbt: string) => {
      const { chainFit } = ranked(
        links.map((id) => here(id, 0.8)),
        gbt,
      );
      return chainFit.links.filter(({ part }) => part === 'extend').map(({ parkLink }) => parkLink);
    };
    expect(extended(['m6', 'm2', 'm5', 'm4', 'm3'], '2011')).toEqual(['m2', 'm3', 'm4', 'm5']);
    expect(extended(['hz', 'ha'], '2005')).toEqual(['ha', 'hz']);
  });

  it('keeps the park and the county record of one link as one fact', () => {
    const { chainFit } = ranked([
      presence('l1', 0.5, { wanted: true, anchors: anchor, provenance: trusted('reported') }),
      here('l1', 0.8, { anchors: [...anchor, { name: '另一链主', provenance: trusted() }] }),
    ]);
    expect(chainFit.links).toEqual([
      {
        part: 'strengthen',
        needLink: 'l1',
        parkLink: 'l1',
        strength: 0.8,
        steps: 0,
        wanted: true,
        anchors: ['链主公司', '另一链主'],
        basis: 'public',
      },
    ]);
  });

  it('is the same for two parks of one county without records of their own', () => {
    const reference = tinyReference({ chains, industries, presences: [presence('l1', 1), presence('l2', 1)] });
    const parks = [tinyPark('p1', {}, HOST), tinyPark('p2', {}, HOST), tinyPark('p3', {}, OTHER_HOST)];
    const fits = matchTiny(parks, tinyNeed({ gbt: '2001' }), reference).ranked;
    const of = (id: string) => fits.find(({ park }) => park.id === id)?.chainFit;
    expect(of('p1')).toEqual(of('p2'));
    expect(of('p3')).toEqual({ strengthen: 0, complete: 0, extend: 0, links: [] });
  });
});
