import { CRITERIA } from '../src/domain/match.js';
import type { SmaaProblem } from '../src/domain/robustness.js';
import { runSmaa } from '../src/matching/robustness/smaa.js';
import { drawVariations, SAMPLES } from '../src/matching/robustness/variations.js';
import { median } from './support/percentiles.js';
import { seeded } from './support/synthetic.js';

const ROUNDS = 9;
const LIMIT_MS = 250;
/** What a province of today's size comes to: about 16 parks no gate decides against. Three times what it takes alone. */
const USUAL = { parks: 16, criteria: 12, limitMs: 9 };
const LARGE = { parks: 500, criteria: 10, limitMs: LIMIT_MS };

function problem(parks: number, criteria: number, seed: number): SmaaProblem {
  const random = seeded(seed);
  const raw = Float64Array.from({ length: criteria }, () => 0.2 + random());
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return {
    seed: 1,
    samples: SAMPLES,
    criteria: Array.from({ length: criteria }, (_, index) => index),
    weights: raw.map((weight) => weight / total),
    utilities: Float64Array.from({ length: parks * criteria }, () => random()),
    eligible: parks,
  };
}

const drawStart = performance.now();
drawVariations(2, SAMPLES, CRITERIA.length);
process.stdout.write(
  `drawing ${SAMPLES} weightings of ${CRITERIA.length} criteria: ${(performance.now() - drawStart).toFixed(1)} ms, once a process and profile\n`,
);
for (const { parks, criteria, limitMs } of [USUAL, LARGE]) {
  runSmaa(problem(parks, criteria, 99));
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const one = problem(parks, criteria, round + 1);
    const start = performance.now();
    const outcome = runSmaa(one);
    const ms = performance.now() - start;
    const counted = outcome.first.reduce((sum, count) => sum + count, 0);
    if (counted !== SAMPLES) throw new Error(`${counted} weightings counted`);
    return ms;
  });
  const ms = median(times);
  process.stdout.write(
    `smaa: 1 need x ${parks} parks x ${criteria} criteria x ${SAMPLES} weightings, one thread, median of ${ROUNDS}\n` +
      `  ${ms.toFixed(1)} ms (limit ${limitMs}), worst ${Math.max(...times).toFixed(1)} ms\n`,
  );
  if (ms > limitMs) process.exitCode = 1;
}
