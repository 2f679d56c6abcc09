import { expect, it } from 'vitest';
import { meanIntervals, quantile } from '../../../src/matching/evaluation/bootstrap.js';

const halves = Array.from({ length: 100 }, (_, index) => index % 2);

it('takes quantiles linearly between neighbours', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
  expect(quantile([1, 2, 3, 4], 0)).toBe(1);
  expect(quantile([1, 2, 3, 4], 1)).toBe(4);
  expect(quantile([7], 0.3)).toBe(7);
});

it('gives the same intervals for the same seed and others for another', () => {
  const noisy = halves.map((value, index) => value + index / 7);
  expect(meanIntervals([noisy], 500, 1)).toEqual(meanIntervals([noisy], 500, 1));
  expect(meanIntervals([noisy], 500, 1)).not.toEqual(meanIntervals([noisy], 500, 2));
});

it('comes close to the normal approximation of a share', () => {
  const [[low, high] = [0, 0]] = meanIntervals([halves]);
  const reach = 1.96 * Math.sqrt(0.25 / 100);
  expect(low).toBeGreaterThan(0.5 - reach - 0.02);
  expect(low).toBeLessThan(0.5 - reach + 0.02);
  expect(high).toBeGreaterThan(0.5 + reach - 0.02);
  expect(high).toBeLessThan(0.5 + reach + 0.02);
});

it('draws the same cases for every column', () => {
  const [[low, high] = [0, 0], [otherLow, otherHigh] = [0, 0]] = meanIntervals([
    halves,
    halves.map((value) => 1 - value),
  ]);
  expect(otherLow).toBeCloseTo(1 - high, 12);
  expect(otherHigh).toBeCloseTo(1 - low, 12);
});

it('shrinks to a point where all cases are alike', () => {
  expect(meanIntervals([[0.25, 0.25, 0.25]], 50)).toEqual([[0.25, 0.25]]);
});
