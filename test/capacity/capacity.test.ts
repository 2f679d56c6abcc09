import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatAmounts, heldMillionths, normalAmounts, sameAmounts, toMillionths } from '../../src/capacity/amounts.js';
import { availableInventory, belowHeld, shortfallIssues, shortfalls } from '../../src/capacity/available.js';
import {
  extend,
  fence,
  joinWaitlist,
  lapse,
  makeFirm,
  markUsed,
  placeInCapacity,
  promotable,
  release,
} from '../../src/capacity/holds.js';
import { EMPTY_CAPACITY, type Hold, type HoldAmounts, NEVER, type ParkCapacity } from '../../src/domain/hold.js';
import type { Park } from '../../src/domain/park.js';
import { DAY, known, tinyPark } from '../matching/tiny.js';

const NOW = '2026-03-01T08:00:00.000Z';
const LATER = '2026-03-31T08:00:00.000Z';
const BEFORE = '2026-02-01T08:00:00.000Z';

const parcel = (id: string, areaMu: number) => ({ id, areaMu, availableFrom: DAY });

/** 100 mu in two parcels, 10 t of COD, no stock known of NOx. */
const park: Park = tinyPark('p1', {
  parcels: [parcel('a', 60), parcel('b', 40)],
  factors: { codT: known(10), noxT: known(null), energyTce: known(0.3) },
});

const mu = (amount: number, factors: HoldAmounts['factors'] = {}, parcelId = 'a'): HoldAmounts => ({
  parcels: [{ parcelId, mu: amount }],
  factors,
});

function hold(id: string, amounts: HoldAmounts, overrides: Partial<Hold> = {}): Hold {
  return {
    ...{ id, leadId: `lead of ${id}`, kind: 'soft', amounts, placedAt: NOW, until: LATER },
    ...{ expiringToldAt: null, extensions: [] },
    ...overrides,
  };
}

const holding = (...holds: readonly Hold[]): Park => ({ ...park, capacity: { ...EMPTY_CAPACITY, version: 7, holds } });

function capacityOf(result: { readonly outcome: string; readonly capacity?: ParkCapacity }): ParkCapacity {
  if (result.capacity === undefined) throw new Error(result.outcome);
  return result.capacity;
}

