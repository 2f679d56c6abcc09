import { z } from 'zod';
import { ACTIONS, may } from '../domain/access.js';
import { AppError } from '../domain/errors.js';
import { passwordChangeSchema, signInSchema } from '../schemas/account-schemas.js';
import { actionsSchema, EXAMPLE_TOKEN, EXAMPLE_USER, isoTime, tokenSchema, userSchema } from './account-views.js';
import { API_BASE, type Call, type Endpoint, endpoint, publicEndpoint } from './endpoint.js';
import { BODY_PROBLEMS, checkedBody } from './json-body.js';
import { noQuery } from './queries.js';

const tag = '账号';
const path = `${API_BASE}/session`;
const own = { action: 'self', ownership: 'session', withOneTimePassword: true } as const;
const csrfToken = z.string().meta({ description: '修改数据的请求放进请求头 X-CSRF-Token' });

const signedInSchema = z
  .strictObject({ user: userSchema, csrfToken, expiresAt: isoTime, actions: actionsSchema })
  .meta({ id: 'SignedIn', description: '登录成功；会话在 Cookie 里' });

const whoAmISchema = z
  .strictObject({
    user: userSchema.nullable(),
    token: tokenSchema.nullable(),
    actions: actionsSchema,
    expiresAt: isoTime.nullable().meta({ description: '会话到什么时候' }),
  })
  .meta({ id: 'WhoAmI', description: '当前的用户或令牌及其权限' });

/** @throws AppError `notSignedIn` for a token: it has no session. */
function sessionOf({ signedIn }: Pick<Call, 'signedIn'>) {
  if (signedIn.session === null) throw new AppError('notSignedIn');
  return signedIn.session;
}

const rightsOf = (role: typeof EXAMPLE_USER.role) => ACTIONS.filter((action) => may({ role, scopes: [] }, action));

/** Signing in and out, one's own password. */
export const sessionEndpoints: readonly Endpoint[] = [
  publicEndpoint({
    method: 'post',
    path,
    tag,
    summary: '登录',
    description:
      '成功后会话在 httpOnly Cookie 里，csrfToken 供修改数据的请求使用。用户名不存在、密码错误、账号停用答复相同；多次失败要等待。',
    query: noQuery,
    body: {
      schema: signInSchema,
      examples: { 登录: { loginName: EXAMPLE_USER.loginName, password: '一次性密码或自己的密码' } },
    },
    answers: {
      200: {
        description: '已登录',
        schema: signedInSchema,
        headers: ['Set-Cookie'],
        example: {
          user: EXAMPLE_USER,
          csrfToken: 'kq3nTsr0Q1mJx0Yx0c7yqk3vW2d1bX8oG5yP4uZ6aEc',
          expiresAt: '2030-01-02T15:04:05.678Z',
          actions: rightsOf(EXAMPLE_USER.role),
        },
      },
    },
    problems: [...BODY_PROBLEMS, 'signInRefused', 'tooManyAttempts', 'storeUnavailable'],
    noStore: true,
    handle: async (call) => {
      const { loginName, password } = checkedBody(signInSchema, call.body);
      const { address, requestId } = call;
      const { sessionSecret, ...known } = await call.authenticator.signIn({ loginName, password, address, requestId });
      return {
        status: 200,
        body: { ...known, actions: rightsOf(known.user.role) },
        session: { secret: sessionSecret, expiresAt: known.expiresAt },
      };
    },
  }),
  endpoint({
    method: 'get',
    path,
    access: own,
    tag,
    summary: '我是谁、能做什么',
    query: noQuery,
    answers: {
      200: {
        description: '当前的用户及其权限',
        schema: whoAmISchema,
        example: {
          user: EXAMPLE_USER,
          token: null,
          actions: ['self', 'need.read'],
          expiresAt: EXAMPLE_TOKEN.expiresAt,
        },
      },
    },
    problems: ['invalidInput'],
    handle: async (call) => ({
      status: 200,
      body: { ...(await call.useCases.whoAmI()), expiresAt: call.signedIn.session?.expiresAt ?? null },
    }),
  }),
  endpoint({
    method: 'delete',
    path,
    access: own,
    tag,
    summary: '退出登录',
    query: noQuery,
    answers: { 204: { description: '已退出', headers: ['Set-Cookie'] } },
    problems: ['invalidInput'],
    handle: async (call) => {
      await call.useCases.signOut(sessionOf(call).id);
      return { status: 204, body: undefined, session: 'ended' };
    },
  }),
  endpoint({
    method: 'post',
    path: `${path}/csrf`,
    access: { ...own, withoutCsrfToken: true },
    tag,
    summary: '换一个 CSRF 令牌',
    description: '页面重新载入后调用；旧的随即失效。',
    query: noQuery,
    answers: { 200: { description: '新的令牌', schema: z.strictObject({ csrfToken }).meta({ id: 'CsrfToken' }) } },
    problems: ['invalidInput'],
    handle: async (call) => ({ status: 200, body: await call.useCases.renewCsrf(sessionOf(call).id) }),
  }),
  endpoint({
    method: 'put',
    path: `${path}/password`,
    access: own,
    tag,
    summary: '修改自己的密码',
    description: '其他设备上的登录随即失效。',
    query: noQuery,
    body: {
      schema: passwordChangeSchema,
      examples: { 修改: { currentPassword: '现在的密码', newPassword: '足够长的新密码' } },
    },
    answers: { 204: { description: '已修改' } },
    problems: [...BODY_PROBLEMS, 'signInRefused', 'tooManyAttempts'],
    handle: async (call) => {
      const { currentPassword, newPassword } = checkedBody(passwordChangeSchema, call.body);
      await call.useCases.changePassword(currentPassword, newPassword, sessionOf(call).id);
      return { status: 204, body: undefined };
    },
  }),
];
