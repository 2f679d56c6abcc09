import { z } from 'zod';
import { type EventType, TEST_EVENT } from '../domain/webhook.js';

const id = (what: string, max = 64) => z.string().min(1).max(max).meta({ description: what });
const isoTime = (what: string) => z.string().meta({ format: 'date-time', description: what });
const day = (what: string) => z.string().meta({ format: 'date', description: what });
const county = (what: string) => z.string().meta({ description: `${what}的区划代码`, pattern: '^\\d{6}$' });
const link = z.string().meta({ description: '接口地址' });

const leadId = id('线索编号');
const parkId = id('园区编号').nullable();
const stage = z.string().meta({ description: '线索阶段' });
const hostAdcode = county('承接县').nullable();
const sequenceOf = (what: string) =>
  z
    .int()
    .min(1)
    .meta({ description: `${what}每变动一次加一；收到小的说明它是旧的，不必再理` });
const ofLead = { leadId, sequence: sequenceOf('线索') };
const leadLinks = z.strictObject({ lead: link });
const holdLinks = z.strictObject({ lead: link, park: link });

const ofHold = {
  holdId: id('预留编号'),
  leadId,
  parkId: id('园区编号'),
  sequence: sequenceOf('园区的预留'),
  kind: z.enum(['soft', 'firm', 'used']).nullable().meta({ description: 'soft 软预留，firm 硬预留，used 已使用' }),
};
const until = isoTime('到期时间').nullable();
const amounts = {
  amounts: z
    .record(z.string(), z.number())
    .meta({ description: '预留量：parcel:<地块> 为亩，其他为要素的单位；最多列 50 项' }),
  amountsTotal: z.int().min(0).meta({ description: '预留了几项' }),
};

const firstPark = z
  .strictObject({ parkId: id('园区编号'), score: z.number().nullable().meta({ description: '得分，0–100' }) })
  .nullable();
const match = z.strictObject({
  needId: id('需求编号'),
  needVersion: z.int().min(1),
  sequence: sequenceOf('需求的匹配结果'),
  resultId: id('匹配结果编号', 300).nullable(),
  first: firstPark.meta({ description: '现在排第一的园区；没有园区能接收为 null' }),
  previousFirst: firstPark.meta({ description: '上次告知时排第一的园区；没有为 null' }),
  parks: z
    .array(
      z.strictObject({
        parkId: id('园区编号'),
        rank: z.int().min(1),
        score: z.number(),
        status: z.enum(['eligible', 'conditional']),
      }),
    )
    .max(10)
    .meta({ description: '排在前面的园区' }),
  rankedTotal: z.int().min(0).meta({ description: '排上的园区数' }),
  label: z
    .enum(['firm', 'leaning', 'tossUp'])
    .nullable()
    .meta({ description: '结论稳不稳：firm 稳，leaning 偏向，tossUp 难分' }),
  links: z.strictObject({ need: link, matches: link }),
});

const clock = z.strictObject({
  ...ofLead,
  stage,
  clock: z.enum(['response', 'assessment', 'feedback', 'progress']).meta({ description: '响应、研判、反馈、进展' }),
  dueAt: isoTime('期限').nullable(),
  hostAdcode,
  links: leadLinks,
});

/** What stands in `data`, by type. */
const DATA: Readonly<Record<EventType | typeof TEST_EVENT, z.ZodType>> = {
  'match.created': match,
  'match.changed': match,
  'match.lost': match,
  'lead.pushed': z.strictObject({
    ...ofLead,
    stage,
    fromStage: stage.nullable(),
    hostAdcode,
    fromHostAdcode: county('流转前的承接县').nullable().meta({ description: '不是流转来的为 null' }),
    parkId,
    links: leadLinks,
  }),
  'lead.stage_changed': z.strictObject({
    ...ofLead,
    stage,
    fromStage: stage.nullable(),
    hostAdcode,
    parkId,
    reason: z.string().nullable().meta({ description: '退回、终止的原因代码' }),
    links: leadLinks,
  }),
  'lead.clock_due': clock,
  'lead.overdue': clock,
  'hold.placed': z.strictObject({ ...ofHold, until, ...amounts, links: holdLinks }),
  'hold.expiring': z.strictObject({ ...ofHold, until, links: holdLinks }),
  'hold.released': z.strictObject({
    ...ofHold,
    reason: z.string().nullable().meta({ description: '释放的原因代码' }),
    ...amounts,
    links: holdLinks,
  }),
  'park.inventory_stale': z.strictObject({
    parkId: id('园区编号'),
    sequence: sequenceOf('园区要素'),
    oldestAsOf: day('最旧的数据日期').nullable(),
    staleAfterDays: z.int().min(1).nullable(),
    staleFacts: z.array(z.string()).max(50).meta({ description: '过旧的要素' }),
    links: z.strictObject({ park: link }),
  }),
  [TEST_EVENT]: z.strictObject({ endpointId: id('推送地址编号') }),
};

function messageOf(type: EventType | typeof TEST_EVENT) {
  return z
    .strictObject({ type: z.literal(type), timestamp: isoTime('事情发生的时间'), data: DATA[type] })
    .meta({ id: `Event.${type}` });
}

/** The body of a message of each type: what receivers may rely on. */
export const EVENT_SCHEMAS: Readonly<Record<EventType | typeof TEST_EVENT, z.ZodType>> = {
  'match.created': messageOf('match.created'),
  'match.changed': messageOf('match.changed'),
  'match.lost': messageOf('match.lost'),
  'lead.pushed': messageOf('lead.pushed'),
  'lead.stage_changed': messageOf('lead.stage_changed'),
  'lead.clock_due': messageOf('lead.clock_due'),
  'lead.overdue': messageOf('lead.overdue'),
  'hold.placed': messageOf('hold.placed'),
  'hold.expiring': messageOf('hold.expiring'),
  'hold.released': messageOf('hold.released'),
  'park.inventory_stale': messageOf('park.inventory_stale'),
  [TEST_EVENT]: messageOf(TEST_EVENT),
};
