import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seeded, syntheticNeeds, syntheticParks, TODAY } from '../../../bench/support/synthetic.js';
import { compileKernel, KERNEL_FILE } from '../../../scripts/lib/kernel.mjs';
import { loadSeedData } from '../../../seeds/load.js';
import { CRITERIA } from '../../../src/domain/criterion.js';
import type { SmaaOutcome, SmaaProblem } from '../../../src/domain/robustness.js';
import { compileFrame } from '../../../src/matching/frame.js';
import { MATCH_DEFAULTS, prepareMatch } from '../../../src/matching/match.js';
import { createRankCounter } from '../../../src/matching/robustness/kernel/rank-counter.js';
import { runSmaa } from '../../../src/matching/robustness/smaa.js';
import { variationsFor } from '../../../src/matching/robustness/variations.js';
import { compileSnapshot } from '../../../src/matching/snapshot.js';
import { createWorkspace } from '../../../src/matching/workspace.js';
import { noText } from '../made.js';

/** A sum as the kernel adds it up: criterion by criterion in fours, then one by one. */
function sumInFours(width: number, term: (column: number) => number): number {
  let sum = 0;
  let at = 0;
  for (; at + 4 <= width; at += 4) sum += term(at) + term(at + 1) + term(at + 2) + term(at + 3);
  for (; at < width; at += 1) sum += term(at);
  return sum;
}

/** Every park scored under every weighting, in plain JavaScript. */
function scoredPlainly({ seed, samples, criteria, weights, utilities, eligible }: SmaaProblem): SmaaOutcome {
  const table = variationsFor(seed, samples, CRITERIA.length);
  const width = criteria.length;
  const parks = utilities.length / width;
  const rows = utilities.map((utility, cell) => utility * (weights[cell % width] ?? 0));
  const outcome = {
    ...{ first: new Int32Array(parks), firstThree: new Int32Array(parks) },
    weightSums: new Float64Array(parks * width),
  };
  for (let sample = 0; sample < samples; sample += 1) {
    const variate = (column: number) => table[criteria[column] ?? 0]?.[sample] ?? 0;
    const weight = (column: number) => (weights[column] ?? 0) * variate(column);
    const scores = Array.from({ length: parks }, (_, park) =>
      sumInFours(width, (column) => (rows[park * width + column] ?? 0) * variate(column)),
    );
    const isBefore = (one: number, other: number): boolean => {
      if (one < eligible !== other < eligible) return one < eligible;
      const [own, its] = [scores[one] ?? 0, scores[other] ?? 0];
      return own > its || (own === its && one < other);
    };
    const best: number[] = [];
    for (let park = 0; park < parks; park += 1) {
      const place = best.findIndex((other) => isBefore(park, other));
      best.splice(place < 0 ? best.length : place, 0, park);
      best.length = Math.min(best.length, 3);
    }
    for (const park of best) outcome.firstThree[park] = (outcome.firstThree[park] ?? 0) + 1;
    const [first] = best;
    if (first === undefined) continue;
    outcome.first[first] = (outcome.first[first] ?? 0) + 1;
    if (first >= eligible && eligible > 0) continue;
    const share = 1 / sumInFours(width, weight);
    for (let column = 0; column < width; column += 1) {
      const cell = first * width + column;
      outcome.weightSums[cell] = (outcome.weightSums[cell] ?? 0) + weight(column) * share;
    }
  }
  return outcome;
}

/** Numbers that are not the same to the bit, as `kind/place`. */
function differences(problem: SmaaProblem): readonly string[] {
  const [fast, plain] = [runSmaa(problem), scoredPlainly(problem)];
  return (['first', 'firstThree', 'weightSums'] as const).flatMap((kind) => {
    const [one, other] = [[...fast[kind]], [...plain[kind]]];
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
    ...{ seed: 1 + below(3), samples: [500, 613][below(2)] ?? 500, criteria, eligible },
    weights: Float64Array.from(raw, (weight) => weight / total),
    utilities: Float64Array.from(rows.flat()),
  };
}

describe('counting ranks', () => {
  for (const shape of ['even', 'grid', 'twins', 'flat', 'near'] as const) {
    it(`is to the bit what plain sums give: ${shape}`, () => {
      const random = seeded(shape.length * 100 + shape.charCodeAt(0));
      for (let round = 0; round < 60; round += 1) {
        const parks = Math.floor(random() * (round % 6 === 0 ? 200 : 40));
        const eligible = [0, 1, 2, 3, parks, parks, Math.ceil(parks * 0.8)][round % 7] ?? parks;
        expect(differences(randomProblem(random, shape, parks, eligible)), `round ${round}`).toEqual([]);
      }
    });
  }

  it('is the same with few parks, few weightings, and the usual 10,000', () => {
    const random = seeded(5);
    for (const samples of [1, 2, 3, 4, 5, 100, 10_000]) {
      for (const parks of [0, 1, 2, 3, 4, 5, 48, 49]) {
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
    const options = { ...MATCH_DEFAULTS, robustness: { ...MATCH_DEFAULTS.robustness, samples: 1_001 } };
    const stamp = { needId: 'need', version: 1, generatedAt: '2026-01-01T00:00:00.000Z' };
    const sizes = syntheticNeeds(reference, 20, 4).map((need) => {
      const { problem } = prepareMatch(snapshot, need, noText(snapshot), stamp, work, options);
      expect(differences(problem)).toEqual([]);
      expect(differences({ ...problem, eligible: 1 })).toEqual([]);
      return problem.utilities.length / problem.criteria.length;
    });
    expect(sizes.filter((size) => size >= 60).length).toBeGreaterThan(5);
  });

  it('goes on counting right when more tables come than are kept', () => {
    const random = seeded(11);
    const problems = Array.from({ length: 12 }, (_, number) => ({
      ...randomProblem(random, 'even', 10 + 40 * (number % 3), 10),
      ...{ seed: 100 + number, samples: 400 + 3 * (number % 2) },
    }));
    for (const problem of [...problems, ...problems]) expect(differences(problem)).toEqual([]);
  });

  it('refuses more criteria than it has room for', () => {
    const columns = Array.from({ length: 17 }, () => new Float64Array(4));
    const [weights, rows] = [new Float64Array(17), new Float64Array(17)];
    const groups = [{ before: 0, depth: 3, parks: [0] }];
    expect(() => createRankCounter()({ columns, samples: 4, weights, rows, groups })).toThrow(RangeError);
    expect(CRITERIA.length).toBeLessThanOrEqual(16);
  });

  it('is compiled from the source that stands beside it', async () => {
    expect(readFileSync(KERNEL_FILE, 'utf8')).toBe(await compileKernel());
  });
});
