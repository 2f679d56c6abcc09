import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmaaProblem } from '../../../src/domain/robustness.js';
import { contendersOf, narrowedSmaa } from '../../../src/matching/rematch/narrowed-smaa.js';
import { runSmaa } from '../../../src/matching/robustness/smaa.js';

const CRITERIA = 4;
const SAMPLES = 700;

/** A park of a made-up province: utilities, and whether it is ranked at all, and on open facts only. */
const parkArb = fc.record({
  utilities: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: CRITERIA, maxLength: CRITERIA }),
  standing: fc.constantFrom('eligible', 'eligible', 'conditional', 'out'),
});
type Park = typeof parkArb extends fc.Arbitrary<infer T> ? T : never;

function problemFrom(parks: readonly Park[]): { problem: SmaaProblem; rows: number[] } {
  const rowsWith = (standing: string) => parks.flatMap((park, row) => (park.standing === standing ? [row] : []));
  const rows = [...rowsWith('eligible'), ...rowsWith('conditional')];
  const utilities = Float64Array.from(rows.flatMap((row) => parks[row]?.utilities.map((value) => value / 8) ?? []));
  const problem = {
    ...{ seed: 5, samples: SAMPLES, criteria: [0, 1, 2, 3], utilities },
    weights: Float64Array.from([0.4, 0.3, 0.2, 0.1]),
    eligible: rowsWith('eligible').length,
  };
  return { problem, rows };
}

describe('narrowedSmaa', () => {
  it('counts what counting over all parks counts, after any changes of any parks', () => {
    let narrowed = 0;
    fc.assert(
      fc.property(
        fc.array(parkArb, { minLength: 1, maxLength: 24 }),
        fc.array(fc.tuple(fc.nat({ max: 23 }), parkArb), { maxLength: 3 }),
        (before, edits) => {
          const after = [...before];
          const changed = edits.flatMap(([at, park]) => (at < after.length ? [[at, park] as const] : []));
          for (const [row, park] of changed) after[row] = park;
          const [was, is] = [problemFrom(before), problemFrom(after)];
          const contenders = contendersOf(runSmaa(was.problem), was.rows);
          const earlier = { contenders, changed: changed.map(([row]) => row) };
          if (contenders.length < is.rows.length && !contenders.some((row) => earlier.changed.includes(row))) {
            narrowed += 1;
          }
          expect(narrowedSmaa(is.problem, is.rows, earlier)).toEqual(runSmaa(is.problem));
        },
      ),
      { numRuns: 400 },
    );
    expect(narrowed).toBeGreaterThan(40);
  });

  it('counts over all parks where nothing is known', () => {
    const { problem, rows } = problemFrom(
      [8, 4, 0].map((value) => ({ utilities: [value, value, value, value], standing: 'eligible' as const })),
    );
    expect(narrowedSmaa(problem, rows, null)).toEqual(runSmaa(problem));
  });
});
