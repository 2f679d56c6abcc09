import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syntheticNeeds, TODAY } from '../../../bench/support/synthetic.js';
import { FACTORS } from '../../../src/domain/factors.js';
import type { Gate } from '../../../src/domain/match.js';
import type { Need } from '../../../src/domain/need.js';
import type { Fact, LandStandard, Park } from '../../../src/domain/park.js';
import type { ReferenceData } from '../../../src/domain/reference.js';
import { explainExcluded } from '../../../src/matching/explain.js';
import { liveRows, rank } from '../../../src/matching/rank.js';
import { UNITS_PER_POINT } from '../../../src/matching/score-columns.js';
import { compileSnapshot } from '../../../src/matching/snapshot.js';
import { whatWouldItScore } from '../../../src/matching/why-not/would-score.js';
import { evaluated, madeParks, reference, withInventory } from '../made.js';
import { judged, provincesOf } from './cases.js';

const provinces = provincesOf(14);

const STANDARDS: Partial<Record<Gate, keyof LandStandard>> = {
  investPerMu: 'investPerMuWan',
  taxPerMu: 'taxPerMuWan',
  plotRatio: 'plotRatio',
  energyPerValueAdded: 'energyPerValueAddedTce',
};

/** The world in which a gate of one park is just met, made by hand. */
function mended(parks: readonly Park[], id: string, need: Need, gate: Gate): [readonly Park[], Need, ReferenceData] {
  const park = parks.find((one) => one.id === id);
  if (park === undefined) throw new Error('no such park');
  const { inventory } = park;
  const put = (change: Partial<Park['inventory']>): readonly Park[] =>
    parks.map((one) => (one.id === id ? withInventory(park, change) : one));
  const day = need.neededBy ?? TODAY;
  const factor = FACTORS.find((one) => one === gate);
  const standard = STANDARDS[gate];
  if (factor !== undefined) {
    const asked: Partial<Record<string, unknown>> = { ...need.emissions, ...need };
    const value = Number(asked[factor] ?? 0);
    const fact: Fact = { ...inventory.factors[factor], value };
    return [put({ factors: { ...inventory.factors, [factor]: fact } }), need, reference];
  }
  if (standard !== undefined) {
    const easy = { ...inventory.landStandard[standard], value: gate === 'energyPerValueAdded' ? 1e9 : 0 };
    return [put({ landStandard: { ...inventory.landStandard, [standard]: easy } }), need, reference];
  }
  if (gate === 'land') {
    const extra = { id: 'extra', areaMu: need.land.minMu, availableFrom: day };
    return [put({ parcels: [...inventory.parcels, extra] }), need, reference];
  }
  if (gate === 'date') {
    const parcels = inventory.parcels.map((parcel) => ({
      ...parcel,
      availableFrom: [parcel.availableFrom, day].sort()[0] ?? day,
    }));
    return [put({ parcels }), need, reference];
  }
  if (gate === 'excludedCounty') return [parks, { ...need, exclude: { counties: [] } }, reference];
  return [parks, need, { ...reference, accessRules: [] }];
}

const shaped = fc
  .record({
    seed: fc.integer({ min: 0, max: 5_000 }),
    heavy: fc.constantFrom('none', 'energyTce', 'powerKva', 'land', 'tax', 'invest', 'date', 'county', 'floor'),
  })
  .map(({ seed, heavy }): Need => {
    const [need] = syntheticNeeds(reference, 1, seed);
    if (need === undefined) throw new Error('no need');
    const { minMu } = need.land;
    const easy = { ...need, energyTce: 500, powerKva: 500, emissions: { codT: 0.5 }, investWan: minMu * 600 };
    const base: Need = { ...easy, taxWan: minMu * 60 };
    switch (heavy) {
      case 'energyTce':
        return { ...base, energyTce: 30_000 };
      case 'powerKva':
        return { ...base, powerKva: 60_000 };
      case 'land':
        return { ...base, land: { minMu: 180 }, investWan: 180 * 600, taxWan: 180 * 60 };
      case 'tax':
        return { ...base, taxWan: minMu * 18 };
      case 'invest':
        return { ...base, investWan: minMu * 260 };
      case 'date':
        return { ...base, neededBy: '2026-05-01' };
      case 'county':
        return { ...base, exclude: { counties: reference.counties.slice(0, 8).map(({ adcode }) => adcode) } };
      case 'floor':
        return { ...base, floorAreaM2: minMu * 860 };
      default:
        return base;
    }
  });

describe('what a park would score if its only failed gate were met', () => {
  it('is what matching again gives, score and rank, in a world where the gate is just met', () => {
    const seen = new Map<Gate, number>();
    fc.assert(
      fc.property(shaped, fc.integer({ min: 0, max: 19 }), (need, seed) => {
        const parks = madeParks(14, seed);
        const { snapshot, compiled, work } = judged(provinces.of(seed), need);
        const live = new Set(liveRows(work));
        const excluded = [...snapshot.parks.keys()]
          .filter((row) => !live.has(row))
          .map((row) => ({ row, gates: explainExcluded(snapshot, compiled, row).gates }));
        const answers = whatWouldItScore(snapshot, compiled, work, excluded);
        for (const { row, gates } of excluded) {
          const failed = gates.filter(({ outcome }) => outcome === 'fail');
          const answer = answers.get(row);
          expect(answer === undefined).toBe(failed.length !== 1);
          const id = snapshot.parks[row]?.id ?? '';
          if (answer === undefined) continue;
          seen.set(answer.gate, (seen.get(answer.gate) ?? 0) + 1);
          const [thenParks, thenNeed, thenReference] = mended(parks, id, need, answer.gate);
          const again =
            thenReference === reference
              ? judged(compileSnapshot(snapshot.frame, thenParks, 'then'), thenNeed)
              : evaluated(thenParks, thenNeed, thenReference);
          const score = (again.work.score[row] ?? 0) / UNITS_PER_POINT;
          expect({ gate: answer.gate, score: answer.score }).toEqual({ gate: answer.gate, score });
          expect(answer.status).toBe(again.work.open[row] === 0 ? 'eligible' : 'conditional');
          // A ban lifted or a county let in opens the door to its other parks too: the rank counts those that are in.
          const rows = rank(again.work, 14).rows.filter((other) => live.has(other) || other === row);
          expect(rows.indexOf(row) + 1).toBe(answer.rank);
        }
      }),
      { numRuns: 200 },
    );
    for (const gate of ['land', 'date', 'energyTce', 'powerKva', 'investPerMu', 'taxPerMu', 'plotRatio'] as const) {
      expect({ gate, seen: (seen.get(gate) ?? 0) > 3 }).toEqual({ gate, seen: true });
    }
    expect((seen.get('excludedCounty') ?? 0) + (seen.get('accessRule') ?? 0)).toBeGreaterThan(3);
  }, 60_000);
});
