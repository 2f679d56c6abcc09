import { z } from 'zod';
import { FACTORS } from '../domain/factors.js';
import type { Hold, HoldAmounts, WaitEntry } from '../domain/hold.js';
import type { CapacityView } from '../usecases/lead-use-cases.js';
import { amountsText, HOLD_KIND_WORDS } from '../words/hold.js';
import { dueText, timeText } from '../words/times.js';
import { FACTOR_WORDS, unitWord } from '../words/zh.js';

const isoTime = z.string().meta({ format: 'date-time' });
const words = z.string().meta({ description: '中文' });
const amount = z.number().min(0);

const amountsSchema = z.strictObject({
  parcels: z.array(z.strictObject({ parcelId: z.string(), mu: amount })),
  factors: z.partialRecord(z.enum(FACTORS), amount),
});

const leadId = z.string().nullable().meta({ description: '线索编号；不是你能看的线索为 null' });

/** A hold with the id of its lead, where the reader may know it. */
export const holdSchema = z
  .strictObject({
    id: z.string(),
    leadId,
    kind: z.enum(['soft', 'firm', 'used']).meta({ description: 'soft 软预留，firm 硬预留，used 已使用' }),
    kindText: words,
    amounts: amountsSchema,
    amountsText: words,
    placedAt: isoTime,
    until: isoTime.meta({ description: '到这个时间为止有效' }),
    untilText: words,
    expiringToldAt: isoTime.nullable(),
    extensions: z.array(
      z.strictObject({ at: isoTime, atText: words, by: z.string(), until: isoTime, reason: z.string() }),
    ),
  })
  .meta({ id: 'Hold', description: '要素预留' });

/** A place on a park's waitlist. */
export const waitSchema = z
  .strictObject({
    holdId: z.string().meta({ description: '轮到时预留的编号' }),
    leadId,
    amounts: amountsSchema,
    amountsText: words,
    askedAt: isoTime,
    askedText: words,
  })
  .meta({ id: 'WaitEntry', description: '排队等候的预留' });

function amountsJson(amounts: HoldAmounts) {
  return {
    parcels: amounts.parcels.map(({ parcelId, mu }) => ({ parcelId, mu })),
    factors: Object.fromEntries(
      FACTORS.filter((factor) => amounts.factors[factor] !== undefined).map((factor) => [
        factor,
        amounts.factors[factor],
      ]),
    ),
  };
}

/** A hold as answers show it. */
export function holdJson(hold: Omit<Hold, 'leadId'> & { readonly leadId: string | null }) {
  return {
    id: hold.id,
    leadId: hold.leadId,
    kind: hold.kind,
    kindText: HOLD_KIND_WORDS[hold.kind],
    amounts: amountsJson(hold.amounts),
    amountsText: amountsText(hold.amounts),
    placedAt: hold.placedAt,
    until: hold.until,
    untilText: dueText(hold.until),
    expiringToldAt: hold.expiringToldAt,
    extensions: hold.extensions.map(({ at, by, until, reason }) => ({ at, atText: timeText(at), by, until, reason })),
  };
}

/** A place on the waitlist as answers show it. */
export function waitJson(entry: Omit<WaitEntry, 'leadId'> & { readonly leadId: string | null }) {
  return {
    holdId: entry.holdId,
    leadId: entry.leadId,
    amounts: amountsJson(entry.amounts),
    amountsText: amountsText(entry.amounts),
    askedAt: entry.askedAt,
    askedText: timeText(entry.askedAt),
  };
}

/** A park's capacity: what it has, what is held, what is free. */
export const capacitySchema = z
  .strictObject({
    parkId: z.string(),
    version: z.int().min(1).meta({ description: '园区的版本' }),
    capacityVersion: z.int().min(0).meta({ description: '预留的版本，每次变动加一' }),
    parcels: z.array(
      z.strictObject({
        parcelId: z.string(),
        areaMu: z.number(),
        heldMu: z.number(),
        freeMu: z.number().meta({ description: '可用 = 面积 − 预留，亩' }),
      }),
    ),
    factors: z.array(
      z.strictObject({
        factor: z.enum(FACTORS),
        factorText: words,
        stock: z.number().nullable().meta({ description: 'null：没有填报' }),
        held: z.number(),
        free: z.number().nullable().meta({ description: '可用 = 现有 − 预留' }),
        unit: z.string(),
        unitText: words,
      }),
    ),
    holds: z.array(holdSchema),
    waiting: z.array(waitSchema).meta({ description: '排队等候的，先到在前' }),
  })
  .meta({ id: 'Capacity', description: '园区的可用要素和预留' });

/** A park's capacity as answers show it. */
export function capacityJson(view: CapacityView) {
  return {
    parkId: view.parkId,
    version: view.version,
    capacityVersion: view.capacityVersion,
    parcels: view.parcels.map(({ parcelId, areaMu, heldMu, freeMu }) => ({ parcelId, areaMu, heldMu, freeMu })),
    factors: view.factors.map(({ factor, stock, held, free, unit }) => ({
      factor,
      factorText: FACTOR_WORDS[factor],
      stock,
      held,
      free,
      unit,
      unitText: unitWord(unit),
    })),
    holds: view.holds.map(holdJson),
    waiting: view.waiting.map(waitJson),
  };
}
