import { AppError } from '../domain/errors.js';
import type { Need, StoredNeed } from '../domain/need.js';
import { parseNeed } from '../schemas/need-schema.js';
import { type Answer, API_BASE, type Call, type Endpoint, endpoint, idOf } from './endpoint.js';
import { EXAMPLE_NEED, EXAMPLE_STORED_NEED } from './examples.js';
import { entityTag, expectedVersion, idempotencyKey, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery, pageOf, pageQuery } from './queries.js';
import { firstNeedView, needBodySchema, needPath, needView, needViewSchema, pageSchema } from './views.js';

const tag = '需求';
const body = { schema: needBodySchema, examples: { 半导体材料: EXAMPLE_NEED } };

function needOf(call: Pick<Call, 'body' | 'today'>): Need {
  const parsed = parseNeed(call.body, call.today);
  if (!parsed.ok) throw new AppError('invalidInput', { issues: parsed.issues });
  return parsed.need;
}

function current(stored: StoredNeed): Answer {
  return { status: 200, body: needView(stored), headers: { ETag: entityTag(stored.version) } };
}

/** Needs: submit, list, read, revise. */
export const needEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: `${API_BASE}/needs`,
    access: { action: 'need.write', ownership: 'none' },
    tag,
    summary: '提交需求',
    description:
      '保存需求并开始匹配。带 Idempotency-Key 时，同键同内容再次提交得到第一次的答复，同键不同内容得到 409。' +
      '数字和代码可用全角或文字形式的数字，会转成半角。',
    query: noQuery,
    headers: ['Idempotency-Key?'],
    body,
    answers: {
      202: {
        description: '已保存，正在匹配',
        schema: needViewSchema,
        headers: ['Location', 'ETag', 'Idempotency-Replayed'],
        example: EXAMPLE_STORED_NEED,
      },
    },
    problems: [
      'invalidInput',
      'brokenJson',
      'idempotencyConflict',
      'bodyTooLarge',
      'unsupportedMediaType',
      'storeUnavailable',
    ],
    handle: async (call) => {
      const key = idempotencyKey(call);
      const { stored, replayed } = await call.useCases.submitNeed(needOf(call), key);
      return {
        status: 202,
        body: firstNeedView(stored),
        headers: {
          Location: needPath(stored.id),
          ETag: entityTag(1),
          ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}),
        },
      };
    },
  }),
  endpoint({
    method: 'get',
    path: `${API_BASE}/needs`,
    access: { action: 'need.read', ownership: 'none' },
    tag,
    summary: '需求列表',
    description: '新的在前。',
    query: pageQuery,
    answers: { 200: { description: '一页需求', schema: pageSchema(needViewSchema) } },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.listNeeds(cursor, limit);
      return { status: 200, body: { items: page.items.map(needView), nextCursor: page.nextCursor } };
    },
  }),
  endpoint({
    method: 'get',
    path: `${API_BASE}/needs/{id}`,
    access: { action: 'need.read', ownership: 'need' },
    tag,
    summary: '读取需求',
    query: noQuery,
    answers: {
      200: { description: '需求的当前版本', schema: needViewSchema, headers: ['ETag'], example: EXAMPLE_STORED_NEED },
    },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => current(await call.useCases.getNeed(idOf(call))),
  }),
  endpoint({
    method: 'put',
    path: `${API_BASE}/needs/{id}`,
    access: { action: 'need.write', ownership: 'need' },
    tag,
    summary: '修改需求',
    description: '整份替换，成为新版本并重新匹配。If-Match 填读到的 ETag；已被他人修改时得到 409 和当前版本号。',
    query: noQuery,
    headers: ['If-Match'],
    body,
    answers: {
      200: { description: '新版本，正在匹配', schema: needViewSchema, headers: ['ETag'], example: EXAMPLE_STORED_NEED },
    },
    problems: VERSIONED_EDIT_PROBLEMS,
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      return current(await call.useCases.reviseNeed(id, version, needOf(call)));
    },
  }),
];
