import { z } from 'zod';
import type { FieldIssue } from '../domain/errors.js';
import type { IsoDate } from '../domain/provenance.js';
import type { Supposition } from '../domain/what-if.js';
import { code, reportDuplicates } from './fields.js';
import { applyInventoryPatch, changesAnything, inventorySchema } from './inventory-schema.js';
import { LIST_MAX } from './limits.js';
import { needSchema } from './need-schema.js';
import { type Present, parseWith } from './parse.js';
import { perDay } from './per-day.js';

/**
 * What may be supposed of a need: requirements, each replacing the need's own as a whole (null takes it away), weights
 * of single criteria, and facts of parks as in `PATCH /parks/:id/inventory`. Who the firm is and its words are no part.
 */
export function whatIfSchema(options: { readonly today: IsoDate }) {
  const { firm: _firm, title: _title, description: _words, weights, ...requirements } = needSchema(options).shape;
  const { gbt, land, investWan, ...optional } = requirements;
  const park = z.strictObject({
    id: code({ pattern: /^[A-Za-z0-9_-]{1,64}$/, form: '园区编号', what: '园区编号，见 GET /parks' }),
    inventory: inventorySchema(options),
  });
  const need = z
    .strictObject({
      gbt: gbt.optional(),
      land: land.optional(),
      investWan: investWan.optional(),
      chain: optional.chain.nullable(),
      energyTce: optional.energyTce.nullable(),
      powerKva: optional.powerKva.nullable(),
      waterM3PerDay: optional.waterM3PerDay.nullable(),
      emissions: optional.emissions.nullable(),
      workshopM2: optional.workshopM2.nullable(),
      floorAreaM2: optional.floorAreaM2.nullable(),
      fixedInvestWan: optional.fixedInvestWan.nullable(),
      outputWan: optional.outputWan.nullable(),
      valueAddedWan: optional.valueAddedWan.nullable(),
      taxWan: optional.taxWan.nullable(),
      workers: optional.workers.nullable(),
      neededBy: optional.neededBy.nullable(),
      exclude: optional.exclude.nullable(),
    })
    .meta({ description: '假设的要求：写出的项整项替换，null 表示去掉这项要求' });
  return z
    .strictObject({
      weights,
      need: need.optional(),
      parks: z
        .array(park)
        .max(LIST_MAX.whatIfParks)
        .superRefine((parks, ctx) =>
          reportDuplicates(
            ctx,
            parks.map(({ id }) => id),
            ['id'],
          ),
        )
        .optional(),
    })
    .meta({ id: 'WhatIf', description: '假设：改权重、改要求、改园区要素。什么都不保存。' });
}

/** Suppositions that suppose nothing. Asked last, so that a mistyped key is not also called an absent one. */
function idle(body: Present<z.output<ReturnType<typeof whatIfSchema>>>): FieldIssue[] {
  const parts = [body.weights ?? {}, body.need ?? {}, body.parks ?? []];
  if (parts.every((part) => Object.keys(part).length === 0)) return [{ field: '', code: 'nothingToChange' }];
  return (body.parks ?? []).flatMap(({ inventory }, index) =>
    changesAnything(inventory) ? [] : [{ field: `parks[${index}].inventory`, code: 'nothingToChange' }],
  );
}

const schemaFor = perDay((today) => whatIfSchema({ today }));

/** Turns a parsed JSON body into a supposition. Never throws. */
export function parseWhatIf(
  body: unknown,
  today: IsoDate,
):
  | { readonly ok: true; readonly supposition: Supposition }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] } {
  const parsed = parseWith(schemaFor(today), body);
  if (!parsed.ok) return parsed;
  const { parks, ...rest } = parsed.value;
  const issues = idle(parsed.value);
  if (issues.length > 0) return { ok: false, issues };
  const edited = parks?.map(({ id, inventory }) => ({
    id,
    edit: (current: Parameters<typeof applyInventoryPatch>[0]) => applyInventoryPatch(current, inventory, today),
  }));
  return { ok: true, supposition: { ...rest, ...(edited === undefined ? {} : { parks: edited }) } };
}
