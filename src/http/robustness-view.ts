import { z } from 'zod';
import { CRITERIA, GATES } from '../domain/match.js';
import { ROBUSTNESS_LABELS } from '../domain/robustness.js';

const share = z.number().min(0).max(1);

const acceptabilityShape = {
  parkId: z.string(),
  acceptability1: share.meta({ description: '在多大比例的权重组合下排第一' }),
  acceptability3: share.meta({ description: '在多大比例的权重组合下进前三' }),
};
const acceptability = z.strictObject(acceptabilityShape);
const criterion = z.enum(CRITERIA);

const points = z
  .strictObject({ low: z.number(), high: z.number() })
  .meta({ description: '数据未知、未核实或陈旧时得分的范围' });
const ranks = z
  .strictObject({ low: z.int().min(1), high: z.int().min(1) })
  .meta({ description: '数据未知、未核实或陈旧时名次的范围' });

const parkRobustness = z.strictObject({
  ...acceptabilityShape,
  centralWeights: z
    .partialRecord(criterion, share)
    .nullable()
    .meta({ description: '使其排第一的权重组合的平均值；从不排第一时为 null' }),
  confidence: share.nullable().meta({ description: '在平均权重下，考虑数据存疑后仍排第一的可能' }),
  scoreRange: points,
  rankRange: ranks,
  doubtful: z.array(criterion).meta({ description: '依据存疑数据的指标' }),
});

/** How sure a result is. */
export const robustnessSchema = z
  .strictObject({
    seed: z.int().min(0),
    samples: z.int().min(1).meta({ description: '抽取的权重组合数' }),
    staleAfterDays: z.int().min(0).meta({ description: '超过这么多天的数据算陈旧' }),
    label: z
      .enum(ROBUSTNESS_LABELS)
      .nullable()
      .meta({ description: 'firm 稳固，leaning 倾向，tossUp 难分；没有园区时为 null' }),
    first: acceptability.nullable(),
    parks: z.array(parkRobustness).meta({ description: '与 ranked 一一对应' }),
    pivotal: z
      .array(z.strictObject({ criterion, firstWithout: z.string(), lead: z.number().min(0) }))
      .meta({ description: '关键指标：去掉它，第一名就换成 firstWithout；最关键的在前' }),
    stability: z
      .array(z.strictObject({ criterion, weight: share, from: share, to: share }))
      .meta({ description: '第一名不变的权重范围，其余权重按比例缩放' }),
  })
  .meta({ id: 'Robustness', description: '结论的把握：SMAA-2 在权重方案附近抽取的权重组合' });

/** What confirming each open gate of a conditional park would do. */
export const confirmationsSchema = z
  .array(z.strictObject({ gate: z.enum(GATES), rank: z.int().min(1), settles: z.boolean() }))
  .meta({ description: '待确认园区：单独确认这一项后的名次；settles 表示此后没有其他待确认项' });
