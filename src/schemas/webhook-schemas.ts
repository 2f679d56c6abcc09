import { z } from 'zod';
import { isIsoDate } from '../domain/units.js';
import { EVENT_TYPES, TEST_EVENT } from '../domain/webhook.js';
import { adcode, halfWidth, line, report, reportDuplicates } from './fields.js';
import { recordId } from './lead-schemas.js';

const URL_MAX = 2_000;
const DESCRIPTION_MAX = 200;
const DAY_MS = 24 * 3_600_000;

const TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A day in China as its first or last millisecond, or a time, as UTC; null for what is neither. */
function instant(text: string, edge: 'first' | 'last'): string | null {
  const day = TIME.exec(text)?.[1] ?? text;
  if (!isIsoDate(day) || day < '2000-01-01' || day > '2100-12-31') return null;
  const at =
    day === text ? Date.parse(`${day}T00:00:00.000+08:00`) + (edge === 'last' ? DAY_MS - 1 : 0) : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** A moment: a day in China, of which it is the first or last millisecond, or a time with its zone. Read as UTC. */
function moment(edge: 'first' | 'last', what: string) {
  const read = (raw: unknown) => {
    if (typeof raw !== 'string') return raw;
    const text = halfWidth(raw).trim();
    return instant(text, edge) ?? text;
  };
  const checked = z.string().superRefine((value, ctx) => {
    if (instant(value, edge) === null) report(ctx, { code: 'notATime' });
  });
  return z.preprocess(read, checked).meta({
    description: `${what}：日期(北京时间)，或带时区的时间`,
    examples: ['2030-01-02', '2030-01-02T08:00:00+08:00'],
  });
}

/** Refuses a span that ends before it begins. */
export function spanInOrder(
  span: { readonly from?: string | undefined; readonly to?: string | undefined },
  ctx: z.core.$RefinementCtx,
) {
  const { from, to } = span;
  if (from !== undefined && to !== undefined && from > to) report(ctx, { code: 'fromAfterTo', limit: to }, ['from']);
}

const url = line(URL_MAX, '接收地址，http(s)；不得指向内网、本机等地址').meta({
  examples: ['https://zs.example.gov.cn/webhooks/shanhai'],
});
const types = z
  .array(z.enum(EVENT_TYPES))
  .max(EVENT_TYPES.length)
  .superRefine((items, ctx) => reportDuplicates(ctx, items))
  .meta({ description: '订阅哪些消息；空为全部' });
const description = line(DESCRIPTION_MAX, '用途，便于以后辨认；null 为没有').nullable();

/** The body of `POST /webhooks/endpoints`. Whether the address may be sent to is told where it is stored. */
export const newEndpointSchema = z
  .strictObject({
    url,
    types: types.optional(),
    description: description.optional(),
    signature: z
      .enum(['v1', 'v1a'])
      .optional()
      .meta({ description: 'v1 共享密钥 HMAC-SHA256(默认)，v1a 公钥 Ed25519' }),
    countyAdcode: adcode('哪个县(市、区)的消息；null 为全省，默认与本人相同').nullable().optional(),
  })
  .meta({ id: 'NewWebhookEndpoint', description: '新的推送地址；密钥由服务给出，只显示一次' });

/** The body of `PATCH /webhooks/endpoints/{id}`. */
export const endpointChangeSchema = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    description: description.optional(),
    state: z
      .enum(['active', 'paused'])
      .optional()
      .meta({ description: 'paused 暂停，active 启用；被服务停用的，改为 active 即恢复' }),
  })
  .superRefine((change, ctx) => {
    if (Object.keys(change).length === 0) report(ctx, { code: 'nothingToChange' });
  })
  .meta({ id: 'WebhookEndpointChange', description: '要改的项' });

/** The body of `POST /webhooks/endpoints/{id}/replay`; both ends are in the range. */
export const replaySchema = z
  .strictObject({
    from: moment('first', '这时及以后产生的消息'),
    to: moment('last', '这时及以前产生的消息'),
    failedOnly: z.boolean().optional().meta({ description: 'true 只重送未送达的；默认 false' }),
  })
  .superRefine(spanInOrder)
  .meta({ id: 'WebhookReplay' });

/** What `GET /webhooks/deliveries` filters by; a page is added where the route is. */
export const deliveryFilter = {
  endpoint: recordId('只看送往这个推送地址的，填编号').optional(),
  type: z
    .enum([...EVENT_TYPES, TEST_EVENT])
    .optional()
    .meta({ description: '只看这类消息' }),
  state: z
    .enum(['pending', 'delivered', 'failed', 'cancelled'])
    .optional()
    .meta({ description: 'pending 待送，delivered 已送达，failed 未送达，cancelled 已取消' }),
  from: moment('first', '这时及以后产生的').optional(),
  to: moment('last', '这时及以前产生的').optional(),
};
