import { describe, expect, it } from 'vitest';
import type { County, Endowment } from '../../src/domain/county.js';
import type { Criterion } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import {
  gateOf,
  HOST,
  matchTiny,
  ORIGIN,
  tinyChain,
  tinyCounty,
  tinyLink,
  tinyNeed,
  tinyPark,
  tinyReference,
  trusted,
} from './tiny.js';

const provenance = trusted();

function contribution(criterion: Criterion, host: Partial<County>, need: Need, settlesBy: readonly Endowment[] = []) {
  const link = tinyLink('link-a', [need.gbt], [], settlesBy.length === 0 ? {} : { endowments: settlesBy });
  const reference = tinyReference({
    counties: [tinyCounty(ORIGIN), { ...tinyCounty(HOST), ...host }],
    chains: [tinyChain('chain-a', [link])],
  });
  return matchTiny([tinyPark('p1')], need, reference).ranked[0]?.contributions.find(
    (part) => part.criterion === criterion,
  )?.utility;
}

describe('endowment: the share of what the need settles by that the county has', () => {
  const water = { kind: 'firstGradeWater', provenance } as const;

  it('is silent where the need can be met anywhere', () => {
    expect(contribution('endowment', { endowments: [water] }, tinyNeed())).toBeUndefined();
  });

  it.each([
    [['firstGradeWater'], 1],
    [['firstGradeWater', 'limestone'], 0.5],
    [['limestone'], 0],
  ] as const)('settling by %j where there is first-grade water is worth %d', (settlesBy, worth) => {
    expect(contribution('endowment', { endowments: [water] }, tinyNeed(), settlesBy)).toBeCloseTo(worth, 12);
  });
});

describe('scale: investment over the county product, logarithmic from 60% (0) to 3% (1)', () => {
  const economy = (gdpYi: number) => ({ economy: { gdpYi, provenance } });

  it('is silent for a project no county is too small for', () => {
    expect(contribution('scale', economy(100), tinyNeed({ investWan: 49_999 }))).toBeUndefined();
  });

  it.each([
    [60, 0],
    [100, 0],
    [3, 1],
    [1, 1],
    [Math.sqrt(60 * 3), 0.5],
  ])('%d 亿元 in a county of 100 亿元 is worth %d', (investYi, worth) => {
    expect(contribution('scale', economy(100), tinyNeed({ investWan: Math.max(investYi, 5) * 10_000 }))).toBeCloseTo(
      investYi < 5 ? Math.min(1, Math.log(0.6 / 0.05) / Math.log(0.6 / 0.03)) : worth,
      9,
    );
  });

  it('is worth nothing where nobody knows the county product', () => {
    expect(contribution('scale', {}, tinyNeed({ investWan: 100_000 }))).toBe(0);
  });
});

describe('land of an inventory nobody has verified', () => {
  const unverified = (parcels: readonly { areaMu: number; availableFrom: string }[]) => {
    const park = tinyPark('p1', { parcels: parcels.map((parcel, index) => ({ id: `a${index}`, ...parcel })) });
    return { ...park, inventory: { ...park.inventory, provenance: trusted('unverified') } };
  };

  it('too small: the gate is open, the park conditional', () => {
    const result = matchTiny(
      [unverified([{ areaMu: 10, availableFrom: '2026-01-01' }])],
      tinyNeed({ land: { minMu: 50 } }),
    );
    expect(result.ranked[0]?.status).toBe('conditional');
    expect(gateOf(result, 'land').report).toMatchObject({
      outcome: 'unknown',
      shortfall: 40,
      fixes: [{ kind: 'confirmFact' }],
    });
  });

  it('too late: the date gate is open', () => {
    const need = tinyNeed({ land: { minMu: 50 }, neededBy: '2026-12-31' });
    const result = matchTiny([unverified([{ areaMu: 60, availableFrom: '2027-12-31' }])], need);
    expect(result.ranked[0]?.status).toBe('conditional');
    expect(gateOf(result, 'date').report).toMatchObject({ outcome: 'unknown', shortfall: 365 });
    expect(gateOf(result, 'land').report?.outcome).toBe('pass');
  });

  it('large enough: it passes as any other', () => {
    const result = matchTiny(
      [unverified([{ areaMu: 60, availableFrom: '2026-01-01' }])],
      tinyNeed({ land: { minMu: 50 } }),
    );
    expect(result.ranked[0]?.status).toBe('eligible');
  });
});