describe('what a park can give', () => {
  it('is the very same inventory where nothing is held, or nothing any more', () => {
    expect(availableInventory(park, NOW)).toBe(park.inventory);
    const over = holding(hold('h1', mu(10), { until: NOW }), hold('h2', mu(10), { until: BEFORE }));
    expect(availableInventory(over, NOW)).toBe(over.inventory);
  });

  it('is the stock without the holds, soft, firm and used, whose time is not over', () => {
    const held = holding(
      hold('h1', mu(20, { codT: 2.5 })),
      hold('h2', mu(15.5, { codT: 0.1 }), { kind: 'firm' }),
      hold('h3', mu(40, {}, 'b'), { kind: 'used', until: NEVER }),
      hold('h4', mu(60, { codT: 10 }), { until: NOW }),
    );
    const { parcels, factors, ...rest } = availableInventory(held, NOW);
    expect(parcels).toEqual([parcel('a', 24.5)]);
    expect(factors.codT).toEqual({ ...known(10), value: 7.4 });
    expect(factors.noxT).toEqual(known(null));
    const { parcels: _, factors: all, ...others } = park.inventory;
    expect(rest).toEqual(others);
    expect({ ...factors, codT: null }).toEqual({ ...all, codT: null });
  });

  it('is never below 0, whatever was recorded before', () => {
    const held = holding(hold('h1', mu(70, { codT: 11 })));
    expect(availableInventory(held, NOW).parcels.map(({ id }) => id)).toEqual(['b']);
    expect(availableInventory(held, NOW).factors.codT.value).toBe(0);
  });

  it('tells what a hold would lack, also of what nobody knows or the park has not got', () => {
    const held = holding(hold('h1', mu(20, { codT: 9.9 })));
    expect(shortfalls(held, mu(40, { codT: 0.1 }), NOW)).toEqual([]);
    const asked = { parcels: [...mu(41).parcels, { parcelId: 'x', mu: 1 }], factors: { codT: 0.2, noxT: 1 } };
    const short = shortfalls(held, asked, NOW);
    expect(short).toEqual([
      { what: 'parcel:a', asked: 41, free: 40, unit: 'mu' },
      { what: 'parcel:x', asked: 1, free: 0, unit: 'mu' },
      { what: 'codT', asked: 0.2, free: 0.1, unit: 't/a' },
      { what: 'noxT', asked: 1, free: null, unit: 't/a' },
    ]);
    expect(shortfallIssues(short).map(({ code, limit }) => [code, limit])).toEqual([
      ['capacityShort', 40],
      ['capacityShort', 0],
      ['capacityShort', 0.1],
      ['unknownStock', undefined],
    ]);
    expect(shortfalls(held, mu(60, { codT: 10 }), NOW, 'h1')).toEqual([]);
  });

  it('adds parts of one parcel, and thirds of a tonne, without drift', () => {
    const parts = { parcels: [...mu(0.1).parcels, ...mu(0.2).parcels], factors: { energyTce: 0.3 } };
    expect(shortfalls(park, parts, NOW)).toEqual([]);
    expect(flatAmounts(parts)).toEqual({ 'parcel:a': 0.3, energyTce: 0.3 });
    const three = [0, 1, 2].map((n) => hold(`h${n}`, { parcels: [], factors: { energyTce: 0.1 } }));
    expect(availableInventory(holding(...three), NOW).factors.energyTce.value).toBe(0);
    expect(normalAmounts({ parcels: [...mu(2, {}, 'b').parcels, ...parts.parcels], factors: { codT: 0 } })).toEqual({
      parcels: [
        { parcelId: 'a', mu: 0.3 },
        { parcelId: 'b', mu: 2 },
      ],
      factors: {},
    });
    expect(sameAmounts(parts, mu(0.3, { energyTce: 0.3 }))).toBe(true);
    expect(sameAmounts(parts, mu(0.3))).toBe(false);
  });

  it('may not be recorded below what is held', () => {
    const { capacity } = holding(hold('h1', mu(20, { codT: 3 })), hold('h2', mu(5, {}, 'b'), { until: NOW }));
    const lower = tinyPark('p1', { parcels: [parcel('b', 1), parcel('a', 19)], factors: { codT: known(2) } }).inventory;
    expect(belowHeld(lower, capacity, NOW)).toEqual([
      { field: 'parcels[1].areaMu', code: 'belowHeld', value: 19, limit: 20 },
      { field: 'factors.codT', code: 'belowHeld', value: 2, limit: 3 },
    ]);
    const gone = tinyPark('p1', { parcels: [], factors: { codT: known(null) } }).inventory;
    expect(belowHeld(gone, capacity, NOW).map(({ field, value }) => [field, value])).toEqual([
      ['parcels', 0],
      ['factors.codT', null],
    ]);
    expect(belowHeld(park.inventory, capacity, NOW)).toEqual([]);
  });
});

