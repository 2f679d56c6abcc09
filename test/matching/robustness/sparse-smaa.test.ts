import { describe, expect, it } from 'vitest';
import { seeded, syntheticNeeds, syntheticParks, TODAY } from '../../../bench/support/synthetic.js';
import { loadSeedData } from '../../../seeds/load.js';
import { CRITERIA } from '../../../src/domain/criterion.js';
import type { SmaaOutcome, SmaaProblem } from '../../../src/domain/robustness.js';
import { compileFrame } from '../../../src/matching/frame.js';
import { MATCH_DEFAULTS, prepareMatch } from '../../../src/matching/match.js';
import { runSmaa, runSmaaWith } from '../../../src/matching/robustness/smaa.js';
import { variationsFor } from '../../../src/matching/robustness/variations.js';
import { compileSnapshot } from '../../../src/matching/snapshot.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { noText } from '../made.js';

/** Every park of the problem scored under every weighting. */
function scoredWhole(problem: SmaaProblem): SmaaOutcome {
  const table = variationsFor(problem.seed, problem.samples, CRITERIA.length);
  return runSmaaWith(
    problem,
    problem.criteria.map((criterion) => table[criterion] ?? new Float64Array(problem.samples)),
  );
}

/** Numbers that are not the same to the bit, as `kind/place`. */
function differences(problem: SmaaProblem): readonly string[] {
  const [fast, whole] = [runSmaa(problem), scoredWhole(problem)];
  return (['first', 'firstThree', 'weightSums'] as const).flatMap((kind) => {
    const [one, other] = [[...fast[kind]], [...whole[kind]]];
    if (one.length !== other.length) return [`${kind}/length`];
    return one.flatMap((value, place) => (Object.is(value, other[place]) ? [] : [`${kind}/${place}`]));
  });
}

type Shape = 'even' | 'grid' | 'twins' | 'flat' | 'near';

/** A problem of random criteria; `shape` tells how the parks' utilities are spread. */
function randomProblem(random: () => number, shape: Shape, parks: number, eligible: number): SmaaProblem {
  const below = (limit: number) => Math.floor(random() * limit);
  const width = 1 + below(CRITERIA.length);
  const criteria = [...CRITERIA.keys()]
    .map((criterion) => ({ criterion, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, width)
    .map(({ criterion }) => criterion)
    .sort((a, b) => a - b);
  const raw = criteria.map((): number => (random() < 0.1 ? 0 : random() ** 2));
  if (raw.every((weight) => weight <= 0)) raw[0] = 1;
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const flat = criteria.map(() => random());
  const utility = (column: number) => {
    if (shape === 'grid') return below(4) / 3;
    if (shape === 'flat') return random() < 0.8 ? (flat[column] ?? 0) : random();
    if (shape === 'near') return 0.5 + 1e-13 * below(5);
    return random() < 0.1 ? 0 : random();
  };
  const rows = Array.from({ length: parks }, () => criteria.map((_, column) => utility(column)));
  if (shape === 'twins')
    rows.forEach((_, park) => {
      if (park > 0 && random() < 0.6) rows[park] = rows[below(park)] ?? [];
    });
  return {
    ...{ seed: 1 + below(3), samples: [2_000, 2_345][below(2)] ?? 2_000, criteria, eligible },
    weights: Float64Array.from(raw, (weight) => weight / total),
    utilities: Float64Array.from(rows.flat()),
  };
}

describe('runSmaa of many parks', () => {
  for (const shape of ['even', 'grid', 'twins', 'flat', 'near'] as const) {
    it(`is to the bit what scoring all parks under all weightings gives: ${shape}`, () => {
      const random = seeded(shape.length * 100 + shape.charCodeAt(0));
      for (let round = 0; round < 60; round += 1) {
        const parks = 48 + Math.floor(random() * (round % 6 === 0 ? 200 : 40));
        const eligible = [0, 1, 2, 3, parks, parks, Math.ceil(parks * 0.8)][round % 7] ?? parks;
        expect(differences(randomProblem(random, shape, parks, eligible)), `round ${round}`).toEqual([]);
      }
    });
  }

  it('is the same with few parks, few weightings, and the usual 10,000', () => {
    const random = seeded(5);
    for (const samples of [100, 1_999, 2_000, 10_000]) {
      for (const parks of [0, 1, 2, 3, 47, 48, 49, 120]) {
        const problem = { ...randomProblem(random, 'even', parks, parks), samples };
        expect(differences(problem), `${samples} x ${parks}`).toEqual([]);
      }
    }
  });

  it('is the same for needs of a province, with and without conditional parks', () => {
    const { reference } = loadSeedData();
    const parks = syntheticParks(reference, 300, 2);
    const snapshot = compileSnapshot(compileFrame(reference, parks, TODAY), parks, '2026-01-01.0');
    const work = createWorkspace(snapshot.size);
    const options = { ...MATCH_DEFAULTS, robustness: { ...MATCH_DEFAULTS.robustness, samples: 3_000 } };
    const stamp = { needId: 'need', version: 1, generatedAt: '2026-01-01T00:00:00.000Z' };
    const sizes = syntheticNeeds(reference, 20, 4).map((need) => {
      const { problem } = prepareMatch(snapshot, need, noText(snapshot), stamp, work, options);
      expect(differences(problem)).toEqual([]);
      expect(differences({ ...problem, eligible: 1 })).toEqual([]);
      return problem.utilities.length / problem.criteria.length;
    });
    expect(sizes.filter((size) => size >= 60).length).toBeGreaterThan(5);
  });
});
