import { describe, expect, it } from 'vitest';
import type { Factor } from '../../src/domain/factors.js';
import { type Fix, GATES, type GateReport } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Park } from '../../src/domain/park.js';
import type { QuotaPrice } from '../../src/domain/policy.js';
import { gateOf, HOST, known, matchTiny, OTHER_HOST, tinyNeed, tinyPark, tinyReference, trusted } from './tiny.js';

function way(kind: Fix['kind'], parts: Partial<Fix> = {}): Fix {
  return { kind, amount: null, unit: null, costWan: null, date: null, ref: null, ...parts };
}

function price(quota: QuotaPrice['quota'], priceWan: number | null, from: string, source: string): QuotaPrice {
  return { quota, priceWan, from, provenance: trusted('public', source) };
}

const priced = tinyReference({
  quotaPrices: [
    price('energyTce', 0.05, '2025-01-01', 'energy exchange'),
    price('codT', 0.4, '2025-01-01', 'discharge exchange'),
    price('nh3nT', 10, '2025-01-01', 'discharge exchange'),
    price('so2T', null, '2025-01-01', 'market without prices'),
    // Of three prices the newest one in force on 2026-01-01 counts.
    price('noxT', 9, '2024-01-01', 'old list'),
    price('noxT', 0.5, '2026-01-01', 'list of today'),
    price('noxT', 7, '2026-01-02', 'list of tomorrow'),
  ],
});

interface FactorCase {
  readonly gate: Factor;
  readonly ask: Partial<Need>;
  readonly required: number;
  readonly available: number;
  readonly shortfall: number;
  readonly unit: string;
  readonly fixes: readonly Fix[];
}

const buy = (amount: number, costWan: number | null, ref: string | null) =>
  way('buyDischargeRight', { amount, unit: 't/a', costWan, ref });
const cut = (amount: number, unit: string) => way('cutUse', { amount, unit });

const FACTOR_CASES: readonly FactorCase[] = [
  {
    gate: 'energyTce',
    ask: { energyTce: 5_000 },
    required: 5_000,
    available: 3_000,
    shortfall: 2_000,
    unit: 'tce/a',
    fixes: [
      way('buyEnergyRight', { amount: 2_000, unit: 'tce/a', costWan: 100, ref: 'energy exchange' }),
      cut(3_000, 'tce/a'),
    ],
  },
  {
    gate: 'powerKva',
    ask: { powerKva: 800 },
    required: 800,
    available: 500,
    shortfall: 300,
    unit: 'kVA',
    fixes: [cut(500, 'kVA')],
  },
  {
    gate: 'waterM3PerDay',
    ask: { waterM3PerDay: 120 },
    required: 120,
    available: 0,
    shortfall: 120,
    unit: 'm3/d',
    fixes: [cut(0, 'm3/d')],
  },
  {
    gate: 'codT',
    ask: { emissions: { codT: 10 } },
    required: 10,
    available: 7.5,
    shortfall: 2.5,
    unit: 't/a',
    fixes: [buy(2.5, 1, 'discharge exchange'), cut(7.5, 't/a')],
  },
  {
    // Kilograms: a shortfall must not be rounded away, nor its price.
    gate: 'nh3nT',
    ask: { emissions: { nh3nT: 0.008 } },
    required: 0.008,
    available: 0.005,
    shortfall: 0.003,
    unit: 't/a',
    fixes: [buy(0.003, 0.03, 'discharge exchange'), cut(0.005, 't/a')],
  },
  {
    gate: 'so2T',
    ask: { emissions: { so2T: 4 } },
    required: 4,
    available: 1,
    shortfall: 3,
    unit: 't/a',
    fixes: [buy(3, null, null), cut(1, 't/a')],
  },
  {
    gate: 'noxT',
    ask: { emissions: { noxT: 4 } },
    required: 4,
    available: 2,
    shortfall: 2,
    unit: 't/a',
    fixes: [buy(2, 1, 'list of today'), cut(2, 't/a')],
  },
  {
    gate: 'vocT',
    ask: { emissions: { vocT: 1.5 } },
    required: 1.5,
    available: 1.1,
    shortfall: 0.4,
    unit: 't/a',
    fixes: [buy(0.4, null, null), cut(1.1, 't/a')],
  },
  {
    gate: 'workshopM2',
    ask: { workshopM2: 2_000 },
    required: 2_000,
    available: 1_500,
    shortfall: 500,
    unit: 'm2',
    fixes: [cut(1_500, 'm2')],
  },
];