describe('a hold', () => {
  it('is placed whole, under the next version, and its wait entry goes', () => {
    const entry = { holdId: 'h1', leadId: 'l', amounts: mu(60), askedAt: BEFORE };
    const waiting = { ...park, capacity: { ...EMPTY_CAPACITY, version: 3, waitlist: [entry] } };
    const asked = hold('h1', mu(60));
    const placed = placeInCapacity(waiting, asked, NOW);
    expect(placed).toEqual({
      outcome: 'placed',
      hold: asked,
      capacity: { version: 4, holds: [asked], waitlist: [], fenced: [] },
    });
  });

  it('is not placed in part, twice, or once its id is barred', () => {
    const first = hold('h1', mu(50));
    expect(placeInCapacity(holding(first), hold('h1', mu(1)), NOW)).toEqual({ outcome: 'there', hold: first });
    expect(placeInCapacity(holding(first), hold('h2', mu(11, { codT: 1 })), NOW)).toMatchObject({
      outcome: 'short',
      shortfalls: [{ what: 'parcel:a', free: 10 }],
    });
    const fenced = fence(EMPTY_CAPACITY, 'h3');
    if (fenced === null) throw new Error('not fenced');
    expect(placeInCapacity({ ...park, capacity: fenced }, hold('h3', mu(1)), NOW)).toEqual({ outcome: 'fenced' });
    expect(fence(fenced, 'h3')).toBeNull();
    expect(joinWaitlist(fenced, { holdId: 'h3', leadId: 'l', amounts: mu(1), askedAt: NOW })).toBeNull();
  });

  it('becomes firm in its place, with its own amounts or others that fit beside the rest', () => {
    const extension = { at: BEFORE, by: 'u', until: LATER, reason: 'r' };
    const soft = hold('h1', mu(50, { codT: 9 }), { expiringToldAt: BEFORE, extensions: [extension] });
    const held = holding(soft, hold('h2', mu(5)));
    const firm = makeFirm(held, 'h1', { until: NEVER }, NOW);
    expect(firm).toMatchObject({ outcome: 'changed', before: soft });
    expect(capacityOf(firm).holds).toEqual([
      { ...soft, kind: 'firm', until: NEVER, expiringToldAt: null, extensions: [] },
      hold('h2', mu(5)),
    ]);
    expect(capacityOf(firm).version).toBe(8);
    expect(makeFirm(held, 'h1', { until: NEVER, amounts: mu(55, { codT: 10 }) }, NOW).outcome).toBe('changed');
    expect(makeFirm(held, 'h1', { until: NEVER, amounts: mu(56) }, NOW).outcome).toBe('short');
    expect(makeFirm(held, 'h1', { until: NEVER }, LATER).outcome).toBe('missing');
  });

  it('is not extended once it is over, nor where another took its room while this clock lagged behind', () => {
    const extension = { at: NOW, by: 'u', until: NEVER, reason: 'r' };
    const held = holding(hold('h1', mu(50)));
    expect(capacityOf(extend(held, 'h1', extension, NOW)).holds[0]).toMatchObject({
      until: NEVER,
      extensions: [extension],
    });
    expect(extend(held, 'h1', extension, LATER).outcome).toBe('missing');
    expect(extend(held, 'h9', extension, NOW).outcome).toBe('missing');
    const taken = holding(hold('h1', mu(50)), hold('h2', mu(50), { until: NEVER }));
    expect(extend(taken, 'h1', extension, NOW)).toMatchObject({ outcome: 'short', shortfalls: [{ free: 10 }] });
  });

  it('is used without end, and what is used does not expire', () => {
    const used = capacityOf(markUsed(holding(hold('h1', mu(50), { kind: 'firm' })), 'h1', NOW));
    expect(used.holds[0]).toMatchObject({ kind: 'used', until: NEVER });
    expect(lapse(used, NEVER, NEVER)).toBeNull();
  });

  it('is taken out by its id, waiting or placed', () => {
    const entry = { holdId: 'w1', leadId: 'l', amounts: mu(60), askedAt: BEFORE };
    const capacity = { ...EMPTY_CAPACITY, version: 3, holds: [hold('h1', mu(5))], waitlist: [entry] };
    expect(release(capacity, 'h1')).toMatchObject({
      hold: { id: 'h1' },
      entry: null,
      capacity: { version: 4, holds: [] },
    });
    expect(release(capacity, 'w1')).toMatchObject({ hold: null, entry, capacity: { version: 4, waitlist: [] } });
    expect(release(capacity, 'x')).toBeNull();
  });

  it('goes when its time is over and is warned of once before', () => {
    const capacity = holding(
      hold('over', mu(1), { until: NOW }),
      hold('soon', mu(1), { until: '2026-03-04T08:00:00.000Z' }),
      hold('told', mu(1), { until: '2026-03-03T08:00:00.000Z', expiringToldAt: BEFORE }),
      hold('long', mu(1)),
    ).capacity;
    const lapsed = lapse(capacity, NOW, '2026-03-04T08:00:00.000Z');
    if (lapsed === null) throw new Error('nothing lapsed');
    expect(lapsed.expired.map(({ id }) => id)).toEqual(['over']);
    expect(lapsed.warned.map(({ id }) => id)).toEqual(['soon']);
    expect(lapsed.capacity).toMatchObject({
      version: 8,
      holds: [{ id: 'soon', expiringToldAt: NOW }, { id: 'told', expiringToldAt: BEFORE }, { id: 'long' }],
    });
    expect(lapse(lapsed.capacity, NOW, '2026-03-04T08:00:00.000Z')).toBeNull();
    expect(lapse(capacity, NOW, NOW, new Set(['long']))).toBeNull();
  });
});

