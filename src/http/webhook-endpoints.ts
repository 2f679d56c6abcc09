import { endpointChangeSchema, newEndpointSchema, replaySchema } from '../schemas/webhook-schemas.js';
import type { EndpointView } from '../usecases/webhook-use-cases.js';
import { type Answer, API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { BODY_PROBLEMS, checkedBody } from './json-body.js';
import { entityTag, expectedVersion, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery, pageOf, pageQuery } from './queries.js';
import { pageSchema } from './views.js';
import {
  deliveryDetailJson,
  deliveryDetailSchema,
  EXAMPLE_DELIVERY,
  EXAMPLE_ENDPOINT,
  endpointJson,
  endpointSchema,
  endpointWithSecretSchema,
  replayedSchema,
} from './webhook-view.js';

const tag = '推送';
const path = `${API_BASE}/webhooks/endpoints`;
const SECRET = 'whsec_只显示一次';

function current(found: EndpointView): Answer {
  return { status: 200, body: endpointJson(found), headers: { ETag: entityTag(found.version) } };
}

function withSecret(
  status: number,
  made: { readonly endpoint: EndpointView; readonly secret: string | null },
): Answer & { readonly headers: Readonly<Record<string, string>> } {
  return {
    status,
    body: { endpoint: endpointJson(made.endpoint), secret: made.secret },
    headers: { ETag: entityTag(made.endpoint.version) },
  };
}

const answers = {
  200: {
    description: '推送地址',
    schema: endpointSchema,
    headers: ['ETag' as const],
    example: endpointJson(EXAMPLE_ENDPOINT),
  },
};

/** Where a county is told by signed messages. */
export const webhookEndpointRoutes: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    access: { action: 'webhook.manage', ownership: 'none' },
    tag,
    summary: '推送地址列表',
    description: '新的在前；不含密钥。',
    query: pageQuery,
    answers: {
      200: {
        description: '一页推送地址',
        schema: pageSchema(endpointSchema),
        example: { items: [endpointJson(EXAMPLE_ENDPOINT)], nextCursor: null },
      },
    },
    problems: ['invalidInput'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.listEndpoints(cursor, limit);
      return { status: 200, body: { items: page.items.map(endpointJson), nextCursor: page.nextCursor } };
    },
  }),
  endpoint({
    method: 'post',
    path,
    access: { action: 'webhook.manage', ownership: 'none' },
    tag,
    summary: '新建推送地址',
    description:
      '有变动时，服务向这个地址 POST 一条按 Standard Webhooks 1.0 签名的消息，消息的种类和格式见本文档的 webhooks 部分。' +
      '指向本机、内网、云主机元数据等的地址不收(url，code 说明原因)；政务内网的网段由部署方放行。',
    query: noQuery,
    body: {
      schema: newEndpointSchema,
      examples: {
        线索和预留: {
          url: EXAMPLE_ENDPOINT.url,
          types: EXAMPLE_ENDPOINT.types,
          description: EXAMPLE_ENDPOINT.description,
        },
        全部消息用公钥签名: { url: EXAMPLE_ENDPOINT.url, signature: 'v1a' },
      },
    },
    answers: {
      201: {
        description: '已新建；密钥只在这里出现一次',
        schema: endpointWithSecretSchema,
        headers: ['ETag', 'Location'],
        example: { endpoint: endpointJson(EXAMPLE_ENDPOINT), secret: SECRET },
      },
    },
    problems: BODY_PROBLEMS,
    handle: async (call) => {
      const {
        url,
        types = [],
        description = null,
        signature = 'v1',
        countyAdcode = call.caller.actor.countyAdcode,
      } = checkedBody(newEndpointSchema, call.body);
      const input = { url, types, description: description ?? '', signature, countyAdcode };
      const made = await call.useCases.createEndpoint(input);
      const answer = withSecret(201, made);
      return { ...answer, headers: { ...answer.headers, Location: `${path}/${made.endpoint.id}` } };
    },
  }),
  endpoint({
    method: 'get',
    path: `${path}/{id}`,
    access: { action: 'webhook.manage', ownership: 'endpoint' },
    tag,
    summary: '读取推送地址',
    query: noQuery,
    answers,
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => current(await call.useCases.getEndpoint(idOf(call))),
  }),
  endpoint({
    method: 'patch',
    path: `${path}/{id}`,
    access: { action: 'webhook.manage', ownership: 'endpoint' },
    tag,
    summary: '修改推送地址，暂停或恢复',
    description: '只填要改的项，If-Match 填读到的 ETag。暂停时消息留着，恢复后送出；被停用期间的不留。',
    query: noQuery,
    headers: ['If-Match'],
    body: {
      schema: endpointChangeSchema,
      examples: { 暂停: { state: 'paused' }, 改订阅: { types: ['lead.pushed'], description: null } },
    },
    answers,
    problems: VERSIONED_EDIT_PROBLEMS,
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      const { description, ...change } = checkedBody(endpointChangeSchema, call.body);
      return current(
        await call.useCases.updateEndpoint(id, version, {
          ...change,
          ...(description === undefined ? {} : { description: description ?? '' }),
        }),
      );
    },
  }),
  endpoint({
    method: 'delete',
    path: `${path}/{id}`,
    access: { action: 'webhook.manage', ownership: 'endpoint' },
    tag,
    summary: '删除推送地址',
    description: '还没送达的随即取消，不能恢复。',
    query: noQuery,
    answers: { 204: { description: '已删除' } },
    problems: ['invalidInput', 'notFound', 'versionConflict'],
    handle: async (call) => {
      await call.useCases.removeEndpoint(idOf(call));
      return { status: 204, body: undefined };
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{id}/rotation`,
    access: { action: 'webhook.manage', ownership: 'endpoint' },
    tag,
    summary: '更换密钥',
    description: '给出新密钥。此后 24 小时内每条消息用新旧两把各签一次，其间请换上新的。',
    query: noQuery,
    answers: {
      200: {
        description: '新密钥，只在这里出现一次',
        schema: endpointWithSecretSchema,
        headers: ['ETag'],
        example: { endpoint: endpointJson(EXAMPLE_ENDPOINT), secret: SECRET },
      },
    },
    problems: ['invalidInput', 'notFound', 'versionConflict'],
    handle: async (call) => withSecret(200, await call.useCases.rotateKey(idOf(call))),
  }),
  endpoint({
    method: 'post',
    path: `${path}/{id}/test`,
    access: { action: 'webhook.manage', ownership: 'endpoint' },
    tag,
    summary: '发一条测试消息',
    description: '只送往这个地址，种类为 endpoint.test；结果见推送记录。',
    query: noQuery,
    answers: {
      202: {
        description: '即将送出',
        schema: deliveryDetailSchema,
        headers: ['Location'],
        example: deliveryDetailJson({ ...EXAMPLE_DELIVERY, attempts: [] }),
      },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => {
      const delivery = await call.useCases.testEndpoint(idOf(call));
      const Location = `${API_BASE}/webhooks/deliveries/${delivery.id}`;
      return { status: 202, body: deliveryDetailJson(delivery), headers: { Location } };
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{id}/replay`,
    access: { action: 'webhook.manage', ownership: 'endpoint' },
    tag,
    summary: '重送一段时间的消息',
    description:
      '按消息产生的时间，两端都含；webhook-id 不变，送过的对方会当作重复。一次最多 10,000 条，more 为 true 时请再送一次。',
    query: noQuery,
    body: {
      schema: replaySchema,
      examples: {
        恢复一天内未送达的: { from: '2030-01-02', to: '2030-01-02', failedOnly: true },
        一小时内全部: { from: '2030-01-02T08:00:00+08:00', to: '2030-01-02T09:00:00+08:00' },
      },
    },
    answers: {
      202: { description: '即将重送', schema: replayedSchema, example: { replayed: 12, more: false } },
    },
    problems: [...BODY_PROBLEMS, 'notFound'],
    handle: async (call) => {
      const endpointId = idOf(call);
      const { from, to, failedOnly = false } = checkedBody(replaySchema, call.body);
      const { replayed, more } = await call.useCases.replayDeliveries({ endpointId, from, to, failedOnly });
      return { status: 202, body: { replayed, more } };
    },
  }),
];
