import { z } from 'zod';
import type { FieldIssue } from '../domain/errors.js';
import { FACTORS, type Factor } from '../domain/factors.js';
import type { Fact, LandStandard, Parcel, ParkInventory } from '../domain/park.js';
import { BASES, type IsoDate } from '../domain/provenance.js';
import { code, day, line, quantity, reportDuplicates, yearsAfter } from './fields.js';
import { HORIZON_YEARS, INVENTORY_MAX, LEAST_PIECE_MU, LIST_MAX, TEXT_MAX } from './limits.js';
import { type Present, parseWith } from './parse.js';
import { perDay } from './per-day.js';

const EARLIEST = '2000-01-01';

const FACTOR_MAX: Readonly<Record<Factor, number>> = {
  energyTce: INVENTORY_MAX.energyTce,
  powerKva: INVENTORY_MAX.powerKva,
  waterM3PerDay: INVENTORY_MAX.waterM3PerDay,
  codT: INVENTORY_MAX.pollutantT,
  nh3nT: INVENTORY_MAX.pollutantT,
  so2T: INVENTORY_MAX.pollutantT,
  noxT: INVENTORY_MAX.pollutantT,
  vocT: INVENTORY_MAX.pollutantT,
  workshopM2: INVENTORY_MAX.workshopM2,
};

/**
 * A partial inventory. Each fact is a number, null (nobody knows) or `{value, basis, asOf}`; `parcels` replaces the
 * whole list; what is absent stays as it is.
 * @param options.today no fact may be stated for a later day
 */
export function inventorySchema(options: { readonly today: IsoDate }) {
  const past = { from: EARLIEST, fromCode: 'dateTooEarly', to: options.today, toCode: 'dateInFuture' } as const;
  const fact = (max: number, what: string) => {
    const value = quantity({ max, what }).nullable();
    const stated = z.strictObject({
      value,
      basis: z.enum(BASES).optional(),
      asOf: day(past, '数据日期').optional(),
    });
    return z.union([value, stated]).optional();
  };
  const factors = Object.fromEntries(FACTORS.map((factor) => [factor, fact(FACTOR_MAX[factor], factor)])) as Record<
    Factor,
    ReturnType<typeof fact>
  >;
  const parcel = z.strictObject({
    id: code({
      pattern: /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u,
      form: '1–64 位文字、数字和横线',
      what: '地块编号，园区内唯一',
    }),
    areaMu: quantity({ min: LEAST_PIECE_MU, max: INVENTORY_MAX.parcelMu, what: '面积，亩' }),
    availableFrom: day(
      {
        from: EARLIEST,
        fromCode: 'dateTooEarly',
        to: yearsAfter(options.today, HORIZON_YEARS),
        toCode: 'dateTooFar',
      },
      '最早可供日期',
    ),
  });
  return z
    .strictObject({
      parcels: z
        .array(parcel)
        .max(LIST_MAX.parcels)
        .superRefine((parcels, ctx) =>
          reportDuplicates(
            ctx,
            parcels.map(({ id }) => id),
            ['id'],
          ),
        )
        .optional(),
      factors: z.strictObject(factors).optional(),
      landPriceWanPerMu: fact(INVENTORY_MAX.landPriceWanPerMu, '工业用地价格，万元/亩'),
      workshopRentYuanPerM2Month: fact(INVENTORY_MAX.workshopRentYuanPerM2Month, '厂房租金，元/平方米·月'),
      wageYuanPerMonth: fact(INVENTORY_MAX.wageYuanPerMonth, '平均月工资，元'),
      labourAvailable: fact(INVENTORY_MAX.labour, '可招工人数'),
      landStandard: z
        .strictObject({
          investPerMuWan: fact(INVENTORY_MAX.investPerMuWan, '亩均投资强度，万元'),
          taxPerMuWan: fact(INVENTORY_MAX.taxPerMuWan, '亩均税收，万元'),
          energyPerValueAddedTce: fact(INVENTORY_MAX.energyPerValueAddedTce, '单位增加值能耗，吨标准煤/万元'),
          plotRatio: fact(INVENTORY_MAX.plotRatio, '容积率'),
        })
        .optional(),
      source: line(TEXT_MAX.source, '新数据的来源').optional(),
    })
    .meta({ id: 'InventoryPatch', description: '园区要素的部分修改。没有填的项保持不变；null 表示未知。' });
}

