import type { Action, Role } from '../domain/access.js';

/** The rights in words. */
export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  self: '管理自己的登录',
  'reference.read': '查看参考数据',
  'park.read': '查看园区',
  'park.write': '修改园区要素',
  'need.read': '查看需求',
  'need.write': '提交和修改需求',
  'lead.read': '查看线索',
  'lead.write': '登记和流转线索',
  'hold.write': '预留要素',
  'inbox.read': '查看待办',
  'funnel.read': '查看转化统计',
  'audit.read': '查看审计记录',
  'scheme.write': '发布规则方案',
  'report.decide': '裁定首报争议',
  'user.manage': '管理用户',
  'token.manage': '管理接口令牌',
  'webhook.manage': '管理消息推送',
  'rematch.manage': '管理重匹配',
  'operation.read': '查看运行情况',
};

/** The roles in words. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  coordinator: '省级协调员',
  sourceStaff: '工业大县工作人员',
  hostStaff: '山区县工作人员',
  auditor: '审计员',
  integration: '接口程序',
};

/** A right in words; what is no right as it is. */
export function actionWord(action: string): string {
  return Object.hasOwn(ACTION_WORDS, action) ? ACTION_WORDS[action as Action] : action;
}
