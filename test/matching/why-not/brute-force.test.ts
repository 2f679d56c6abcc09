import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Need } from '../../../src/domain/need.js';
import type { Park } from '../../../src/domain/park.js';
import { dayNumber, isoDate } from '../../../src/domain/units.js';
import { LIMITS } from '../../../src/matching/why-not/limits.js';
import { DAY, known, tinyNeed, tinyPark, tinySnapshot } from '../tiny.js';
import { combinationsOf, isLive } from './cases.js';

const TODAY = dayNumber(DAY);
const LAND_STEPS = 8;
const PART_STEPS = 5;
const RAISE_STEPS = 10;

interface Found {
  readonly cost: number;
  readonly day: number;
  readonly givenUp: number;
}

const better = (a: Found, b: Found) => a.cost - b.cost || a.day - b.day || a.givenUp - b.givenUp;

/** Every way to part a whole into so many shares, in fifths. */
function parts(count: number, left = PART_STEPS): number[][] {
  if (count === 1) return [[left]];
  return Array.from({ length: left + 1 }, (_, take) =>
    parts(count - 1, left - take).map((rest) => [take, ...rest]),
  ).flat();
}

/** The best that a grid of land, parcels, days and investments finds, judged by the engine alone. */
function bruteForce(park: Park, need: Need): Found | null {
  const snapshot = tinySnapshot([park]);
  const { minMu } = need.land;
  const base = need.neededBy === undefined ? TODAY : dayNumber(need.neededBy);
  const { parcels } = park.inventory;
  let best: Found | null = null;
  for (let step = 0; step <= LAND_STEPS; step += 1) {
    const mu = minMu * (1 - ((1 - LIMITS.leastLandShare) * step) / LAND_STEPS);
    for (const split of parts(parcels.length)) {
      const phases = split
        .map((share, index) => ({
          mu: (mu * share) / PART_STEPS,
          from: dayNumber(parcels[index]?.availableFrom ?? DAY),
        }))
        .filter((phase) => phase.mu > 0);
      const last = Math.max(...phases.map(({ from }) => from));
      const day = last > base ? last : 0;
      const land = {
        minMu: mu,
        phases: phases.map((phase) => ({ mu: phase.mu, by: isoDate(Math.max(base, phase.from)) })),
      };
      for (let raise = 0; raise <= RAISE_STEPS; raise += 1) {
        const cost = (need.investWan * raise) / RAISE_STEPS;
        const found = { cost, day, givenUp: minMu - mu };
        if (best !== null && better(found, best) >= 0) break;
        if (!isLive(snapshot, park.id, { ...need, land, investWan: need.investWan + cost }, park)) continue;
        best = found;
        break;
      }
    }
  }
  return best;
}

it('no point of a brute-force grid is cheaper, sooner or gives up less land than the first combination', () => {
  let compared = 0;
  let beaten = 0;
  const parcels = fc.array(
    fc.record({ areaMu: fc.integer({ min: 10, max: 90 }), late: fc.integer({ min: -100, max: 700 }) }),
    { minLength: 1, maxLength: 3 },
  );
  const numbers = fc.record({
    minMu: fc.integer({ min: 20, max: 120 }),
    neededIn: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
    investPerMu: fc.integer({ min: 100, max: 300 }),
    taxPerMu: fc.integer({ min: 8, max: 24 }),
  });
  fc.assert(
    fc.property(parcels, numbers, (made, { minMu, neededIn, investPerMu, taxPerMu }) => {
      const park = tinyPark('p1', {
        parcels: made.map(({ areaMu, late }, index) => ({
          id: `d${index}`,
          areaMu,
          availableFrom: isoDate(TODAY + late),
        })),
        landStandard: { investPerMuWan: known(250), taxPerMuWan: known(12) },
      });
      const need = tinyNeed({
        land: { minMu },
        investWan: minMu * investPerMu,
        taxWan: minMu * taxPerMu,
        ...(neededIn === undefined ? {} : { neededBy: isoDate(TODAY + neededIn) }),
      });
      if (isLive(tinySnapshot([park]), 'p1', need, park)) return;
      const grid = bruteForce(park, need);
      const [best] = combinationsOf(park, need);
      if (best === undefined) throw new Error('no combination');
      if (grid === null) return;
      compared += 1;
      expect(best.closesAll).toBe(true);
      const ours = {
        cost: best.costWan,
        day: best.readyBy === null ? 0 : dayNumber(best.readyBy),
        givenUp: best.landGivenUpMu,
      };
      expect(ours.cost).toBeLessThanOrEqual(grid.cost + 0.02);
      if (ours.cost >= grid.cost) {
        expect(ours.day).toBeLessThanOrEqual(grid.day);
        if (ours.day === grid.day) expect(ours.givenUp).toBeLessThanOrEqual(grid.givenUp + 0.011);
      }
      if (better(ours, grid) < 0) beaten += 1;
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(12);
  expect(beaten).toBeGreaterThan(5);
}, 60_000);
