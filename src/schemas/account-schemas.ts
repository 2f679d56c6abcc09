import { z } from 'zod';
import { ROLES, TOKEN_SCOPES } from '../domain/access.js';
import { adcode, code, line, reportDuplicates, whole } from './fields.js';

/** Bounds of what is sent; whether a password is good enough is told where it is set. */
const PASSWORD_MAX = 256;
const TOKEN_DAYS_MAX = 366;

/** Taken as it is typed: no trimming, no folding. */
function password(what: string) {
  return z.string().min(1).max(PASSWORD_MAX).meta({ description: what, format: 'password' });
}

const countyOrProvince = adcode('所属县(市、区)区划代码；null 为全省').nullable();

/** What a person signs in with. */
export const signInSchema = z
  .strictObject({ loginName: line(100, '用户名'), password: password('密码') })
  .meta({ id: 'SignIn', description: '登录' });

export const passwordChangeSchema = z
  .strictObject({ currentPassword: password('现在的密码'), newPassword: password('新密码') })
  .meta({ id: 'PasswordChange', description: '修改自己的密码' });

/** A role that a person can have. */
const personRole = z
  .enum(ROLES)
  .exclude(['integration'])
  .meta({ description: '角色：coordinator 省级协调员，sourceStaff 工业大县，hostStaff 山区县，auditor 审计员' });

export const newUserSchema = z
  .strictObject({
    loginName: code({
      pattern: /^[a-z0-9.-]{3,40}$/,
      form: '3–40 个小写字母、数字、- 或 .',
      what: '用户名：3–40 个小写字母、数字、- 或 .',
    }),
    displayName: line(40, '同事看到的称呼'),
    role: personRole,
    countyAdcode: countyOrProvince,
  })
  .meta({ id: 'NewUser', description: '新用户；一次性密码由服务给出，只显示一次' });

export const userChangeSchema = z
  .strictObject({
    displayName: line(40, '同事看到的称呼').optional(),
    disabled: z.boolean().optional().meta({ description: 'true 停用：不能再登录，已有的登录随即失效' }),
  })
  .superRefine((change, ctx) => {
    if (Object.keys(change).length === 0)
      ctx.addIssue({ code: 'custom', message: 'nothingToChange', params: { code: 'nothingToChange' } });
  })
  .meta({ id: 'UserChange', description: '要改的项' });

export const newTokenSchema = z
  .strictObject({
    name: line(60, '用途，便于以后辨认'),
    scopes: z
      .array(z.enum(TOKEN_SCOPES))
      .min(1)
      .max(TOKEN_SCOPES.length)
      .superRefine((items, ctx) => reportDuplicates(ctx, items))
      .meta({ description: '令牌的权限，不能超出本人的权限' }),
    expiresInDays: whole({ min: 1, max: TOKEN_DAYS_MAX, what: '几天后过期' }),
    countyAdcode: adcode('令牌所属县(市、区)；null 为全省，默认与本人相同').nullable().optional(),
  })
  .meta({ id: 'NewToken', description: '新的接口令牌；密钥由服务给出，只显示一次' });
