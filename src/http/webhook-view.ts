import { z } from 'zod';
import { type Delivery, type DeliveryAttempt, EVENT_TYPES, TEST_EVENT } from '../domain/webhook.js';
import type { EndpointView } from '../usecases/webhook-use-cases.js';
import {
  attemptText,
  DELIVERY_STATE_WORDS,
  DISABLED_REASON_WORDS,
  ENDPOINT_STATE_WORDS,
  EVENT_WORDS,
  SIGNATURE_WORDS,
} from '../words/webhook.js';

const words = z.string().meta({ description: '中文' });
const isoTime = z.string().meta({ format: 'date-time' });
const county = z.string().nullable().meta({ description: '区划代码；null 为全省，各县的消息都送' });

/** An endpoint as answers show it: never its secret. */
export const endpointSchema = z
  .strictObject({
    id: z.string(),
    countyAdcode: county,
    url: z.string(),
    types: z.array(z.enum(EVENT_TYPES)).meta({ description: '空为全部' }),
    description: z.string().nullable(),
    signature: z.enum(['v1', 'v1a']),
    signatureText: words,
    keys: z
      .array(
        z.strictObject({
          publicKey: z.string().nullable().meta({ description: 'v1a 的公钥，whpk_ 加 base64；v1 为 null' }),
          createdAt: isoTime,
          validUntil: isoTime.nullable().meta({ description: '换下的密钥到这时为止；现用的为 null' }),
        }),
      )
      .meta({ description: '新的在前；消息用其中每一把有效的各签一次' }),
    state: z.enum(['active', 'paused', 'disabled']),
    stateText: words,
    disabledReason: z.enum(['gone', 'failing']).nullable(),
    disabledReasonText: words.nullable(),
    failingSince: isoTime.nullable().meta({ description: '从这时起没有一次送达；null 为正常' }),
    createdBy: z.string(),
    createdAt: isoTime,
    version: z.int().min(1),
  })
  .meta({ id: 'WebhookEndpoint', description: '推送地址；不含密钥' });

/** An endpoint, field by field: what a use case left in by mistake does not get out. */
export function endpointJson(endpoint: EndpointView): z.output<typeof endpointSchema> {
  const { id, countyAdcode, url, types, description, signature, state, disabledReason } = endpoint;
  const { failingSince, createdBy, createdAt, version } = endpoint;
  return {
    id,
    countyAdcode,
    url,
    types: [...types],
    description: description === '' ? null : description,
    signature,
    signatureText: SIGNATURE_WORDS[signature],
    keys: endpoint.keys.map((key) => ({
      publicKey: key.publicKey,
      createdAt: key.createdAt,
      validUntil: key.validUntil,
    })),
    state,
    stateText: ENDPOINT_STATE_WORDS[state],
    disabledReason,
    disabledReasonText: disabledReason === null ? null : DISABLED_REASON_WORDS[disabledReason],
    failingSince,
    createdBy,
    createdAt,
    version,
  };
}

/** An endpoint with its new secret. */
export const endpointWithSecretSchema = z
  .strictObject({
    endpoint: endpointSchema,
    secret: z
      .string()
      .nullable()
      .meta({ description: 'v1 的密钥，whsec_ 加 base64，只在这里出现一次；v1a 为 null，公钥见 keys' }),
  })
  .meta({ id: 'WebhookEndpointWithSecret', description: '推送地址及其新密钥' });

const attemptSchema = z.strictObject({
  at: isoTime,
  status: z.int().nullable().meta({ description: '对方答复的状态码；null 为没有答复' }),
  error: z.string().nullable().meta({ description: '没有答复、或答复不算数的原因' }),
  errorText: words.nullable().meta({ description: '没有送达的原因，中文；送达的为 null' }),
  latencyMs: z.number().min(0),
  answer: z.string().meta({ description: '对方答复的前 1 KB' }),
});

function attemptJson({ at, status, error, latencyMs, answer }: DeliveryAttempt): z.output<typeof attemptSchema> {
  return { at, status, error, errorText: attemptText({ status, error }), latencyMs, answer };
}

