import { z } from 'zod';
import { CRITERIA, GATES } from '../domain/match.js';
import { BASES } from '../domain/provenance.js';
import type { MatchView } from '../usecases/use-cases.js';
import { fixShape, ifMetSchema, remedySchema } from './remedy-view.js';
import { confirmationsSchema, robustnessSchema } from './robustness-view.js';

const basis = z.enum(BASES).meta({ description: '数据依据；sample 为示例数据' });
const share = z.number().min(0).max(1);

const parkRef = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    county: z.strictObject({ adcode: z.string(), name: z.string() }),
    basis,
  })
  .meta({ id: 'ParkRef' });

const fix = z.strictObject(fixShape).meta({ id: 'Fix', description: '出路，最省的在前' });

const amount = z.union([z.number(), z.string()]).nullable();

/** One gate's answer. */
export const gateReport = z
  .strictObject({
    gate: z.enum(GATES),
    outcome: z.enum(['pass', 'fail', 'unknown']),
    required: amount.meta({ description: '数量，或日期(unit 为 date)' }),
    available: amount,
    unit: z.string().nullable(),
    shortfall: z.number().nullable().meta({ description: '缺口；日期按天' }),
    ref: z.string().nullable(),
    basis,
    asOf: z.string(),
    fixes: z.array(fix),
  })
  .meta({ id: 'GateReport', description: '一道门槛的结论：pass 通过，fail 不通过，unknown 待确认' });

const chainEvidence = z.strictObject({
  part: z.enum(['strengthen', 'complete', 'extend']),
  needLink: z.string(),
  parkLink: z.string(),
  strength: share,
  steps: z.int().min(0),
  wanted: z.boolean(),
  anchors: z.array(z.string()),
  basis,
});

/** A park that can take a need, with the reasons. */
export const rankedPark = z
  .strictObject({
    rank: z.int().min(1),
    score: z.number().meta({ description: '0–100，等于各项 points 之和' }),
    status: z.enum(['eligible', 'conditional']).meta({ description: 'conditional：有待确认的事实' }),
    park: parkRef,
    contributions: z.array(
      z.strictObject({ criterion: z.enum(CRITERIA), utility: share, weight: z.number(), points: z.number() }),
    ),
    chainFit: z
      .strictObject({ strengthen: share, complete: share, extend: share, links: z.array(chainEvidence) })
      .meta({ description: '强链 strengthen、补链 complete、延链 extend 及其依据' }),
    gates: z.array(gateReport),
    policies: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        instrument: z.string(),
        amountText: z.string().nullable(),
        source: z.string(),
        basis,
      }),
    ),
    tiedWith: z.array(z.string()),
    dominated: z.string().nullable(),
    rankIfConfirmed: z.int().min(1).nullable(),
    confirmations: confirmationsSchema,
  })
  .meta({ id: 'RankedPark' });

const excludedPark = z
  .strictObject({ park: parkRef, gates: z.array(gateReport), remedy: remedySchema, ifMet: ifMetSchema })
  .meta({ id: 'ExcludedPark', description: '不能接收的园区及未通过的门槛' });

const which = { needId: z.string(), version: z.int().min(1) };

/** The body of a settled need. */
export const readySchema = z
  .strictObject({
    ...which,
    status: z.literal('ready'),
    profile: z.string().meta({ description: '权重方案@版本；+custom 表示需求自带权重' }),
    snapshot: z.string().meta({ description: '所依据的园区与参考数据的快照' }),
    generatedAt: z.string(),
    placement: z.strictObject({
      links: z.array(
        z.strictObject({
          linkId: z.string(),
          share,
          fromCode: z.number(),
          fromStated: z.number(),
          fromText: z.number(),
        }),
      ),
    }),
    rankedTotal: z.int().min(0),
    ranked: z.array(rankedPark),
    excludedTotal: z.int().min(0),
    excluded: z.array(excludedPark),
    robustness: robustnessSchema,
  })
  .meta({ id: 'MatchesReady' });
const pending = z.strictObject({ ...which, status: z.literal('pending') }).meta({ id: 'MatchesPending' });
const failed = z
  .strictObject({ ...which, status: z.literal('failed'), failure: z.string() })
  .meta({ id: 'MatchesFailed' });

/** The body of `/matches`: what `MatchView` says, as a schema. */
export const matchViewSchema: z.ZodType<MatchView> = z
  .discriminatedUnion('status', [readySchema, pending, failed])
  .meta({ id: 'Matches', description: '匹配结果；status 为 pending 时稍后再读，或用 wait 等待' });
