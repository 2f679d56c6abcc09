import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRule, Policy } from '../../src/domain/policy.js';
import type { Provenance } from '../../src/domain/provenance.js';
import { compileCountyIndex } from '../../src/matching/county-index.js';
import { explainExcluded } from '../../src/matching/explain.js';
import { gateReports, unmetReports } from '../../src/matching/gate-reports.js';
import { evaluated, madeNeed, madeParks, reference, withInventory } from './made.js';

const provenance: Provenance = { source: 'test', basis: 'public', asOf: '2026-01-01' };
const [here = '', there = ''] = reference.counties.map(({ adcode }) => adcode);

function rule(id: string, level: AccessRule['level'], basis: Provenance['basis'] = 'public'): AccessRule {
  return { id, level, adcodes: [here], gbtPrefixes: ['13'], text: '', provenance: { ...provenance, basis } };
}

function policy(id: string, change: Partial<Policy> = {}): Policy {
  const amount = { amountText: null, maxWanPerYear: null };
  const said = { title: id, instrument: '补助', ...amount, eligibility: null, scope: [], provenance };
  return { id, adcodes: [here], beneficiary: '企业', chainIds: [], ...said, ...change };
}

describe('compileCountyIndex', () => {
  it('puts the rule that says most first, and only in its counties', () => {
    const accessRules = [
      rule('d', 'ban', 'unverified'),
      rule('c', 'restrict'),
      rule('b', 'ban'),
      rule('a', 'restrict'),
      { ...rule('e', 'ban'), adcodes: [there] },
    ];
    const index = compileCountyIndex({ ...reference, accessRules });
    expect(index[0]?.accessRules.map(({ id }) => id)).toEqual(['b', 'a', 'c', 'd']);
    expect(index[1]?.accessRules.map(({ id }) => id)).toEqual(['e']);
    expect(index).toHaveLength(reference.counties.length);
  });

  it('keeps policies firms can claim: for particular chains first, then those of the fewest counties', () => {
    const policies = [
      policy('wide', { adcodes: [here, there] }),
      policy('b'),
      policy('a', { beneficiary: null }),
      policy('chain', { adcodes: [here, there], chainIds: ['c1'] }),
      policy('officials', { beneficiary: '县政府' }),
    ];
    const [first, second] = compileCountyIndex({ ...reference, policies });
    expect(first?.policies.map(({ ref }) => ref.id)).toEqual(['chain', 'a', 'b', 'wide']);
    expect(second?.policies.map(({ ref }) => ref.id)).toEqual(['chain', 'wide']);
    expect(first?.policies[0]?.ref).toEqual({
      id: 'chain',
      title: 'chain',
      instrument: '补助',
      amountText: null,
      source: 'test',
      basis: 'public',
    });
  });
});

it('reports that are not passed are those of all reports that are no pass, to the figure', () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), (seed, at) => {
      const parks = madeParks(20, seed).map((park, row) =>
        row % 4 === 0 ? withInventory(park, { provenance: { ...provenance, basis: 'unverified' } }) : park,
      );
      const made = madeNeed(at);
      const mu = made.land.minMu;
      const need = {
        ...made,
        gbt: at % 2 === 0 ? '1310' : made.gbt,
        floorAreaM2: mu * 800,
        neededBy: '2026-09-30',
        exclude: { counties: reference.counties.slice(0, 4).map(({ adcode }) => adcode) },
        ...(at % 3 === 0 ? { land: { minMu: mu * 1.5, phases: [{ mu: mu * 1.5, by: '2026-06-30' }] } } : {}),
      };
      const { snapshot, compiled } = evaluated(parks, need);
      for (const row of snapshot.parks.keys()) {
        const all = gateReports(snapshot, row, compiled);
        const unmet = all.filter(({ outcome }) => outcome !== 'pass');
        for (const { gate, outcome } of all) outcomes.add(`${gate} ${outcome}`);
        expect(unmetReports(snapshot, row, compiled)).toEqual(unmet);
        const sorted = explainExcluded(snapshot, compiled, row).gates;
        expect(sorted).toHaveLength(unmet.length);
        const firstOpen = sorted.findIndex(({ outcome }) => outcome === 'unknown');
        expect(sorted.slice(firstOpen < 0 ? sorted.length : firstOpen).every((one) => one.outcome === 'unknown')).toBe(
          true,
        );
      }
    }),
    { numRuns: 60 },
  );
  for (const seen of ['excludedCounty fail', 'accessRule fail', 'land fail', 'date fail', 'land unknown']) {
    expect([...outcomes]).toContain(seen);
  }
  expect([...outcomes]).toContain('plotRatio fail');
});
