import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSmaa, runSmaaWith, smaaCost } from '../../../src/matching/robustness/smaa.js';
import { drawVariations } from '../../../src/matching/robustness/variations.js';
import { coarseProblem, plainSmaa, problemOf } from './problems.js';

describe('runSmaaWith', () => {
  it('counts what ranking every park under every weighting counts, ties and groups included', () => {
    const sizes = fc.record({
      seed: fc.integer({ min: 0, max: 10_000 }),
      parks: fc.integer({ min: 1, max: 40 }),
      columns: fc.integer({ min: 1, max: 9 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(sizes, ({ seed, parks, columns, share }) => {
        const problem = coarseProblem(seed, parks, columns, Math.round(parks * share));
        const table = drawVariations(seed, problem.samples, columns);
        const [fast, plain] = [runSmaaWith(problem, table), plainSmaa(problem, table)];
        expect(fast.first).toEqual(plain.first);
        expect(fast.firstThree).toEqual(plain.firstThree);
        fast.weightSums.forEach((sum, cell) => {
          expect(Math.abs(sum - (plain.weightSums[cell] ?? 0))).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('gives the ranks eligible parks leave free to conditional ones', () => {
    const rows = [
      [0.1, 0.1],
      [0.9, 0.2],
      [0.2, 0.9],
      [0.1, 0.05],
    ];
    const table = drawVariations(1, 500, 2);
    const outcome = runSmaaWith(problemOf(rows, [0.5, 0.5], { eligible: 1, samples: 500 }), table);
    expect([...outcome.first]).toEqual([500, 0, 0, 0]);
    expect([...outcome.firstThree]).toEqual([500, 500, 500, 0]);
  });

  it('counts the first park by place where all are equal', () => {
    const same = [0.3, 0.3];
    const outcome = runSmaaWith(
      problemOf([same, same, same, same], [0.5, 0.5], { samples: 100 }),
      drawVariations(1, 100, 2),
    );
    expect([...outcome.first]).toEqual([100, 0, 0, 0]);
    expect([...outcome.firstThree]).toEqual([100, 100, 100, 0]);
  });

  it('has nothing to count without parks or criteria', () => {
    expect(runSmaaWith(problemOf([], [0.5, 0.5]), drawVariations(1, 1_000, 2)).first).toHaveLength(0);
    expect(runSmaaWith(problemOf([[], []], []), []).first).toHaveLength(0);
  });
});

describe('runSmaa', () => {
  const problem = coarseProblem(5, 30, 6, 30);

  it('gives the same outcome for the same problem, another for another seed', () => {
    expect(runSmaa(problem)).toEqual(runSmaa({ ...problem, utilities: problem.utilities.slice() }));
    expect(runSmaa({ ...problem, seed: 2 }).first).not.toEqual(runSmaa(problem).first);
  });

  it('reads the columns of the criteria that count', () => {
    const two = {
      ...problemOf(
        [
          [1, 0],
          [0, 1],
        ],
        [0.5, 0.5],
      ),
      criteria: [2, 7],
    };
    const table = drawVariations(two.seed, two.samples, 14);
    const wins = [...(table[2] ?? [])].filter((value, sample) => value >= (table[7]?.[sample] ?? 0)).length;
    expect(runSmaa(two).first[0]).toBe(wins);
  });

  it('costs a multiplication for each park, criterion and weighting', () => {
    expect(smaaCost(problem)).toBe(30 * 6 * 700);
  });
});
