import { z } from 'zod';
import { ACTIONS, ROLES } from '../domain/access.js';
import type { TokenView, UserView } from '../usecases/account-use-cases.js';

export const isoTime = z.string().meta({ format: 'date-time' });
const county = z.string().nullable().meta({ description: '所属县(市、区)区划代码；null 为全省' });

/** A user as answers show it. */
export const userSchema: z.ZodType<UserView> = z
  .strictObject({
    id: z.string(),
    loginName: z.string(),
    displayName: z.string(),
    role: z.enum(ROLES).exclude(['integration']),
    countyAdcode: county,
    mustChangePassword: z.boolean().meta({ description: '还在用一次性密码' }),
    disabled: z.boolean(),
    lockedUntil: isoTime.nullable().meta({ description: '密码连续输错，到这时之前不能登录' }),
    createdAt: isoTime,
    version: z.int().min(1),
  })
  .meta({ id: 'User', description: '用户' });

/** A token as answers show it: never its secret. */
export const tokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    countyAdcode: county,
    scopes: z.array(z.enum(ACTIONS)),
    createdBy: z.string().meta({ description: '创建人的编号' }),
    createdAt: isoTime,
    expiresAt: isoTime,
    revokedAt: isoTime.nullable(),
  })
  .meta({ id: 'Token', description: '接口令牌' });

/** Rights, for pages that show only what can be done. */
export const actionsSchema = z.array(z.enum(ACTIONS)).meta({ description: '可用的权限' });

const AT = '2030-01-02T03:04:05.678Z';

export const EXAMPLE_USER: UserView = {
  id: 'user_0123456789abcdefghijklmn',
  loginName: 'yiwu.zhang',
  displayName: '张工(义乌)',
  role: 'sourceStaff',
  countyAdcode: '330782',
  mustChangePassword: false,
  disabled: false,
  lockedUntil: null,
  createdAt: AT,
  version: 1,
};

export const EXAMPLE_TOKEN: TokenView = {
  id: 'token_0123456789abcdefghijklmn',
  name: '市招商平台对接',
  countyAdcode: '330782',
  scopes: ['need.read', 'lead.read'],
  createdBy: EXAMPLE_USER.id,
  createdAt: AT,
  expiresAt: '2030-04-02T03:04:05.678Z',
  revokedAt: null,
};
