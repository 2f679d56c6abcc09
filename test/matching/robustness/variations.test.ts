import { describe, expect, it } from 'vitest';
import { seedOf, uniform } from '../../../src/matching/robustness/random.js';
import { drawVariations, SPREAD, variationsFor } from '../../../src/matching/robustness/variations.js';

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}

describe('random', () => {
  it('gives the same numbers for a seed, inside (0, 1), spread evenly', () => {
    const [a, b] = [uniform(7), uniform(7)];
    const numbers = Array.from({ length: 20_000 }, () => a());
    expect(Array.from({ length: 20_000 }, () => b())).toEqual(numbers);
    expect(Math.min(...numbers)).toBeGreaterThan(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length);
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });

  it('gives other numbers for another seed', () => {
    expect(uniform(1)()).not.toBe(uniform(2)());
  });

  it('hashes text as FNV-1a does', () => {
    // Test vectors of the algorithm's authors.
    expect(seedOf('')).toBe(0x811c9dc5);
    expect(seedOf('a')).toBe(0xe40c292c);
    expect(seedOf('foobar')).toBe(0xbf9cf968);
  });
});

describe('variations', () => {
  const samples = 10_000;

  it('vary each weight by half of itself around its own value', () => {
    for (const column of drawVariations(3, samples, 4)) {
      expect(Math.abs(mean(column) - 1)).toBeLessThan(0.02);
      expect(Math.abs(deviation(column) - 0.5)).toBeLessThan(0.02);
      expect(Math.min(...column)).toBeGreaterThan(0);
    }
  });

  it('are uniform on the simplex with shape 1: every share has mean 1/n and the variance of that law', () => {
    const table = drawVariations(4, samples, 4, SPREAD.uniform);
    const shares = table.map((column) =>
      column.map((value, sample) => value / table.reduce((sum, other) => sum + (other[sample] ?? 0), 0)),
    );
    for (const share of shares) {
      expect(Math.abs(mean(share) - 1 / 4)).toBeLessThan(0.008);
      // Dirichlet(1, 1, 1, 1): variance 3 / (16 * 5).
      expect(Math.abs(deviation(share) - Math.sqrt(3 / 80))).toBeLessThan(0.005);
    }
  });

  it('are drawn once for a seed and a size', () => {
    expect(variationsFor(11, 50, 3)).toBe(variationsFor(11, 50, 3));
    expect(variationsFor(11, 50, 3)).toEqual(drawVariations(11, 50, 3));
    expect(variationsFor(12, 50, 3)).not.toEqual(variationsFor(11, 50, 3));
    for (let seed = 20; seed < 30; seed += 1) variationsFor(seed, 5, 1);
    expect(variationsFor(11, 50, 3)).toEqual(drawVariations(11, 50, 3));
  });
});
