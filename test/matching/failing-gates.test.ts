import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BASES } from '../../src/domain/provenance.js';
import { failingGates, failingMask } from '../../src/matching/failing-gates.js';
import { gateReports } from '../../src/matching/gate-reports.js';
import { GATE_BIT } from '../../src/matching/snapshot.js';
import { evaluated, madeNeed, madeParks, reference, withInventory } from './made.js';

it('counts and names the failing gates of the reports, for every park', () => {
  const seen = new Set<number>();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), fc.nat(4), (seed, at, basis) => {
      const parks = madeParks(25, seed).map((park, row) =>
        row % 3 === 0
          ? withInventory(park, {
              provenance: { ...park.inventory.provenance, basis: BASES[basis] ?? 'sample' },
              factors: {
                ...park.inventory.factors,
                energyTce: { ...park.inventory.factors.energyTce, basis: BASES[basis] ?? 'sample' },
              },
            })
          : park,
      );
      const made = madeNeed(at);
      const mu = made.land.minMu;
      const phases = [
        { mu, by: '2026-06-30' },
        { mu: mu / 2, by: '2027-06-30' },
      ];
      const need = {
        ...made,
        floorAreaM2: mu * 800,
        exclude: { counties: reference.counties.slice(0, 4).map(({ adcode }) => adcode) },
        ...(at % 2 === 0 ? { land: { minMu: mu * 1.5, phases } } : {}),
      };
      const { snapshot, compiled } = evaluated(parks, need);
      for (const row of snapshot.parks.keys()) {
        const failing = gateReports(snapshot, row, compiled).filter(({ outcome }) => outcome === 'fail');
        seen.add(failing.length);
        expect(failingGates(snapshot, row, compiled)).toBe(failing.length);
        expect(failingMask(snapshot, row, compiled)).toBe(failing.reduce((mask, { gate }) => mask | GATE_BIT[gate], 0));
      }
    }),
    { numRuns: 80 },
  );
  expect(seen.size).toBeGreaterThan(4);
});
