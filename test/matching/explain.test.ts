import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchResult } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Park } from '../../src/domain/park.js';
import type { Policy } from '../../src/domain/policy.js';
import { madeNeed, madeParks, reference as madeReference } from './made.js';
import {
  DAY,
  HOST,
  known,
  matchTiny,
  OTHER_HOST,
  presence,
  tinyChain,
  tinyLink,
  tinyNeed,
  tinyPark,
  tinyReference,
  trusted,
} from './tiny.js';

const parkOf = (result: MatchResult, id: string) => {
  const found = result.ranked.find(({ park }) => park.id === id);
  if (found === undefined) throw new Error(`${id} is not ranked`);
  return found;
};
const wage = (id: string, yuan: number, change: Parameters<typeof tinyPark>[1] = {}) =>
  tinyPark(id, { wageYuanPerMonth: known(yuan), ...change });

describe('ties', () => {
  it('are marked on every side and broken by id', () => {
    const parks = ['p3', 'p1', 'p2'].map((id) => wage(id, 5_000));
    const result = matchTiny([...parks, wage('p0', 5_001)], tinyNeed());
    expect(result.ranked.map(({ rank, park, tiedWith }) => [rank, park.id, tiedWith])).toEqual([
      [1, 'p1', ['p2', 'p3']],
      [2, 'p2', ['p1', 'p3']],
      [3, 'p3', ['p1', 'p2']],
      [4, 'p0', []],
    ]);
  });

  it('are of one score and one status', () => {
    const short = { factors: { energyTce: known(null) } };
    const enough = { factors: { energyTce: known(100) } };
    const need = tinyNeed({ energyTce: 100, weights: { energyHeadroom: 0 } });
    const result = matchTiny([wage('p1', 5_000, short), wage('p2', 5_000, enough)], need);
    expect(result.ranked.map(({ park, score, tiedWith }) => [park.id, score, tiedWith])).toEqual([
      ['p2', parkOf(result, 'p1').score, []],
      ['p1', parkOf(result, 'p2').score, []],
    ]);
  });

  it('name parks beyond those shown', () => {
    const result = matchTiny(
      Array.from({ length: 25 }, (_, index) => tinyPark(`p${String(index).padStart(2, '0')}`)),
      tinyNeed(),
    );
    expect([result.ranked.length, result.rankedTotal, result.ranked[0]?.tiedWith.length]).toEqual([20, 25, 24]);
  });
});

describe('dominated', () => {
  const need = tinyNeed({ workers: 100 });
  const park = (id: string, yuan: number, people: number, change: Parameters<typeof tinyPark>[1] = {}) =>
    wage(id, yuan, { labourAvailable: known(people), ...change });
  const marks = (parks: readonly Park[], asked: Need = need) =>
    Object.fromEntries(matchTiny(parks, asked).ranked.map(({ park: { id }, dominated }) => [id, dominated]));

  it('names a park as good on every criterion and better on one', () => {
    expect(marks([park('p1', 5_000, 500), park('p2', 5_000, 400), park('p3', 5_500, 300)])).toEqual({
      p1: null,
      p2: 'p1',
      p3: 'p1',
    });
  });

  it('does not hold between equals, nor where each is better at something', () => {
    expect(marks([park('p1', 5_000, 500), park('p2', 5_000, 500), park('p3', 4_500, 400)])).toEqual({
      p1: null,
      p2: null,
      p3: null,
    });
  });

  it('looks only at criteria that count', () => {
    const without = { ...need, weights: { labour: 0 } };
    expect(marks([park('p1', 5_000, 900), park('p2', 4_500, 100)], without)).toEqual({ p1: 'p2', p2: null });
  });

  it('is never by a park that ranks lower for an open fact', () => {
    const asked = { ...need, powerKva: 10 };
    const open = park('p1', 4_500, 900, { factors: { powerKva: known(null) } });
    const sure = park('p2', 5_000, 400, { factors: { powerKva: known(10) } });
    expect(marks([open, sure], asked)).toEqual({ p1: null, p2: null });
  });
});

describe('rankIfConfirmed', () => {
  it('is the rank among the eligible if the open facts were just enough', () => {
    const open = { factors: { powerKva: known(null) } };
    const sure = { factors: { powerKva: known(10) } };
    const parks = [
      wage('a', 4_500, open),
      wage('b', 5_000, sure),
      wage('c', 5_500, open),
      wage('d', 6_000, sure),
      wage('e', 6_000, open),
      wage('f', 8_000, open),
    ];
    const result = matchTiny(parks, tinyNeed({ powerKva: 10 }));
    expect(result.ranked.map(({ park, status, rankIfConfirmed }) => [park.id, status, rankIfConfirmed])).toEqual([
      ['b', 'eligible', null],
      ['d', 'eligible', null],
      ['a', 'conditional', 1],
      ['c', 'conditional', 2],
      // As good as d, which comes first by id.
      ['e', 'conditional', 3],
      ['f', 'conditional', 3],
    ]);
  });
});

