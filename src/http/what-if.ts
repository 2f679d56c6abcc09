import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { CRITERIA } from '../domain/match.js';
import { ROBUSTNESS_LABELS } from '../domain/robustness.js';
import { parseWhatIf, whatIfSchema } from '../schemas/what-if-schema.js';
import type { WhatIfView } from '../usecases/use-cases.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { EXAMPLE_MATCHES, EXAMPLE_WHAT_IF } from './examples.js';
import { readySchema } from './match-view.js';
import { noQuery } from './queries.js';

const parkId = z.string();
const rank = z.int().min(1).nullable();
const label = z.enum(ROBUSTNESS_LABELS).nullable();

/** The body of an answered supposition: what `WhatIfView` says, as a schema. */
const whatIfViewSchema: z.ZodType<WhatIfView> = z
  .strictObject({
    stored: z
      .strictObject({ resultId: z.string().nullable(), version: z.int().min(1), snapshot: z.string() })
      .meta({ description: '比较的对象：已保存的结果；尚无结果时 resultId 为 null，按现状现算' }),
    result: readySchema,
    difference: z.strictObject({
      first: z.strictObject({ from: parkId.nullable(), to: parkId.nullable() }),
      label: z.strictObject({ from: label, to: label }),
      ranks: z
        .array(z.strictObject({ parkId, from: rank, to: rank }))
        .meta({ description: '名次有变的园区；null 表示不在列出的园区之中' }),
      entered: z.array(parkId),
      left: z.array(parkId),
      criteria: z
        .array(
          z.strictObject({
            parkId,
            criterion: z.enum(CRITERIA),
            pointsFrom: z.number(),
            pointsTo: z.number(),
            delta: z.number(),
          }),
        )
        .meta({ description: '逐项得分的变化，只列有变的' }),
    }),
  })
  .meta({ id: 'WhatIfResult', description: '假设下的结果，及与已保存结果的差别' });

/** Suppositions: nothing is saved. */
export const whatIfEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: `${API_BASE}/needs/{id}/what-if`,
    access: { action: 'need.read', ownership: 'need' },
    tag: '匹配',
    summary: '假如……会怎样',
    description:
      '换一组权重、改几项要求或改几个园区的要素，看结果怎样变、每项得分差多少。以当前快照计算，什么都不保存。' +
      'weights 只改写出的指标；need 写出的项整项替换，null 表示去掉；parks 的 inventory 与 PATCH /parks/{id}/inventory 相同。',
    query: noQuery,
    body: { schema: whatIfSchema({ today: '2000-01-01' }), examples: { 换权重并补电: EXAMPLE_WHAT_IF } },
    answers: {
      200: {
        description: '假设下的结果和差别',
        schema: whatIfViewSchema,
        example: {
          stored: { resultId: null, version: 1, snapshot: 's-20300102-1' },
          result: EXAMPLE_MATCHES,
          difference: {
            first: { from: '330802-01', to: '330802-01' },
            label: { from: 'leaning', to: 'firm' },
            ranks: [],
            entered: [],
            left: [],
            criteria: [{ parkId: '330802-01', criterion: 'chainFit', pointsFrom: 60, pointsTo: 62.5, delta: 2.5 }],
          },
        },
      },
    },
    problems: ['invalidInput', 'brokenJson', 'notFound', 'bodyTooLarge', 'unsupportedMediaType', 'storeUnavailable'],
    handle: async (call) => {
      const id = idOf(call);
      const parsed = parseWhatIf(call.body, call.today);
      if (!parsed.ok) throw new AppError('invalidInput', { issues: parsed.issues });
      return { status: 200, body: await call.useCases.whatIf(id, parsed.supposition, call.signal) };
    },
  }),
];
