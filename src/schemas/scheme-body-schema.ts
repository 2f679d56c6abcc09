import { z } from 'zod';
import { BASES, type IsoDate } from '../domain/provenance.js';
import { TIE_RULES } from '../domain/scheme.js';
import { comingDays, day, line, quantity, report, whole } from './fields.js';
import { NEED_MAX, TEXT_MAX } from './limits.js';
import { perDay } from './per-day.js';

/** Parts that miss 1 by less than this add up to it. */
const SHARE_SLACK = 1e-9;

function shares(what: string) {
  const one = (whose: string) => quantity({ max: 1, what: `${whose}的份额，0–1` });
  return z
    .strictObject({ source: one('企业所在县'), host: one('承接县') })
    .superRefine(({ source, host }, ctx) => {
      const sum = source + host;
      if (Math.abs(sum - 1) > SHARE_SLACK) report(ctx, { code: 'sharesDontAddUp', value: sum, limit: 1 });
    })
    .meta({ description: what });
}

/**
 * The body of `PUT /schemes/{id}`: the whole of the next version.
 * @param options.today the version holds from this day on at the earliest; no source is of a later day
 */
export function schemeBodySchema(options: { readonly today: IsoDate }) {
  const provenance = z.strictObject({
    source: line(TEXT_MAX.source, '出处：文件名称、条款或网址'),
    basis: z.enum(BASES),
    asOf: day({ from: '2000-01-01', fromCode: 'dateTooEarly', to: options.today, toCode: 'dateInFuture' }, '数据日期'),
  });
  const sourced = <Value extends z.ZodType>(value: Value) => z.strictObject({ value, provenance });
  const days = (max: number, what: string) => sourced(whole({ min: 1, max, what }));
  const rules = z.strictObject({
    responseWorkingDays: days(60, '响应：几个工作日内受理或退回'),
    assessmentWorkingDays: days(120, '研判：受理后几个工作日内'),
    feedbackDays: days(365, '反馈：研判后几日内'),
    progressDays: days(365, '进展：每几日报一次'),
    protectionDays: days(1_825, '首报保护期，日'),
    countsExpansionsOfLanded: sourced(z.boolean().meta({ description: '已落地企业的增资扩产是否计为线索' })),
    minInvestWan: sourced(quantity({ max: NEED_MAX.investWan, what: '最低总投资，万元' })),
    openPushesAtMost: sourced(whole({ min: 1, max: 100, what: '一条需求最多同时推送几个县' })),
    sameTimeHours: sourced(quantity({ max: 720, what: '相差几小时以内视为同时报送' })),
    tieRule: sourced(z.enum(TIE_RULES).meta({ description: '同时报送的处理' })),
    softHoldDays: days(365, '软预留期限，日'),
    firmHoldDays: days(1_825, '硬预留期限，日'),
    holdExtensionsAtMost: sourced(whole({ max: 10, what: '预留最多延期几次' })),
    outputShare: sourced(shares('产值分成')),
    taxShare: sourced(shares('税收分成')),
    landIndicatorShare: sourced(shares('用地指标分成')),
  });
  return z
    .strictObject({
      title: line(100, '规则名称'),
      from: day(comingDays(options.today), '对新线索生效的第一天'),
      rules,
    })
    .meta({ id: 'SchemeBody', description: '规则的下一版，整份填写' });
}

/** The schema of a day, see `schemeBodySchema`. */
export const schemeBodyOn = perDay((today) => schemeBodySchema({ today }));
