import { describe, expect, it } from 'vitest';
import { seeded } from '../../../bench/support/synthetic.js';
import { lastPlaceAhead, leadBound, orderWeightings } from '../../../src/matching/rematch/ordered-weightings.js';
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

/** Where the order stops being of interest for a rival. */
function endOf(weightings: typeof ordered, gaps: Float64Array): number {
  return lastPlaceAhead(weightings, leadBound(weightings, gaps, [...gaps.keys()]));
}

function leadsOf(gaps: Float64Array): Float64Array {
  return Float64Array.from({ length: SAMPLES }, (_, place) =>
    gaps.reduce((sum, gap, criterion) => sum + gap * (ordered.columns[criterion]?.[place] ?? 0), 0),
  );
}

describe('orderWeightings', () => {
  it('keeps every weighting, farthest from the mean first', () => {
    for (const [criterion, column] of ordered.columns.entries()) {
      expect(column.toSorted()).toEqual(table[criterion]?.toSorted());
    }
    expect(ordered.lengths).toEqual(ordered.lengths.toSorted().reverse());
  });

  it('bounds where a rival may be ahead, and by far not all places where it is well behind', () => {
    let spared = 0;
    for (let round = 0; round < 300; round += 1) {
      const gaps = madeGaps(0.4 * random());
      const end = endOf(ordered, gaps);
      expect(leadsOf(gaps).findLastIndex((lead) => lead >= 0)).toBeLessThan(end);
      spared += SAMPLES - end;
    }
    expect(spared / (300 * SAMPLES)).toBeGreaterThan(0.2);
  });

  it('bounds leads where columns depend on each other, or never deviate', () => {
    const [column = new Float64Array(SAMPLES)] = table;
    const made = orderWeightings([column, column, new Float64Array(SAMPLES).fill(1)], SAMPLES);
    const lastAhead = (gaps: Float64Array) =>
      made.columns[0]?.findLastIndex(
        (value) => (gaps[0] ?? 0) * value + (gaps[1] ?? 0) * value + (gaps[2] ?? 0) >= 0,
      ) ?? SAMPLES;
    for (const gaps of [
      [1, 1, -3],
      [-1, -1, 1.5],
      [0.5, -0.5, -0.1],
      [0, 0, -1],
    ].map((one) => Float64Array.from(one))) {
      expect(lastAhead(gaps)).toBeLessThan(endOf(made, gaps));
      expect(countTurns(made, [{ ahead: gaps, unless: Float64Array.of(0, 0, -1) }], SAMPLES)).toBe(
        made.columns[0]?.filter((value) => (gaps[0] ?? 0) * value + (gaps[1] ?? 0) * value + (gaps[2] ?? 0) >= 0)
          .length,
      );
    }
  });
});

describe('countTurns', () => {
  it('counts as going through every weighting does, for one rival and for several', () => {
    for (let round = 0; round < 200; round += 1) {
      const rivals = Array.from({ length: 1 + (round % 3) }, () => ({ ahead: madeGaps(0.15), unless: madeGaps(0.15) }));
      const leads = rivals.map(({ ahead, unless }) => ({ ahead: leadsOf(ahead), unless: leadsOf(unless) }));
      let expected = 0;
      for (let place = 0; place < SAMPLES; place += 1) {
        const mayBe = leads.some(({ ahead }) => (ahead[place] ?? 0) > 0);
        if (mayBe && !leads.some(({ unless }) => (unless[place] ?? 0) > 0)) expected += 1;
      }
      expect(countTurns(ordered, rivals, SAMPLES)).toBe(expected);
      if (expected > 5) expect(countTurns(ordered, rivals, 5)).toBe(6);
    }
  });

  it('counts a tie, which may fall either way', () => {
    const none = new Float64Array(CRITERIA);
    expect(countTurns(ordered, [{ ahead: none, unless: none }], SAMPLES)).toBe(SAMPLES);
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