/** A checked partial inventory, see `inventorySchema`. */
export type InventoryPatch = Present<z.output<ReturnType<typeof inventorySchema>>>;

/** True if an edit names at least one fact or the parcels; naming a source alone changes nothing. */
export function changesAnything(edit: Readonly<Partial<Record<keyof InventoryPatch, unknown>>>): boolean {
  const { source: _, factors, landStandard, ...rest } = edit;
  return [factors ?? {}, landStandard ?? {}, rest].some((part) => Object.keys(part).length > 0);
}

const schemaFor = perDay((today) => inventorySchema({ today }));

/** Checks the body of an inventory edit. Never throws. */
export function parseInventoryPatch(
  body: unknown,
  today: IsoDate,
):
  | { readonly ok: true; readonly patch: InventoryPatch }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] } {
  const parsed = parseWith(schemaFor(today), body);
  if (!parsed.ok) return parsed;
  if (!changesAnything(parsed.value)) return { ok: false, issues: [{ field: '', code: 'nothingToChange' }] };
  return { ok: true, patch: parsed.value };
}

type FactPatch = InventoryPatch['landPriceWanPerMu'];

function mergeFact(current: Fact, patch: FactPatch, today: IsoDate): Fact {
  if (patch === undefined) return current;
  if (patch === null || typeof patch === 'number') return { value: patch, basis: 'reported', asOf: today };
  return { value: patch.value, basis: patch.basis ?? 'reported', asOf: patch.asOf ?? today };
}

/** The facts of an inventory, in a fixed order. */
function factsOf(inventory: ParkInventory): readonly Fact[] {
  return [
    ...FACTORS.map((factor) => inventory.factors[factor]),
    inventory.landPriceWanPerMu,
    inventory.workshopRentYuanPerM2Month,
    inventory.wageYuanPerMonth,
    inventory.labourAvailable,
    ...Object.values(inventory.landStandard),
  ];
}

/**
 * The inventory after an edit. An edited fact is `reported` as of today unless the edit says otherwise; every other
 * fact keeps its basis and day. The inventory as a whole stays `sample` until one edit states the parcels and leaves
 * no sample fact: only then is nothing in it made up.
 */
export function applyInventoryPatch(current: ParkInventory, patch: InventoryPatch, today: IsoDate): ParkInventory {
  const fact = (key: keyof LandStandard) => mergeFact(current.landStandard[key], patch.landStandard?.[key], today);
  const parcels: readonly Parcel[] = patch.parcels ?? current.parcels;
  const merged: ParkInventory = {
    parcels,
    factors: Object.fromEntries(
      FACTORS.map((factor) => [factor, mergeFact(current.factors[factor], patch.factors?.[factor], today)]),
    ) as Record<Factor, Fact>,
    landPriceWanPerMu: mergeFact(current.landPriceWanPerMu, patch.landPriceWanPerMu, today),
    workshopRentYuanPerM2Month: mergeFact(current.workshopRentYuanPerM2Month, patch.workshopRentYuanPerM2Month, today),
    wageYuanPerMonth: mergeFact(current.wageYuanPerMonth, patch.wageYuanPerMonth, today),
    labourAvailable: mergeFact(current.labourAvailable, patch.labourAvailable, today),
    landStandard: {
      investPerMuWan: fact('investPerMuWan'),
      taxPerMuWan: fact('taxPerMuWan'),
      energyPerValueAddedTce: fact('energyPerValueAddedTce'),
      plotRatio: fact('plotRatio'),
    },
    provenance: current.provenance,
  };
  const partlySample = patch.parcels === undefined || factsOf(merged).some(({ basis }) => basis === 'sample');
  if (current.provenance.basis === 'sample' && partlySample) return merged;
  const basis = current.provenance.basis === 'sample' ? 'reported' : current.provenance.basis;
  return { ...merged, provenance: { source: patch.source ?? current.provenance.source, basis, asOf: today } };
}
