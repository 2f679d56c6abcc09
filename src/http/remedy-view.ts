import { z } from 'zod';
import { GATES } from '../domain/match.js';
import type { IfMet, Remedy } from '../domain/remedy.js';

/** The kinds of a single way out or a step. */
export const fixKind = z.enum([
  'smallerFirstPhase',
  'waitForParcel',
  'splitOverParcels',
  'buyEnergyRight',
  'buyDischargeRight',
  'takeLessLand',
  'raiseInvestment',
  'cutUse',
  'laterDate',
  'confirmFact',
  'lookElsewhere',
]);

/** The fields of a way out. */
export const fixShape = {
  kind: fixKind,
  amount: z.number().nullable(),
  unit: z.string().nullable(),
  costWan: z.number().nullable().meta({ description: '万元；没有价格来源时为 null' }),
  date: z.string().nullable(),
  ref: z.string().nullable(),
};

const gate = z.enum(GATES);

const action = z
  .strictObject({ ...fixShape, gates: z.array(gate).meta({ description: '这一步解决的门槛' }) })
  .meta({ id: 'RemedyAction' });

const combination = z
  .strictObject({
    closesAll: z.boolean().meta({ description: '全部未通过的门槛都能解决(待确认的事实另列在 open 里)' }),
    actions: z.array(action),
    landMu: z.number().nullable().meta({ description: '照此办理后的用地，亩' }),
    landGivenUpMu: z.number().min(0).meta({ description: '比原来少用的地，亩；不会少于最低用地的一半' }),
    landPlan: z
      .array(z.strictObject({ parcelId: z.string(), mu: z.number(), by: z.string() }))
      .meta({ description: '用地落在哪几块、何时可供；不改变分期时为空' }),
    costWan: z.number().min(0).meta({ description: '已知费用合计，万元：一次性支出加指标首年费用' }),
    costUnknown: z.boolean().meta({ description: '有的步骤没有价格来源，实际费用更高' }),
    readyBy: z.string().nullable().meta({ description: '全部用地可供的日期；不比要求的晚时为 null' }),
    open: z
      .array(z.strictObject({ kind: z.enum(['gateStays', 'unknownFact', 'unpriced']), gate }))
      .meta({ description: 'gateStays 没有办法，unknownFact 待县里确认，unpriced 有办法但没有价格来源' }),
  })
  .meta({ id: 'Combination' });

/** What would let a park in, as answers carry it. */
export const remedySchema: z.ZodType<Remedy | null> = z
  .strictObject({ combinations: z.array(combination).min(1) })
  .nullable()
  .meta({
    id: 'Remedy',
    description: '怎样能让这个园区接收：第一个组合最省，其余的少让地或更早；只能另选园区时如实说',
  });

/** Where a park would stand if its only failed gate were met, as answers carry it. */
export const ifMetSchema: z.ZodType<IfMet | null> = z
  .strictObject({
    gate,
    score: z.number(),
    rank: z.int().min(1),
    status: z.enum(['eligible', 'conditional']),
  })
  .nullable()
  .meta({ id: 'IfMet', description: '只有这一道门槛不通过：刚好满足时的得分和名次；多道不通过时为 null' });
