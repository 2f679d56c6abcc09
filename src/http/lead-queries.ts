import { z } from 'zod';
import { LEAD_STAGES } from '../domain/lead.js';
import { FUNNEL_BY } from '../domain/lead-reports.js';
import type { IsoDate } from '../domain/provenance.js';
import { adcode, code, day, report } from '../schemas/fields.js';
import { recordId } from '../schemas/lead-schemas.js';
import { dayEnd, dayStart } from './china-days.js';
import { pageQuery } from './queries.js';

/** How many days the funnel covers where none were named. */
const FUNNEL_DAYS = 365;
const DAY_MS = 86_400_000;

const bounds = { from: '2000-01-01', fromCode: 'dateTooEarly', to: '2100-12-31', toCode: 'dateTooFar' } as const;
const span = {
  from: day(bounds, '从这一天起(北京时间)').optional(),
  to: day(bounds, '到这一天为止，含当天(北京时间)').optional(),
};

type Span = { readonly from?: IsoDate | undefined; readonly to?: IsoDate | undefined };

/** Refuses a span that ends before it begins. */
function inOrder({ from, to }: Span, ctx: z.core.$RefinementCtx): void {
  if (from !== undefined && to !== undefined && from > to) report(ctx, { code: 'fromAfterTo', limit: to }, ['from']);
}

const format = z.enum(['json', 'csv']).optional().meta({ description: 'csv：下载表格；默认 json' });

export const leadsQuery = z
  .strictObject({
    stage: z.enum(LEAD_STAGES).optional().meta({ description: '只看这个阶段的' }),
    need: recordId('只看这条需求的').optional(),
    county: adcode('只看与这个县(市、区)有关的').optional(),
    ...span,
    format,
    ...pageQuery.shape,
  })
  .superRefine(inOrder);

export const funnelQuery = z
  .strictObject({
    by: z.enum(FUNNEL_BY).meta({
      description: 'pair 按结对，county 按承接县，scheme 按规则，chain 按产业链',
      examples: ['pair'],
    }),
    ...span,
    format,
  })
  .superRefine(inOrder);

export const auditQuery = z
  .strictObject({
    chain: adcode('哪个县的记录，全省的为 330000；默认本县').optional(),
    object: recordId('只看这个对象的，填编号').optional(),
    type: code({
      pattern: /^[a-z]{1,20}\.[a-z_]{1,40}$/,
      form: '如 lead.pushed',
      what: '只看这类变动',
    }).optional(),
    ...span,
    ...pageQuery.shape,
  })
  .superRefine(inOrder);

/** A span of days in China as times, both included; an end that is open stays open. */
export function timesOf({ from, to }: Span): { readonly from?: string; readonly to?: string } {
  return { ...(from === undefined ? {} : { from: dayStart(from) }), ...(to === undefined ? {} : { to: dayEnd(to) }) };
}

/** The days the funnel covers: those asked for, else the last 365 up to today. */
export function funnelDays({ from, to }: Span, today: IsoDate): { readonly from: IsoDate; readonly to: IsoDate } {
  const end = to ?? today;
  const begin = new Date(Date.parse(`${end}T00:00:00.000Z`) - (FUNNEL_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  return { from: from ?? begin, to: end };
}
