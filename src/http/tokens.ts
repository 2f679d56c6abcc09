import { z } from 'zod';
import { newTokenSchema } from '../schemas/account-schemas.js';
import { EXAMPLE_TOKEN, tokenSchema } from './account-views.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { BODY_PROBLEMS, checkedBody } from './json-body.js';
import { noQuery, pageOf, pageQuery } from './queries.js';
import { pageSchema } from './views.js';

const tag = '账号';
const path = `${API_BASE}/tokens`;

const withSecret = z
  .strictObject({
    token: tokenSchema,
    secret: z.string().meta({ description: '放进 Authorization: Bearer；只在这里出现一次' }),
  })
  .meta({ id: 'TokenWithSecret', description: '接口令牌及其密钥' });

/** Keys for programs. */
export const tokenEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    access: { action: 'token.manage', ownership: 'none' },
    tag,
    summary: '接口令牌列表',
    description: '新的在前；不含密钥。',
    query: pageQuery,
    answers: { 200: { description: '一页令牌', schema: pageSchema(tokenSchema) } },
    problems: ['invalidInput'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      return { status: 200, body: await call.useCases.listTokens(cursor, limit) };
    },
  }),
  endpoint({
    method: 'post',
    path,
    access: { action: 'token.manage', ownership: 'none' },
    tag,
    summary: '新建接口令牌',
    query: noQuery,
    body: {
      schema: newTokenSchema,
      examples: { 只读: { name: '市招商平台对接', scopes: ['need.read', 'lead.read'], expiresInDays: 90 } },
    },
    answers: {
      201: {
        description: '已新建',
        schema: withSecret,
        example: { token: EXAMPLE_TOKEN, secret: `shm_${EXAMPLE_TOKEN.id}_只显示一次` },
      },
    },
    problems: BODY_PROBLEMS,
    handle: async (call) => {
      const { countyAdcode = call.caller.actor.countyAdcode, ...rest } = checkedBody(newTokenSchema, call.body);
      return { status: 201, body: await call.useCases.createToken({ ...rest, countyAdcode }) };
    },
  }),
  endpoint({
    method: 'delete',
    path: `${path}/{id}`,
    access: { action: 'token.manage', ownership: 'token' },
    tag,
    summary: '撤销接口令牌',
    description: '随即失效，不能恢复。',
    query: noQuery,
    answers: { 200: { description: '已撤销的令牌', schema: tokenSchema, example: EXAMPLE_TOKEN } },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => ({ status: 200, body: await call.useCases.revokeToken(idOf(call)) }),
  }),
];
