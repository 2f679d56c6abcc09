import type { ErrorCode } from '../domain/errors.js';
import { actionWord } from './access.js';

/** The codes of `AppError` and those that only HTTP knows. */
export type ProblemCode =
  | ErrorCode
  /** A cookie and a token in one request. */
  | 'twoCredentials'
  /** A page of another origin sent it. */
  | 'crossSite'
  /** The header `X-CSRF-Token` is missing or not the session's. */
  | 'csrfRefused'
  | 'brokenJson'
  | 'bodyTooLarge'
  | 'unsupportedMediaType'
  | 'routeNotFound'
  | 'methodNotAllowed'
  | 'badRequest';

interface ProblemWords {
  readonly title: string;
  readonly detail: string;
}

/** Title and standing sentence of each problem. */
export const PROBLEM_WORDS: Readonly<Record<ProblemCode, ProblemWords>> = {
  invalidInput: { title: '提交内容有误', detail: '提交的内容有误，请按下列各项修改后重新提交。' },
  notFound: { title: '没有找到', detail: '没有找到所要的记录，请核对编号。' },
  versionConflict: { title: '版本冲突', detail: '这条记录已被他人修改，请读取最新版本后再改。' },
  idempotencyConflict: {
    title: '幂等键冲突',
    detail: '这个 Idempotency-Key 已用于另一份内容；新的内容请换一个键。',
  },
  notSignedIn: { title: '没有登录', detail: '请先登录；登录已过期、令牌已过期或被撤销时，请重新取得。' },
  signInRefused: { title: '登录被拒绝', detail: '用户名或密码不对，或这个账号现在不能登录。' },
  tooManyAttempts: { title: '尝试次数过多', detail: '尝试次数过多，请稍后再试。' },
  passwordChangeRequired: { title: '须先修改密码', detail: '您用的是一次性密码，请先改成自己的密码。' },
  forbidden: { title: '没有权限', detail: '您的角色或令牌没有做这件事的权限。' },
  twoCredentials: { title: '身份重复', detail: '同一请求里既有登录 Cookie 又有接口令牌，请只用一种。' },
  crossSite: { title: '来自其他网站的请求', detail: '这个请求由其他网站的页面发出，已拒绝；请在本站页面上操作。' },
  csrfRefused: {
    title: 'X-CSRF-Token 有误',
    detail: '请求头 X-CSRF-Token 缺失或已更换，请向 /api/v1/session/csrf 取新的后重试。',
  },
  moveRefused: { title: '现在不能这样流转', detail: '线索所处的阶段或条件不允许这样流转。' },
  capacityShort: { title: '园区余量不足', detail: '园区现在没有这么多可用的要素。' },
  holdRefused: { title: '现在不能这样预留', detail: '预留现在不能新增、延长或释放。' },
  preconditionRequired: {
    title: '缺少 If-Match',
    detail: '修改前请先读取记录，并在请求头 If-Match 中带上读到的 ETag。',
  },
  storeUnavailable: {
    title: '数据库暂时不可用',
    detail: '数据库暂时连不上，请稍后重试；用同一 Idempotency-Key 重新提交不会重复保存。',
  },
  queueUnavailable: { title: '队列暂时不可用', detail: '任务队列暂时连不上，请稍后重试。' },
  internal: { title: '服务内部错误', detail: '服务内部出错，请凭请求编号联系管理员。' },
  brokenJson: { title: 'JSON 格式有误', detail: '请求体不是有效的 UTF-8 JSON，请检查引号、逗号和括号。' },
  bodyTooLarge: { title: '请求体过大', detail: '请求体超过 256 KB。' },
  unsupportedMediaType: {
    title: '不支持的内容类型',
    detail: '请求体须为 application/json，编码 UTF-8，不压缩。',
  },
  routeNotFound: { title: '没有这个地址', detail: '没有这个接口地址，接口说明见 /api/docs。' },
  methodNotAllowed: { title: '不支持的方法', detail: '这个地址不支持该请求方法，可用方法见响应头 Allow。' },
  badRequest: { title: '请求有误', detail: '请求行、地址或请求头有误。' },
};

/** The sentence for a problem, with the numbers its parameters carry. */
export function problemDetail(code: ProblemCode, params: Readonly<Record<string, string | number>> = {}): string {
  const { detail } = PROBLEM_WORDS[code];
  const { action, retryAfterS } = params;
  if (code === 'forbidden' && typeof action === 'string')
    return `${detail}需要的权限：${actionWord(action)}(${action})。`;
  if (code === 'tooManyAttempts' && retryAfterS !== undefined) return `尝试次数过多，请 ${retryAfterS} 秒后再试。`;
  const current = params['currentVersion'];
  if (code === 'versionConflict' && current !== undefined) return `${detail}当前版本是 ${current}。`;
  const line = params['line'];
  if (code === 'brokenJson' && line !== undefined) return `${detail}出错位置：第 ${line} 行第 ${params['column']} 列。`;
  return detail;
}
