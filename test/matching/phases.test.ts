import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber, isoDate } from '../../src/domain/units.js';
import { landDemand, type ParcelRange, phasesFit, placeableMu } from '../../src/matching/phases.js';

interface Piece {
  readonly mu: number;
  readonly day: number;
}

const START = dayNumber('2026-01-01');
const piece = fc.record({ mu: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 0, max: 5 }) });

function demandOf(phases: readonly Piece[]) {
  const demand = landDemand({
    land: {
      minMu: phases.reduce((sum, phase) => sum + phase.mu, 0),
      phases: phases.map(({ mu, day }) => ({ mu, by: isoDate(START + day) })),
    },
  });
  if (demand === null) throw new Error('land was asked for');
  return demand;
}

function rangeOf(parcels: readonly Piece[]): ParcelRange {
  return {
    mu: Float64Array.from(parcels, ({ mu }) => mu),
    day: Int32Array.from(parcels, ({ day }) => START + day),
    from: 0,
    to: parcels.length,
  };
}

/** Every way of giving each phase a parcel, tried one by one. */
function tryAll(phases: readonly Piece[], parcels: readonly Piece[], used: readonly number[] = []): boolean {
  const phase = phases[used.length];
  if (phase === undefined) return true;
  return parcels.some((parcel, at) => {
    const taken = used.reduce((sum, place, index) => sum + (place === at ? (phases[index]?.mu ?? 0) : 0), 0);
    return parcel.day <= phase.day && taken + phase.mu <= parcel.mu && tryAll(phases, parcels, [...used, at]);
  });
}

describe('phasesFit', () => {
  it('agrees with trying every assignment', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        fc.array(piece, { minLength: 0, maxLength: 4 }),
        (phases, parcels) => {
          expect(phasesFit(demandOf(phases), rangeOf(parcels))).toBe(tryAll(phases, parcels));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes two phases on one parcel that holds both', () => {
    const phases = [
      { mu: 50, day: 0 },
      { mu: 50, day: 3 },
    ];
    expect(phasesFit(demandOf(phases), rangeOf([{ mu: 100, day: 0 }]))).toBe(true);
    expect(phasesFit(demandOf(phases), rangeOf([{ mu: 99, day: 0 }]))).toBe(false);
    expect(
      phasesFit(
        demandOf(phases),
        rangeOf([
          { mu: 50, day: 0 },
          { mu: 50, day: 3 },
        ]),
      ),
    ).toBe(true);
    expect(
      phasesFit(
        demandOf(phases),
        rangeOf([
          { mu: 50, day: 1 },
          { mu: 50, day: 3 },
        ]),
      ),
    ).toBe(false);
  });

  it('moves every date by the delay', () => {
    const demand = demandOf([{ mu: 10, day: 0 }]);
    const parcels = rangeOf([{ mu: 10, day: 4 }]);
    expect(phasesFit(demand, parcels, 3)).toBe(false);
    expect(phasesFit(demand, parcels, 4)).toBe(true);
  });
});

describe('placeableMu', () => {
  it('counts the phases that find a place', () => {
    const demand = demandOf([
      { mu: 50, day: 0 },
      { mu: 50, day: 0 },
      { mu: 30, day: 0 },
    ]);
    expect(placeableMu(demand, rangeOf([{ mu: 85, day: 5 }]))).toBe(80);
    expect(placeableMu(demand, rangeOf([]))).toBe(0);
  });
});