describe.each(FACTOR_CASES)('$gate gate', ({ gate, ask, required, available, shortfall, unit, fixes }) => {
  const answer = (value: number | null, basis: 'sample' | 'unverified') =>
    gateOf(matchTiny([tinyPark('p1', { factors: { [gate]: known(value, basis) } })], tinyNeed(ask), priced), gate);
  const fact = { ref: null, asOf: '2025-11-01' };

  it('passes where there is exactly enough', () => {
    const passed = { gate, outcome: 'pass', required, unit, shortfall: null, fixes: [], ...fact };
    expect(answer(required, 'sample')).toEqual({
      standing: 'eligible',
      report: { ...passed, available: required, basis: 'sample' },
    });
    expect(answer(required, 'unverified')).toEqual({
      standing: 'eligible',
      report: { ...passed, available: required, basis: 'unverified' },
    });
  });

  it('fails where there is too little, and says how much and what to do', () => {
    expect(answer(available, 'sample')).toEqual({
      standing: 'excluded',
      report: { gate, outcome: 'fail', required, available, unit, shortfall, basis: 'sample', fixes, ...fact },
    });
  });

  it('cannot answer where nobody knows or the short figure is unverified', () => {
    const open = { gate, outcome: 'unknown', required, unit, fixes: [way('confirmFact', { ref: gate })], ...fact };
    expect(answer(null, 'sample')).toEqual({
      standing: 'conditional',
      report: { ...open, available: null, shortfall: null, basis: 'sample' },
    });
    expect(answer(available, 'unverified')).toEqual({
      standing: 'conditional',
      report: { ...open, available, shortfall, basis: 'unverified' },
    });
  });

  it('is not asked where the need does not ask', () => {
    const { standing, report } = gateOf(matchTiny([tinyPark('p1')], tinyNeed(), priced), gate);
    expect({ standing, report }).toEqual({ standing: 'eligible', report: undefined });
  });
});

describe('excludedCounty gate', () => {
  const result = matchTiny(
    [tinyPark('p1'), tinyPark('p2', {}, OTHER_HOST)],
    tinyNeed({ exclude: { counties: [HOST, '999999'] } }),
  );
  const plain = { required: null, available: null, unit: null, shortfall: null, ref: null };
  const inventory = { basis: 'sample', asOf: '2025-10-01' };

  it('fails in the counties the firm names and passes elsewhere', () => {
    expect(gateOf(result, 'excludedCounty', 'p1')).toEqual({
      standing: 'excluded',
      report: { gate: 'excludedCounty', outcome: 'fail', ...plain, ...inventory, fixes: [way('lookElsewhere')] },
    });
    expect(gateOf(result, 'excludedCounty', 'p2')).toEqual({
      standing: 'eligible',
      report: { gate: 'excludedCounty', outcome: 'pass', ...plain, ...inventory, fixes: [] },
    });
  });

  it('is not asked where the firm excludes nothing', () => {
    expect(gateOf(matchTiny([tinyPark('p1')], tinyNeed()), 'excludedCounty').report).toBeUndefined();
  });
});

