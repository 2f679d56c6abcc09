import { z } from 'zod';
import { newUserSchema, userChangeSchema } from '../schemas/account-schemas.js';
import { EXAMPLE_USER, userSchema } from './account-views.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { BODY_PROBLEMS, checkedBody } from './json-body.js';
import { entityTag, expectedVersion, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery, pageOf, pageQuery } from './queries.js';
import { pageSchema } from './views.js';

const tag = '账号';
const path = `${API_BASE}/users`;

const withPassword = z
  .strictObject({
    user: userSchema,
    oneTimePassword: z.string().meta({ description: '一次性密码，只在这里出现一次；首次登录须改掉' }),
  })
  .meta({ id: 'UserWithPassword', description: '用户及其一次性密码' });

const EXAMPLE_WITH_PASSWORD = {
  user: { ...EXAMPLE_USER, mustChangePassword: true },
  oneTimePassword: '只显示一次',
} as const;

/** The people who sign in, for the coordinator. */
export const userEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    access: { action: 'user.manage', ownership: 'none' },
    tag,
    summary: '用户列表',
    description: '按用户名排列。',
    query: pageQuery,
    answers: { 200: { description: '一页用户', schema: pageSchema(userSchema) } },
    problems: ['invalidInput'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      return { status: 200, body: await call.useCases.listUsers(cursor, limit) };
    },
  }),
  endpoint({
    method: 'post',
    path,
    access: { action: 'user.manage', ownership: 'none' },
    tag,
    summary: '新建用户',
    query: noQuery,
    body: {
      schema: newUserSchema,
      examples: {
        义乌: { loginName: 'yiwu.zhang', displayName: '张工(义乌)', role: 'sourceStaff', countyAdcode: '330782' },
      },
    },
    answers: {
      201: { description: '已新建', schema: withPassword, headers: ['ETag'], example: EXAMPLE_WITH_PASSWORD },
    },
    problems: BODY_PROBLEMS,
    handle: async (call) => {
      const made = await call.useCases.createUser(checkedBody(newUserSchema, call.body));
      return { status: 201, body: made, headers: { ETag: entityTag(made.user.version) } };
    },
  }),
  endpoint({
    method: 'patch',
    path: `${path}/{id}`,
    access: { action: 'user.manage', ownership: 'user' },
    tag,
    summary: '修改称呼，停用或启用用户',
    description: 'If-Match 填用户的版本号，如 "1"。',
    query: noQuery,
    headers: ['If-Match'],
    body: { schema: userChangeSchema, examples: { 停用: { disabled: true } } },
    answers: { 200: { description: '修改后的用户', schema: userSchema, headers: ['ETag'], example: EXAMPLE_USER } },
    problems: VERSIONED_EDIT_PROBLEMS,
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      const user = await call.useCases.updateUser(id, version, checkedBody(userChangeSchema, call.body));
      return { status: 200, body: user, headers: { ETag: entityTag(user.version) } };
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/{id}/password`,
    access: { action: 'user.manage', ownership: 'user' },
    tag,
    summary: '重置用户的密码',
    description: '给出新的一次性密码，解除锁定；该用户的登录随即失效。',
    query: noQuery,
    answers: {
      200: { description: '已重置', schema: withPassword, headers: ['ETag'], example: EXAMPLE_WITH_PASSWORD },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => {
      const made = await call.useCases.resetPassword(idOf(call));
      return { status: 200, body: made, headers: { ETag: entityTag(made.user.version) } };
    },
  }),
];
