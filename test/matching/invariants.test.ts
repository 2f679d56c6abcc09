import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TODAY } from '../../bench/support/synthetic.js';
import { FACTORS } from '../../src/domain/factors.js';
import type { MatchResult } from '../../src/domain/match.js';
import type { Need } from '../../src/domain/need.js';
import type { Park } from '../../src/domain/park.js';
import { gateReports } from '../../src/matching/gate-reports.js';
import { matchNeed } from '../../src/matching/match.js';
import { liveRows, rank, rankKey } from '../../src/matching/rank.js';
import { UNITS_PER_POINT } from '../../src/matching/score-columns.js';
import { GATE_BIT } from '../../src/matching/snapshot.js';
import { evaluated, madeNeed, madeParks, noText, snapshotOf, withInventory } from './made.js';

const RUNS = { numRuns: 60 };
const seeds = fc.record({ parks: fc.integer({ min: 0, max: 1_000 }), need: fc.integer({ min: 0, max: 1_000 }) });
const stamp = { needId: 'need_test', version: 1, generatedAt: '2026-01-01T00:00:00.000Z' };

function match(parks: readonly Park[], need: Need, shown = 100): MatchResult {
  const snapshot = snapshotOf(parks);
  return matchNeed(snapshot, need, noText(snapshot), stamp, undefined, shown);
}

function order(result: MatchResult): string[] {
  return result.ranked.map(({ park }) => park.id);
}

describe('ranking', () => {
  it('keeps the order of any two parks whichever others come or go', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (seed, keep) => {
        const parks = madeParks(40, seed.parks);
        const need = madeNeed(seed.need);
        const kept = parks.filter((_, index) => keep[index] === true);
        const ids = new Set(kept.map(({ id }) => id));
        expect(order(match(kept, need))).toEqual(order(match(parks, need)).filter((id) => ids.has(id)));
      }),
      RUNS,
    );
  });

  it('does not depend on the order in which parks are given', () => {
    fc.assert(
      fc.property(seeds, fc.integer(), (seed, shuffle) => {
        const parks = madeParks(30, seed.parks);
        const shuffled = [...parks].sort((a, b) => hash(a.id, shuffle) - hash(b.id, shuffle));
        expect(match(shuffled, madeNeed(seed.need))).toEqual(match(parks, madeNeed(seed.need)));
      }),
      RUNS,
    );
  });

  it('takes the same best parks as sorting all of them', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 25 }), (seed, top) => {
        const { work } = evaluated(madeParks(60, seed.parks), madeNeed(seed.need));
        const sorted = [...liveRows(work)].sort((a, b) => rankKey(work, b) - rankKey(work, a) || a - b);
        const ranking = rank(work, top);
        expect(ranking.rows).toEqual(sorted.slice(0, top));
        expect(ranking.eligible + ranking.conditional).toBe(sorted.length);
      }),
      RUNS,
    );
  });

  it('lists every park once, ranked or excluded, eligible before conditional', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const parks = madeParks(30, seed.parks);
        const result = match(parks, madeNeed(seed.need));
        const ids = [...order(result), ...result.excluded.map(({ park }) => park.id)].sort();
        expect(ids).toEqual(parks.map(({ id }) => id).sort());
        const status = result.ranked.map((park) => park.status);
        expect(status).toEqual([...status].sort((a, b) => (a === b ? 0 : a === 'eligible' ? -1 : 1)));
      }),
      RUNS,
    );
  });
});