const summary = {
  id: z.string(),
  eventId: z.string().meta({ description: '请求头 webhook-id；重试、重送都不变' }),
  endpointId: z.string(),
  countyAdcode: county,
  type: z.enum([...EVENT_TYPES, TEST_EVENT]),
  typeText: words,
  createdAt: isoTime,
  state: z.enum(['pending', 'delivered', 'failed', 'cancelled']),
  stateText: words,
  nextAt: isoTime.nullable().meta({ description: '下次何时再送；不再送的为 null' }),
};

/** A delivery in a list. */
export const deliverySchema = z
  .strictObject({
    ...summary,
    attemptCount: z.int().min(0),
    lastAttempt: attemptSchema.omit({ answer: true }).nullable(),
  })
  .meta({ id: 'WebhookDelivery', description: '一条消息送往一个推送地址' });

/** A delivery with its payload and attempts. */
export const deliveryDetailSchema = z
  .strictObject({
    ...summary,
    payload: z.string().meta({ description: '消息正文，JSON 文本，与送出的逐字节相同' }),
    attempts: z.array(attemptSchema).meta({ description: '先送的在前，最多留 20 次' }),
  })
  .meta({ id: 'WebhookDeliveryDetail', description: '一次推送的正文和历次结果' });

function summaryJson({ id, eventId, endpointId, countyAdcode, type, createdAt, state, nextAt }: Delivery) {
  return {
    ...{ id, eventId, endpointId, countyAdcode, type, typeText: EVENT_WORDS[type], createdAt },
    ...{ state, stateText: DELIVERY_STATE_WORDS[state], nextAt },
  };
}

/** A delivery as lists show it. */
export function deliveryJson(delivery: Delivery): z.output<typeof deliverySchema> {
  const last = delivery.attempts.at(-1);
  const { answer: _, ...lastAttempt } = last === undefined ? { answer: '' } : attemptJson(last);
  return {
    ...summaryJson(delivery),
    attemptCount: delivery.attempts.length,
    lastAttempt: 'at' in lastAttempt ? lastAttempt : null,
  };
}

/** A delivery with all there is to see of it. */
export function deliveryDetailJson(delivery: Delivery): z.output<typeof deliveryDetailSchema> {
  return { ...summaryJson(delivery), payload: delivery.payload, attempts: delivery.attempts.map(attemptJson) };
}

/** How many deliveries of a time range are sent again. */
export const replayedSchema = z
  .strictObject({
    replayed: z.int().min(0).meta({ description: '几条' }),
    more: z.boolean().meta({ description: 'true：到了一次的上限，还有没重送的' }),
  })
  .meta({ id: 'WebhookReplayed' });

const AT = '2030-01-02T03:04:05.678Z';

/** Made-up records; the tests of HTTP answer with them. */
export const EXAMPLE_ENDPOINT: EndpointView = {
  id: 'ep_0123456789abcdefghijklmn',
  countyAdcode: '331102',
  url: 'https://zs.example.gov.cn/webhooks/shanhai',
  types: ['lead.pushed', 'lead.clock_due', 'hold.expiring'],
  description: '区招商平台',
  signature: 'v1',
  keys: [{ publicKey: null, createdAt: AT, validUntil: null }],
  state: 'active',
  disabledReason: null,
  failingSince: null,
  createdBy: 'user_0123456789abcdefghijklmn',
  createdAt: AT,
  version: 1,
};

export const EXAMPLE_DELIVERY: Delivery = {
  id: `evt_0123456789abcdefghijklmn.${EXAMPLE_ENDPOINT.id}`,
  eventId: 'evt_0123456789abcdefghijklmn',
  endpointId: EXAMPLE_ENDPOINT.id,
  countyAdcode: '331102',
  type: 'endpoint.test',
  payload: `{"type":"endpoint.test","timestamp":"${AT}","data":{"endpointId":"${EXAMPLE_ENDPOINT.id}"}}`,
  createdAt: AT,
  state: 'pending',
  attempts: [{ at: '2030-01-02T03:04:05.900Z', status: 503, error: null, latencyMs: 84, answer: '维护中' }],
  nextAt: '2030-01-02T03:04:11.000Z',
};