describe('policies', () => {
  const policy = (id: string, change: Partial<Policy> = {}): Policy => ({
    id,
    title: `政策${id}`,
    adcodes: [HOST],
    scope: [],
    instrument: 'subsidy',
    amountText: null,
    maxWanPerYear: null,
    eligibility: null,
    beneficiary: null,
    chainIds: [],
    provenance: trusted('reported', `source ${id}`),
    ...change,
  });
  const chains = [tinyChain('ours', [tinyLink('l', ['3985'])]), tinyChain('theirs', [tinyLink('m', ['2912'])])];
  const offered = (policies: readonly Policy[]) => {
    const result = matchTiny([tinyPark('p1')], tinyNeed(), tinyReference({ chains, policies }));
    return parkOf(result, 'p1').policies;
  };

  it('are those of the park’s county that a firm of the need’s chains may claim, nearest first', () => {
    const shown = offered([
      policy('a-province', { adcodes: [HOST, OTHER_HOST] }),
      policy('b-county', { amountText: '最高 500 万元' }),
      policy('c-chain', { chainIds: ['ours'], adcodes: [HOST, OTHER_HOST] }),
      policy('d-other-chain', { chainIds: ['theirs'] }),
      policy('e-elsewhere', { adcodes: [OTHER_HOST] }),
      policy('f-for-counties', { beneficiary: '山区县政府' }),
      policy('g-for-firms', { beneficiary: '落地企业' }),
    ]);
    expect(shown.map(({ id }) => id)).toEqual(['c-chain', 'b-county', 'g-for-firms', 'a-province']);
    expect(shown[1]).toEqual({
      id: 'b-county',
      title: '政策b-county',
      instrument: 'subsidy',
      amountText: '最高 500 万元',
      source: 'source b-county',
      basis: 'reported',
    });
  });

  it('are ten at most', () => {
    expect(offered(Array.from({ length: 12 }, (_, index) => policy(`p${index + 10}`))).map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `p${index + 10}`),
    );
  });

  it('never change a score, a rank or a gate', () => {
    const parks = [tinyPark('p1'), tinyPark('p2', {}, OTHER_HOST)];
    const bare = (result: MatchResult) => result.ranked.map(({ policies: _policies, ...rest }) => rest);
    const plain = matchTiny(parks, tinyNeed(), tinyReference({ chains }));
    const rich = matchTiny(parks, tinyNeed(), tinyReference({ chains, policies: [policy('a'), policy('b')] }));
    expect(parkOf(rich, 'p1').policies).toHaveLength(2);
    expect(bare(rich)).toEqual(bare(plain));
  });
});

describe('excluded parks', () => {
  it('come with the fewest failing gates first, then by id', () => {
    const need = tinyNeed({ powerKva: 10, waterM3PerDay: 10, energyTce: 10 });
    const stock = (power: number, water: number, energy: number | null) => ({
      factors: { powerKva: known(power), waterM3PerDay: known(water), energyTce: known(energy) },
    });
    const result = matchTiny(
      [
        tinyPark('p1', stock(0, 0, 0)),
        tinyPark('p2', stock(0, 10, 10)),
        tinyPark('p3', stock(10, 0, null)),
        tinyPark('p4', stock(0, 0, 10)),
        tinyPark('p5', stock(10, 10, 10)),
      ],
      need,
    );
    expect(result.excluded.map(({ park, gates }) => [park.id, gates.map(({ gate }) => gate)])).toEqual([
      ['p2', ['powerKva']],
      // The unknown energy comes after the failing water, though energy is the earlier gate.
      ['p3', ['waterM3PerDay', 'energyTce']],
      ['p4', ['powerKva', 'waterM3PerDay']],
      ['p1', ['energyTce', 'powerKva', 'waterM3PerDay']],
    ]);
    expect([result.rankedTotal, result.excludedTotal]).toEqual([1, 4]);
  });

  it('are counted all and shown a hundred at most', () => {
    const parks = Array.from({ length: 104 }, (_, index) => tinyPark(`p${index + 100}`));
    const result = matchTiny(parks, tinyNeed({ powerKva: 10 }));
    expect([result.excludedTotal, result.excluded.length, result.excluded[0]?.park.id]).toEqual([104, 100, 'p100']);
  });
});

describe('what a result never holds', () => {
  it('is the firm: its name, credit code, title or description, in no answer', () => {
    const secret = fc.string({ minLength: 4, maxLength: 12, unit: 'binary' }).map((text) => `秘${text}密`);
    const asked = fc.record({ seed: fc.nat({ max: 500 }), secrets: fc.tuple(secret, secret, secret, secret) });
    fc.assert(
      fc.property(asked, ({ seed, secrets: [name, creditCode, title, description] }) => {
        const { firm, ...rest } = madeNeed(seed);
        const need: Need = { ...rest, firm: { ...firm, name, creditCode }, title, description };
        const text = { [firm.countyAdcode]: 0.5, 'c1-l1': 0.5 };
        const written = JSON.stringify(matchTiny(madeParks(8, seed), need, madeReference, text));
        for (const kept of [name, creditCode, title, description]) {
          expect(written).not.toContain(JSON.stringify(kept).slice(1, -1));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is prose: beside names and what policies say, nothing in it is Chinese or a sentence', () => {
    const full = tinyReference({
      chains: [tinyChain('c', [tinyLink('l', ['3985'])])],
      presences: [presence('l', 0.5)],
      accessRules: [
        { id: 'r', level: 'restrict', adcodes: [HOST], gbtPrefixes: ['39'], text: '限制类', provenance: trusted() },
      ],
    });
    const parks = [tinyPark('p1'), tinyPark('p2', { parcels: [{ id: 'a', areaMu: 5, availableFrom: DAY }] })];
    const need = tinyNeed({ land: { minMu: 50 }, neededBy: '2026-06-30', powerKva: 0 });
    const result = matchTiny(parks, need, full);
    expect([result.rankedTotal, result.excludedTotal]).toEqual([1, 1]);
    const texts: string[] = [];
    JSON.stringify(result, (key, value: unknown) => {
      if (typeof value === 'string' && key !== 'name') texts.push(value);
      return value;
    });
    expect(texts.length).toBeGreaterThan(20);
    for (const text of texts) expect(text).toMatch(/^[\w.:@+/-]+$/);
  });
});
