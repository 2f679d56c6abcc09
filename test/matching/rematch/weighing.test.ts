import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../bench/support/synthetic.js';
import { NOISE, type OrderedWeightings, orderWeightings } from '../../../src/matching/rematch/ordered-weightings.js';
import { placesAhead, placesInQuestion } from '../../../src/matching/rematch/places-ahead.js';
import { countTurns, labelSpan } from '../../../src/matching/rematch/weighing.js';
import { labelOfCount } from '../../../src/matching/robustness/report.js';
import { drawVariations } from '../../../src/matching/robustness/variations.js';

const SAMPLES = 2_000;
const CRITERIA = 9;
const table = drawVariations(77, SAMPLES, CRITERIA);
const ordered = orderWeightings(table, SAMPLES);
const random = seeded(5);

/** Gaps of a rival that is behind on the whole, by little or much; some criteria do not count. */
function madeGaps(lag: number): Float64Array {
  return Float64Array.from({ length: CRITERIA }, () => (random() < 0.2 ? 0 : 0.1 * (random() - 0.5 - lag)));
}

/** A criterion's variates, by place. */
function columnOf({ rows, width, size }: OrderedWeightings, criterion: number): Float64Array {
  return Float64Array.from({ length: size }, (_, place) => rows[place * width + criterion] ?? Number.NaN);
}

function leadsOf(gaps: Float64Array, { rows, width, size }: OrderedWeightings = ordered): Float64Array {
  const leads = new Float64Array(size);
  for (let place = 0; place < size; place += 1) {
    for (const [criterion, gap] of gaps.entries()) {
      leads[place] = (leads[place] ?? 0) + gap * (rows[place * width + criterion] ?? 0);
    }
  }
  return leads;
}

/** Places that are found, and those there are. */
function bothWays(gaps: Float64Array, weightings: OrderedWeightings = ordered) {
  const count = placesAhead(weightings, gaps);
  const found = [...weightings.scratch.places.subarray(0, count)].sort((a, b) => a - b);
  const leads = leadsOf(gaps, weightings);
  const expected = [...leads.keys()].filter((place) => (leads[place] ?? 0) >= -NOISE);
  return { found, expected, leads };
}

describe('orderWeightings', () => {
  it('keeps every weighting, farthest from the mean first', () => {
    for (const [criterion, column] of table.entries()) {
      expect(columnOf(ordered, criterion).toSorted()).toEqual(column.toSorted());
    }
    expect(ordered.lengths).toEqual(ordered.lengths.toSorted().reverse());
  });
});

describe('placesAhead', () => {
  const gap = fc.oneof(
    fc.constant(0),
    fc.double({ min: -0.2, max: 0.1, noNaN: true }),
    fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
  );

  it('finds the places where a rival is ahead, whatever its gaps', () => {
    fc.assert(
      fc.property(fc.array(gap, { minLength: CRITERIA, maxLength: CRITERIA }), (gaps) => {
        const { found, expected, leads } = bothWays(Float64Array.from(gaps));
        expect(found).toEqual(expected);
        expect(placesInQuestion(ordered, Float64Array.from(gaps))).toBeGreaterThanOrEqual(found.length);
        const off = found.map((place) => Math.abs((ordered.scratch.leads[place] ?? Number.NaN) - (leads[place] ?? 0)));
        expect(off.every((one) => one < NOISE)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('finds them where few weightings are drawn, of few criteria or many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 2, max: 14 }).chain((width) => fc.array(gap, { minLength: width, maxLength: width })),
        (samples, gaps) => {
          const few = orderWeightings(drawVariations(samples, samples, gaps.length), samples);
          const { found, expected } = bothWays(Float64Array.from(gaps), few);
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it('finds them where columns depend on each other, or never deviate', () => {
    const [column = new Float64Array(SAMPLES)] = table;
    const made = orderWeightings([column, column, new Float64Array(SAMPLES).fill(1)], SAMPLES);
    for (const gaps of [
      [1, 1, -3],
      [-1, -1, 1.5],
      [0.5, -0.5, -0.1],
      [0, 0, -1],
      [0, 0, 0],
    ].map((one) => Float64Array.from(one))) {
      const { found, expected } = bothWays(gaps, made);
      expect(found).toEqual(expected);
    }
  });
});

describe('countTurns', () => {
  it('counts as going through every weighting does, for one rival and for several', () => {
    for (let round = 0; round < 200; round += 1) {
      const ahead = Array.from({ length: 1 + (round % 3) }, () => madeGaps(0.15));
      const unless = Array.from({ length: 1 + (round % 2) }, () => madeGaps(0.15));
      const [leads, others] = [ahead.map((gaps) => leadsOf(gaps)), unless.map((gaps) => leadsOf(gaps))];
      let expected = 0;
      for (let place = 0; place < SAMPLES; place += 1) {
        const mayBe = leads.some((lead) => (lead[place] ?? 0) > 0);
        if (mayBe && !others.some((lead) => (lead[place] ?? 0) > 0)) expected += 1;
      }
      expect(countTurns(ordered, ahead, unless, SAMPLES)).toBe(expected);
      if (expected > 5) expect(countTurns(ordered, ahead, unless, 5)).toBe(6);
    }
  });

  it('counts a tie, which may fall either way', () => {
    const none = new Float64Array(CRITERIA);
    expect(countTurns(ordered, [none], [none], SAMPLES)).toBe(SAMPLES);
  });
});

describe('labelSpan', () => {
  it.each([7, 160, 10_000])('splits the counts of %d weightings among the labels', (samples) => {
    for (const label of ['tossUp', 'leaning', 'firm'] as const) {
      const { least, most } = labelSpan(label, samples);
      for (let count = 0; count <= samples; count += 1) {
        if ((labelOfCount(count, samples) === label) !== (count >= least && count <= most))
          expect.fail(`${label} ${count}`);
      }
    }
  });
});
