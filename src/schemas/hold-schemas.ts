import { z } from 'zod';
import { FACTORS, type Factor } from '../domain/factors.js';
import type { HoldAmounts } from '../domain/hold.js';
import { code, quantity, report, reportDuplicates } from './fields.js';
import { reasonText } from './lead-schemas.js';
import { INVENTORY_MAX, LEAST_PIECE_MU, LIST_MAX } from './limits.js';

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

const factorAmount = (factor: Factor) => quantity({ max: FACTOR_MAX[factor], what: factor }).optional();

const factors = Object.fromEntries(FACTORS.map((factor) => [factor, factorAmount(factor)])) as Record<
  Factor,
  ReturnType<typeof factorAmount>
>;

const parcel = z.strictObject({
  parcelId: code({
    pattern: /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u,
    form: '1–64 位文字、数字和横线',
    what: '地块编号',
  }),
  mu: quantity({ min: LEAST_PIECE_MU, max: INVENTORY_MAX.parcelMu, what: '面积，亩' }),
});

const amounts = z
  .strictObject({
    parcels: z
      .array(parcel)
      .max(LIST_MAX.parcels)
      .superRefine((parcels, ctx) =>
        reportDuplicates(
          ctx,
          parcels.map(({ parcelId }) => parcelId),
          ['parcelId'],
        ),
      )
      .optional(),
    factors: z.strictObject(factors).optional(),
  })
  .superRefine((value, ctx) => {
    const some = (value.parcels ?? []).length > 0 || Object.values(value.factors ?? {}).some((amount) => amount !== 0);
    if (!some) report(ctx, { code: 'nothingToHold' });
  });

/** The body of `POST /leads/{id}/holds`. */
export const holdSchema = z
  .strictObject({
    kind: z.enum(['soft', 'firm']).meta({ description: 'soft 软预留(首谈)，firm 硬预留(签约)' }),
    amounts: amounts.optional().meta({ description: '预留多少；不填时按推送的需求，用地放在放得下的最小地块' }),
    wait: z.boolean().optional().meta({ description: '不够时是否排队等候，默认否' }),
  })
  .meta({ id: 'HoldRequest' });

/** The body of `POST /holds/{id}/extensions`. */
export const extensionSchema = z.strictObject({ reason: reasonText('延期理由') }).meta({ id: 'HoldExtension' });

/** Amounts as the domain keeps them: what is absent is nothing. */
export function holdAmounts(sent: {
  readonly parcels?: HoldAmounts['parcels'];
  readonly factors?: HoldAmounts['factors'];
}): HoldAmounts {
  return { parcels: sent.parcels ?? [], factors: sent.factors ?? {} };
}
