import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syntheticNeeds, TODAY } from '../../../bench/support/synthetic.js';
import type { Need } from '../../../src/domain/need.js';
import { dayNumber, isoDate } from '../../../src/domain/units.js';
import { LIMITS } from '../../../src/matching/why-not/limits.js';
import { madeParks, reference, snapshotOf } from '../made.js';
import { excludedParks, letsIn, provincesOf } from './cases.js';

const provinces = provincesOf(12);

/** Needs of every kind that falls short: large, phased, dated, heavy on energy, with a floor area. */
const shaped = fc
  .record({
    seed: fc.integer({ min: 0, max: 5_000 }),
    mu: fc.double({ min: 5, max: 600, noNaN: true }),
    shares: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 0, maxLength: 4 }),
    days: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 4 }),
    dated: fc.boolean(),
    valueAdded: fc.option(fc.integer({ min: 500, max: 40_000 }), { nil: undefined }),
    floor: fc.option(fc.double({ min: 100, max: 400_000, noNaN: true }), { nil: undefined }),
    perMu: fc.integer({ min: 60, max: 500 }),
    taxPerMu: fc.integer({ min: 3, max: 40 }),
  })
  .map(({ seed, mu: raw, shares, days, dated, valueAdded, floor, perMu, taxPerMu }): Need => {
    const mu = Math.round(raw * 100) / 100;
    const [base] = syntheticNeeds(reference, 1, seed);
    if (base === undefined) throw new Error('no need');
    const start = dayNumber(TODAY);
    const sum = shares.reduce((total, share) => total + share, 0);
    const sorted = [...days].sort((a, b) => a - b);
    const phases = shares.map((share, index) => ({
      mu: (mu * share) / sum,
      by: isoDate(start + (sorted[index] ?? 0)),
    }));
    const { neededBy: _day, ...rest } = base;
    return {
      ...rest,
      land: { minMu: mu, ...(phases.length > 0 ? { phases } : {}) },
      ...(dated ? { neededBy: isoDate(start + (days[0] ?? 0)) } : {}),
      ...(valueAdded === undefined ? {} : { valueAddedWan: valueAdded }),
      ...(floor === undefined ? {} : { floorAreaM2: floor }),
      investWan: mu * perMu,
      taxWan: mu * taxPerMu,
    };
  });

describe('combinations on a made-up province', () => {
  it('let the park in when they say so, and never when they say a gate stays shut', () => {
    const seen = { closing: 0, shut: 0, planned: 0, alternatives: 0 };
    fc.assert(
      fc.property(shaped, fc.integer({ min: 0, max: 19 }), (need, parksSeed) => {
        const snapshot = provinces.of(parksSeed);
        for (const { park, gates, remedy } of excludedParks(snapshot, need)) {
          const combinations = remedy?.combinations ?? [];
          expect(combinations.length).toBeGreaterThan(0);
          seen.alternatives += combinations.length - 1;
          for (const combination of combinations) {
            const shut = combination.open.filter(({ kind }) => kind === 'gateStays');
            expect(combination.closesAll).toBe(shut.length === 0);
            expect(letsIn(snapshot, park.id, need, combination)).toBe(combination.closesAll);
            seen[combination.closesAll ? 'closing' : 'shut'] += 1;
            if (combination.landPlan.length > 0) seen.planned += 1;
            const failed = new Set(gates.filter(({ outcome }) => outcome === 'fail').map(({ gate }) => gate));
            const closed = combination.actions.flatMap((action) => action.gates);
            expect(new Set([...closed, ...shut.map(({ gate }) => gate)])).toEqual(failed);
            if (combination.landMu !== null) {
              expect(combination.landMu).toBeGreaterThanOrEqual(need.land.minMu * LIMITS.leastLandShare);
            }
          }
        }
      }),
      { numRuns: 90 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  }, 60_000);

  it('are the same every time', () => {
    fc.assert(
      fc.property(shaped, (need) => {
        const snapshot = snapshotOf(madeParks(8, 3));
        expect(excludedParks(snapshotOf(madeParks(8, 3)), need)).toEqual(excludedParks(snapshot, need));
      }),
      { numRuns: 20 },
    );
  });
});