describe('a waitlist', () => {
  it('keeps the order of asking: who does not fit keeps the others waiting', () => {
    const entries = [55, 1].map((amount, index) => ({
      ...{ holdId: `w${index}`, leadId: 'l', amounts: mu(amount), askedAt: BEFORE },
    }));
    const waiting = holding(hold('h1', mu(10)));
    const capacity = entries.reduce((last, entry) => joinWaitlist(last, entry) ?? last, waiting.capacity);
    expect(capacity.waitlist).toEqual(entries);
    expect(promotable({ ...park, capacity }, NOW)).toEqual({ entry: entries[0], fits: false });
    expect(promotable({ ...park, capacity }, LATER)).toEqual({ entry: entries[0], fits: true });
    expect(promotable(park, NOW)).toBeNull();
    expect(joinWaitlist(capacity, entries[0] ?? { holdId: '', leadId: '', amounts: mu(1), askedAt: '' })).toBeNull();
  });

  it('bars the newest 200 given-up ids', () => {
    const ids = Array.from({ length: 205 }, (_, index) => `h${index}`);
    const capacity = ids.reduce((last, id) => fence(last, id) ?? last, EMPTY_CAPACITY);
    expect(capacity.fenced).toEqual(ids.slice(5));
    expect(capacity.version).toBe(205);
  });
});

describe('whatever is asked in whatever order', () => {
  const amount = fc.integer({ min: 1, max: 700_000 }).map((tenThousandths) => tenThousandths / 10_000);
  const amounts: fc.Arbitrary<HoldAmounts> = fc.record({
    parcels: fc.array(fc.record({ parcelId: fc.constantFrom('a', 'b'), mu: amount }), { maxLength: 3 }),
    factors: fc.record({ codT: amount.map((value) => value / 10) }, { requiredKeys: [] }),
  });
  const step = fc.record({
    what: fc.constantFrom('place', 'firm', 'extend', 'use', 'release', 'lapse'),
    id: fc.integer({ min: 0, max: 9 }).map((number) => `h${number}`),
    amounts,
    days: fc.integer({ min: 0, max: 40 }),
  });

  function apply(
    at: Park,
    now: string,
    { what, id, amounts, days }: { what: string; id: string; amounts: HoldAmounts; days: number },
  ): object {
    const until = new Date(Date.parse(now) + days * 86_400_000).toISOString();
    switch (what) {
      case 'place':
        return placeInCapacity(at, hold(id, amounts, { until }), now);
      case 'firm':
        return makeFirm(at, id, { until, amounts }, now);
      case 'extend':
        return extend(at, id, { at: now, by: 'u', until, reason: 'r' }, now);
      case 'use':
        return markUsed(at, id, now);
      case 'release':
        return release(at.capacity, id) ?? {};
      default:
        return lapse(at.capacity, now, now) ?? {};
    }
  }

  it('never holds more than there is', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let at = park;
        let day = Date.parse(NOW);
        for (const one of steps) {
          day += 43_200_000;
          const now = new Date(day).toISOString();
          const result = apply(at, now, one);
          if ('capacity' in result) {
            const capacity = result.capacity as ParkCapacity;
            expect(capacity.version).toBe(at.capacity.version + 1);
            at = { ...at, capacity };
          }
          const held = heldMillionths(at.capacity, now);
          expect(held.get('parcel:a') ?? 0).toBeLessThanOrEqual(toMillionths(60));
          expect(held.get('parcel:b') ?? 0).toBeLessThanOrEqual(toMillionths(40));
          expect(held.get('codT') ?? 0).toBeLessThanOrEqual(toMillionths(10));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives back exactly what was taken', () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 8 }), amounts, (others, asked) => {
        let before = park;
        for (const [index, other] of others.entries()) {
          const first = placeInCapacity(before, hold(`o${index}`, other), NOW);
          if (first.outcome === 'placed') before = { ...before, capacity: first.capacity };
        }
        const placed = placeInCapacity(before, hold('h', asked), NOW);
        if (placed.outcome !== 'placed') return;
        const after = release(placed.capacity, 'h')?.capacity;
        expect({ ...after, version: 0 }).toEqual({ ...before.capacity, version: 0 });
        expect(availableInventory({ ...park, capacity: after ?? EMPTY_CAPACITY }, NOW)).toEqual(
          availableInventory(before, NOW),
        );
      }),
      { numRuns: 200 },
    );
  });
});
