import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACTORS, type Factor } from '../../src/domain/factors.js';
import type { Fact, ParkInventory } from '../../src/domain/park.js';
import { applyInventoryPatch, parseInventoryPatch } from '../../src/schemas/inventory-schema.js';
import { parkInventorySchema } from '../../src/schemas/reference-schemas.js';

const TODAY = '2026-03-01';
const sample = (value: number): Fact => ({ value, basis: 'sample', asOf: '2025-12-31' });

const CURRENT: ParkInventory = {
  parcels: [{ id: 'p1', areaMu: 10, availableFrom: '2026-01-01' }],
  factors: Object.fromEntries(FACTORS.map((factor) => [factor, sample(5)])) as Record<Factor, Fact>,
  landPriceWanPerMu: sample(20),
  workshopRentYuanPerM2Month: sample(12),
  wageYuanPerMonth: sample(6_000),
  labourAvailable: sample(900),
  landStandard: {
    investPerMuWan: sample(300),
    taxPerMuWan: sample(15),
    energyPerValueAddedTce: sample(0.5),
    plotRatio: sample(1),
  },
  provenance: { source: 'generator', basis: 'sample', asOf: '2025-12-31' },
};

/** The inventory after an edit that must be in order. */
function edited(body: unknown, current = CURRENT): ParkInventory {
  const parsed = parseInventoryPatch(body, TODAY);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return applyInventoryPatch(current, parsed.patch, TODAY);
}

const all = (value: unknown) => ({
  parcels: [{ id: 'n1', areaMu: 3, availableFrom: '2020-01-01' }],
  factors: Object.fromEntries(FACTORS.map((factor) => [factor, value])),
  landPriceWanPerMu: value,
  workshopRentYuanPerM2Month: value,
  wageYuanPerMonth: value,
  labourAvailable: value,
  landStandard: { investPerMuWan: value, taxPerMuWan: value, energyPerValueAddedTce: value, plotRatio: value },
});

describe('an edit of an inventory', () => {
  it('changes what it names and nothing else', () => {
    const next = edited({ factors: { codT: 7 }, landStandard: { plotRatio: null } });
    expect(next).toEqual({
      ...CURRENT,
      factors: { ...CURRENT.factors, codT: { value: 7, basis: 'reported', asOf: TODAY } },
      landStandard: { ...CURRENT.landStandard, plotRatio: { value: null, basis: 'reported', asOf: TODAY } },
    });
  });

  it('says how far a fact may be trusted and since when', () => {
    const fact = { value: '７', basis: 'confirmed', asOf: '２０２６－０２－０１' };
    expect(edited({ wageYuanPerMonth: fact }).wageYuanPerMonth).toEqual({
      value: 7,
      basis: 'confirmed',
      asOf: '2026-02-01',
    });
  });

  it('replaces the parcels as a whole', () => {
    const parcels = [{ id: '地块-2', areaMu: 30.5, availableFrom: '2027-01-01' }];
    expect(edited({ parcels }).parcels).toEqual(parcels);
    expect(edited({ parcels: [] }).parcels).toEqual([]);
  });

  it('an inventory stays a sample while anything in it may be made up', () => {
    expect(edited({ factors: { codT: 7 }, source: '盘点' }).provenance).toEqual(CURRENT.provenance);
    const { parcels: _, ...facts } = all(1);
    expect(edited(facts).provenance.basis).toBe('sample');
    expect(edited({ ...all(1), labourAvailable: { value: 1, basis: 'sample' } }).provenance.basis).toBe('sample');
    expect(edited({ ...all(1), source: '县里盘点' }).provenance).toEqual({
      source: '县里盘点',
      basis: 'reported',
      asOf: TODAY,
    });
  });

  it('an inventory that is no sample keeps its basis and takes the day', () => {
    const real: ParkInventory = { ...CURRENT, provenance: { source: '年报', basis: 'confirmed', asOf: '2025-01-01' } };
    expect(edited({ factors: { codT: 7 } }, real).provenance).toEqual({
      source: '年报',
      basis: 'confirmed',
      asOf: TODAY,
    });
  });

  it('naming nothing, or a source alone, is no edit', () => {
    for (const body of [{}, { factors: {} }, { factors: {}, landStandard: {} }, { source: '盘点' }]) {
      expect(parseInventoryPatch(body, TODAY)).toEqual({ ok: false, issues: [{ field: '', code: 'nothingToChange' }] });
    }
  });

  it('gives an inventory that the stores take', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 20 }),
      fc.constant({ value: 3, basis: 'public' }),
    );
    fc.assert(
      fc.property(fc.subarray(Object.keys(all(0)), { minLength: 1 }), value, (names, given) => {
        const body = Object.fromEntries(Object.entries(all(given)).filter(([name]) => names.includes(name)));
        expect(parkInventorySchema.safeParse(edited(body)).success).toBe(true);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), fc.jsonValue(), (whole, part) => {
        parseInventoryPatch(whole, TODAY);
        parseInventoryPatch({ factors: part, parcels: part, landPriceWanPerMu: part }, TODAY);
      }),
    );
  });
});
