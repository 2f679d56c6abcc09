import { z } from 'zod';
import { STAGES } from '../domain/chain.js';
import type { FieldIssue } from '../domain/errors.js';
import { CRITERIA, type Criterion } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import type { IsoDate } from '../domain/provenance.js';
import { isCreditCode } from './credit-code.js';
import {
  adcode,
  code,
  comingDays,
  day,
  gbtCode,
  halfWidth,
  line,
  prose,
  quantity,
  report,
  reportDuplicates,
  whole,
} from './fields.js';
import { LEAST_PIECE_MU, LIST_MAX, NEED_MAX, TEXT_MAX } from './limits.js';
import { parseWith } from './parse.js';
import { perDay } from './per-day.js';

const creditCode = z
  .preprocess(
    (raw) => (typeof raw === 'string' ? halfWidth(raw).trim().toUpperCase() : raw),
    z.string().superRefine((value, ctx) => {
      if (!isCreditCode(value)) report(ctx, { code: 'badCreditCode' });
    }),
  )
  .meta({ description: '统一社会信用代码(GB 32100-2015)，18 位' });

const chain = z.strictObject({
  links: z
    .array(code({ pattern: /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u, form: '环节编号', what: '环节编号，见 GET /chains' }))
    .max(LIST_MAX.chainLinks)
    .superRefine((links, ctx) => reportDuplicates(ctx, links)),
  stage: z.enum(STAGES).optional(),
});

/** Sums of decimal mu may be off by rounding; less than a thousandth of a mu (0.7 m²) is no difference. */
const MU_TOLERANCE = 0.001;

function landSchema(today: IsoDate) {
  const phase = z.strictObject({
    mu: quantity({ min: LEAST_PIECE_MU, max: NEED_MAX.landMu, what: '这一期的面积，亩' }),
    by: day(comingDays(today), '这一期最迟供地日期'),
  });
  return z
    .strictObject({
      minMu: quantity({ max: NEED_MAX.landMu, what: '用地面积下限，亩；0 表示不要地' }),
      idealMu: quantity({ max: NEED_MAX.landMu, what: '理想用地面积，亩' }).optional(),
      phases: z.array(phase).min(1).max(LIST_MAX.phases).optional(),
    })
    .superRefine((land, ctx) => {
      const most = land.idealMu ?? land.minMu;
      if (most < land.minMu) return report(ctx, { code: 'idealBelowMin', limit: land.minMu }, ['idealMu']);
      if (land.phases === undefined) return;
      const sum = land.phases.reduce((total, { mu }) => total + mu, 0);
      if (sum < land.minMu - MU_TOLERANCE || sum > most + MU_TOLERANCE) {
        const limit = most === land.minMu ? `${most}` : `${land.minMu}–${most}`;
        report(ctx, { code: 'phasesDontAddUp', value: Math.round(sum * 10_000) / 10_000, limit }, ['phases']);
      }
      land.phases.forEach(({ by }, index) => {
        const before = land.phases?.[index - 1]?.by;
        if (before !== undefined && by < before) {
          report(ctx, { code: 'phasesOutOfOrder', limit: before }, ['phases', index, 'by']);
        }
      });
    });
}

const emission = (name: string) => quantity({ max: NEED_MAX.emissionT, what: `${name}，吨/年` }).optional();

const emissions = z.strictObject({
  codT: emission('化学需氧量'),
  nh3nT: emission('氨氮'),
  so2T: emission('二氧化硫'),
  noxT: emission('氮氧化物'),
  vocT: emission('挥发性有机物'),
});

const weight = quantity({ max: NEED_MAX.weight, what: '权重，只看相对大小；0 表示不计' }).optional();
const weightShape = Object.fromEntries(CRITERIA.map((criterion) => [criterion, weight])) as Record<
  Criterion,
  typeof weight
>;

const weights = z.strictObject(weightShape).superRefine((given, ctx) => {
  if (CRITERIA.every((criterion) => given[criterion] === 0)) report(ctx, { code: 'allWeightsZero' });
});

/**
 * The body of a need. Checks all that can be told without reference data; whether a GB/T code, a county or a link is
 * known is asked in the use case.
 * @param options.today the day in Asia/Shanghai before which no date may lie
 */
export function needSchema(options: { readonly today: IsoDate }) {
  const wan = (max: number, what: string) => quantity({ max, what: `${what}，万元` });
  return z
    .strictObject({
      firm: z.strictObject({
        name: line(TEXT_MAX.name, '企业名称'),
        creditCode: creditCode.optional(),
        countyAdcode: adcode('企业所在县(市、区)，GB/T 2260 六位代码'),
      }),
      title: line(TEXT_MAX.title, '需求标题'),
      description: prose(TEXT_MAX.description, '需求说明'),
      gbt: gbtCode('国民经济行业代码 GB/T 4754-2017，2–4 位'),
      chain: chain.optional(),
      land: landSchema(options.today),
      energyTce: quantity({ max: NEED_MAX.energyTce, what: '年能耗，吨标准煤' }).optional(),
      powerKva: quantity({ max: NEED_MAX.powerKva, what: '用电容量，千伏安' }).optional(),
      waterM3PerDay: quantity({ max: NEED_MAX.waterM3PerDay, what: '日用水量，立方米' }).optional(),
      emissions: emissions.optional(),
      workshopM2: quantity({ max: NEED_MAX.workshopM2, what: '租用标准厂房，平方米' }).optional(),
      floorAreaM2: quantity({ max: NEED_MAX.floorAreaM2, what: '规划建筑面积，平方米' }).optional(),
      investWan: wan(NEED_MAX.investWan, '总投资'),
      fixedInvestWan: wan(NEED_MAX.investWan, '固定资产投资').optional(),
      outputWan: wan(NEED_MAX.outputWan, '达产后年产值').optional(),
      valueAddedWan: wan(NEED_MAX.valueAddedWan, '达产后年工业增加值').optional(),
      taxWan: wan(NEED_MAX.taxWan, '达产后年税收').optional(),
      workers: whole({ max: NEED_MAX.workers, what: '用工人数' }).optional(),
      neededBy: day(comingDays(options.today), '最迟用地日期').optional(),
      exclude: z
        .strictObject({
          counties: z
            .array(adcode('不考虑的县(市、区)'))
            .max(LIST_MAX.excludedCounties)
            .superRefine((counties, ctx) => reportDuplicates(ctx, counties)),
        })
        .optional(),
      weights: weights.optional(),
    })
    .meta({ id: 'Need', description: '企业扩产需求。没有填的项表示没有要求。' });
}

export type NeedSchema = ReturnType<typeof needSchema>;

const schemaFor = perDay((today) => needSchema({ today }));

/**
 * Turns a parsed JSON body into a need: normalised (full-width digits, trimmed text) and within all limits.
 * Never throws. The same need again gives the same need.
 */
export function parseNeed(
  body: unknown,
  today: IsoDate,
): { readonly ok: true; readonly need: Need } | { readonly ok: false; readonly issues: readonly FieldIssue[] } {
  const parsed = parseWith(schemaFor(today), body);
  return parsed.ok ? { ok: true, need: parsed.value } : parsed;
}
