import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { EVENT_TYPES, TEST_EVENT } from '../domain/webhook.js';
import { EVENT_SCHEMAS } from '../schemas/webhook-event-schemas.js';
import { EVENT_WORDS } from '../words/webhook.js';
import { EVENT_EXAMPLES } from './webhook-examples.js';

const headers = z.object({
  'webhook-id': z.string().meta({
    description: '消息的编号；重试、重送都不变，按它去重',
    examples: ['evt_0123456789abcdefghijklmn'],
  }),
  'webhook-timestamp': z
    .string()
    .regex(/^\d+$/)
    .meta({ description: '这次送出的时间，1970 年起的秒数；与本机相差超过 5 分钟的应拒绝', examples: ['1893553445'] }),
  'webhook-signature': z.string().meta({
    description:
      '`<webhook-id>.<webhook-timestamp>.<正文>` 的签名：`v1,` 加 HMAC-SHA256 的 base64，或 `v1a,` 加 Ed25519 的。' +
      '有几把有效的密钥就有几个，以空格分开，一个相符即可',
    examples: ['v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='],
  }),
});

/** What a receiver answers, and what comes of it. */
const responses: RouteConfig['responses'] = {
  '2XX': { description: '已收到。请在 15 秒内答复，费时的事另行处理' },
  '3XX': { description: '不跟随转向，算没有送达，稍后重试' },
  410: { description: '不再接收：推送地址随即停用' },
  '4XX': { description: '没有送达，稍后重试；答复里的 Retry-After 会遵守' },
  '5XX': { description: '没有送达，稍后重试；答复里的 Retry-After 会遵守' },
};

/** Adds what the service sends to receivers: one entry for each type of message. */
export function registerWebhooks(registry: OpenAPIRegistry): void {
  for (const type of [...EVENT_TYPES, TEST_EVENT] as const) {
    registry.registerWebhook({
      method: 'post',
      path: type,
      operationId: `webhook_${type.replace('.', '_')}`,
      tags: ['推送'],
      summary: EVENT_WORDS[type],
      description:
        '按 Standard Webhooks 1.0 签名；至少送一次，次序不保证，同一对象(线索、园区、需求)按 data.sequence 排先后。',
      security: [],
      request: {
        headers,
        body: {
          required: true,
          content: { 'application/json': { schema: EVENT_SCHEMAS[type], example: EVENT_EXAMPLES[type] } },
        },
      },
      responses,
    });
  }
}