describe('accessRule gate', () => {
  const rule = (id: string, level: 'ban' | 'restrict', basis: 'public' | 'unverified', prefix = '39') => ({
    id,
    level,
    adcodes: [HOST],
    gbtPrefixes: ['11', prefix],
    text: '示例规则',
    provenance: trusted(basis),
  });
  const answer = (rules: readonly ReturnType<typeof rule>[], parkId = 'p1') =>
    gateOf(
      matchTiny(
        [tinyPark('p1'), tinyPark('p2', {}, OTHER_HOST)],
        tinyNeed(),
        tinyReference({ accessRules: [...rules] }),
      ),
      'accessRule',
      parkId,
    );
  const confirm = (ref: string) => [way('confirmFact', { ref })];

  it.each<[string, Parameters<typeof answer>[0], string, Partial<GateReport>]>([
    ['no rule', [], 'eligible', { outcome: 'pass', ref: null, fixes: [] }],
    ['a ban on another code', [rule('b', 'ban', 'public', '3986')], 'eligible', { outcome: 'pass', ref: null }],
    ['a ban', [rule('b', 'ban', 'public')], 'excluded', { outcome: 'fail', ref: 'b', fixes: [way('lookElsewhere')] }],
    ['a ban on the class', [rule('b', 'ban', 'public', '3985')], 'excluded', { outcome: 'fail', ref: 'b' }],
    [
      'an unverified ban',
      [rule('u', 'ban', 'unverified')],
      'conditional',
      { outcome: 'unknown', ref: 'u', basis: 'unverified', fixes: confirm('u') },
    ],
    ['a restriction', [rule('r', 'restrict', 'public')], 'conditional', { outcome: 'unknown', fixes: confirm('r') }],
    [
      'a ban beside weaker rules',
      [rule('u', 'ban', 'unverified'), rule('r', 'restrict', 'public'), rule('b', 'ban', 'public')],
      'excluded',
      { outcome: 'fail', ref: 'b', basis: 'public', asOf: '2025-12-01' },
    ],
  ])('answers to %s', (_what, rules, standing, report) => {
    const answered = answer(rules);
    expect(answered.standing).toBe(standing);
    expect(answered.report).toMatchObject({ gate: 'accessRule', shortfall: null, ...report });
  });

  it('holds only in the counties it names', () => {
    const { standing, report } = answer([rule('b', 'ban', 'public')], 'p2');
    expect({ standing, outcome: report?.outcome }).toEqual({ standing: 'eligible', outcome: 'pass' });
  });
});

describe('a province of little', () => {
  const everything = tinyNeed({
    land: { minMu: 10 },
    neededBy: '2026-12-31',
    energyTce: 1,
    powerKva: 1,
    waterM3PerDay: 1,
    emissions: { codT: 1, nh3nT: 1, so2T: 1, noxT: 1, vocT: 1 },
    workshopM2: 1,
    floorAreaM2: 7_000,
    investWan: 1,
    taxWan: 1,
    valueAddedWan: 1,
    exclude: { counties: [OTHER_HOST] },
  });
  const gatesOf = (park: Park) => matchTiny([park], everything).excluded[0]?.gates.map(({ gate }) => gate);

  it('lists a park without any capacity with every gate it fails, in the order of the gates', () => {
    const standards = { investPerMuWan: known(300), taxPerMuWan: known(20), plotRatio: known(2) };
    const bare = tinyPark('p1', {
      parcels: [],
      landStandard: { ...standards, energyPerValueAddedTce: known(0.5) },
    });
    const asked: readonly string[] = GATES.filter((gate) => !['excludedCounty', 'accessRule', 'date'].includes(gate));
    expect(gatesOf(bare)).toEqual(asked);
  });

  it('puts what is unknown after what fails', () => {
    const park = tinyPark('p1', { factors: { energyTce: known(null), vocT: known(null) }, parcels: [] });
    const gates = gatesOf(park) ?? [];
    expect(gates.slice(-2)).toEqual(['energyTce', 'vocT']);
    expect(gates[0]).toBe('land');
  });

  it('answers a need where there is no park at all', () => {
    expect(matchTiny([], everything)).toMatchObject({ ranked: [], rankedTotal: 0, excluded: [], excludedTotal: 0 });
  });

  it('takes a need that asks for nothing everywhere, also where there is nothing', () => {
    const result = matchTiny([tinyPark('p1', { parcels: [] }), tinyPark('p2')], tinyNeed({ energyTce: 0 }));
    expect(result.ranked.map(({ park, status }) => [park.id, status])).toEqual([
      ['p1', 'eligible'],
      ['p2', 'eligible'],
    ]);
    expect(result.ranked[0]?.gates.map(({ gate }) => gate)).toEqual(['accessRule']);
  });
});