describe('score', () => {
  it('is exactly the sum of the contributions, in any order of adding', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const park of match(madeParks(30, seed.parks), madeNeed(seed.need)).ranked) {
          const points = park.contributions.map((part) => part.points);
          expect(points.reduce((sum, value) => sum + value, 0)).toBe(park.score);
          expect([...points].sort().reduce((sum, value) => sum + value, 0)).toBe(park.score);
          for (const part of park.contributions) {
            expect(Math.abs(part.weight * part.utility * 100 - part.points)).toBeLessThanOrEqual(0.5 / UNITS_PER_POINT);
            expect(part.utility).toBeGreaterThanOrEqual(0);
            expect(part.utility).toBeLessThanOrEqual(1);
          }
        }
      }),
      RUNS,
    );
  });

  it('never falls when a park gets more of a factor, more workers, or becomes cheaper', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 1, max: 5, noNaN: true }), (seed, times) => {
        const parks = madeParks(12, seed.parks);
        const need = madeNeed(seed.need);
        const target = parks[seed.need % parks.length];
        if (target === undefined) throw new Error('no park');
        const more = (fact: { value: number | null; basis: 'sample'; asOf: string }) => ({
          ...fact,
          value: fact.value === null ? null : fact.value * times,
        });
        const { inventory } = target;
        const better = withInventory(target, {
          factors: Object.fromEntries(
            FACTORS.map((factor) => [factor, more({ ...inventory.factors[factor], basis: 'sample' })]),
          ) as typeof inventory.factors,
          labourAvailable: more({ ...inventory.labourAvailable, basis: 'sample' }),
          landPriceWanPerMu: {
            ...inventory.landPriceWanPerMu,
            value: inventory.landPriceWanPerMu.value === null ? null : inventory.landPriceWanPerMu.value / times,
          },
        });
        const others = parks.filter(({ id }) => id !== target.id);
        const before = match(parks, need).ranked.find(({ park }) => park.id === target.id);
        const after = match([...others, better], need).ranked.find(({ park }) => park.id === target.id);
        if (before === undefined) return;
        expect(after).toBeDefined();
        expect(after?.score ?? -1).toBeGreaterThanOrEqual(before.score);
        if (before.status === 'eligible') expect(after?.status).toBe('eligible');
        expect(after?.rank ?? 99).toBeLessThanOrEqual(before.rank);
      }),
      RUNS,
    );
  });
});

describe('gates', () => {
  it('more available land never turns pass into fail', () => {
    const extra = fc.array(
      fc.record({ areaMu: fc.integer({ min: 1, max: 300 }), late: fc.integer({ min: 0, max: 1_000 }) }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(seeds, extra, fc.integer({ min: 1, max: 4 }), (seed, parcels, phases) => {
        const parks = madeParks(10, seed.parks);
        const base = madeNeed(seed.need);
        const need: Need = {
          ...base,
          land: {
            minMu: base.land.minMu * phases,
            phases: Array.from({ length: phases }, (_, index) => ({
              mu: base.land.minMu,
              by: `202${6 + index}-12-31`,
            })),
          },
        };
        const richer = parks.map((park) =>
          withInventory(park, {
            parcels: [
              ...park.inventory.parcels.map((parcel) => ({ ...parcel, areaMu: parcel.areaMu + 5 })),
              ...parcels.map(({ areaMu }, index) => ({ id: `x${index}`, areaMu, availableFrom: TODAY })),
            ],
          }),
        );
        const before = new Set(order(match(parks, need)));
        const after = new Set(order(match(richer, need)));
        for (const id of before) expect(after.has(id)).toBe(true);
      }),
      RUNS,
    );
  });

  it('answers in the explanation what the hot path decided, for every park', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { snapshot, compiled, work } = evaluated(madeParks(40, seed.parks), madeNeed(seed.need));
        const live = new Set(liveRows(work));
        for (const row of snapshot.parks.keys()) {
          const reports = gateReports(snapshot, row, compiled);
          const failing = reports.filter(({ outcome }) => outcome === 'fail');
          const unknown = reports.filter(({ outcome }) => outcome === 'unknown');
          expect(failing.length === 0).toBe(live.has(row));
          if (!live.has(row)) continue;
          expect(work.open[row]).toBe(unknown.reduce((mask, { gate }) => mask | GATE_BIT[gate], 0));
        }
      }),
      RUNS,
    );
  });

  it('gives every failing gate a way out and every passed one none', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { snapshot, compiled } = evaluated(madeParks(20, seed.parks), madeNeed(seed.need));
        for (const row of snapshot.parks.keys()) {
          for (const report of gateReports(snapshot, row, compiled)) {
            expect(report.fixes.length > 0).toBe(report.outcome !== 'pass');
            if (report.outcome === 'fail' && typeof report.shortfall === 'number') {
              expect(report.shortfall).toBeGreaterThanOrEqual(0);
            }
          }
        }
      }),
      RUNS,
    );
  });
});

function hash(text: string, salt: number): number {
  let value = salt | 0;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  return value;
}
