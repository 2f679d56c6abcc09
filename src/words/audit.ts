import type { Action, Actor, Role } from '../domain/access.js';
import type { ChangedKind } from '../domain/change.js';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  coordinator: '省级协调员',
  sourceStaff: '工业大县工作人员',
  hostStaff: '山区县工作人员',
  auditor: '审计',
  integration: '对接系统',
};

export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  self: '查看和修改本人账号',
  'reference.read': '查看参考数据',
  'park.read': '查看园区',
  'park.write': '修改园区要素',
  'need.read': '查看需求',
  'need.write': '提交和修改需求',
  'lead.read': '查看线索',
  'lead.write': '办理线索',
  'hold.write': '办理要素预留',
  'inbox.read': '查看待办',
  'funnel.read': '查看漏斗统计',
  'audit.read': '查看审计记录',
  'scheme.write': '发布规则',
  'report.decide': '裁定首报',
  'user.manage': '管理用户',
  'token.manage': '管理接口令牌',
  'operation.read': '查看运行状况',
};

export const CHANGED_KIND_WORDS: Readonly<Record<ChangedKind, string>> = {
  need: '需求',
  lead: '线索',
  park: '园区',
  report: '首报',
  user: '用户',
  session: '登录',
  token: '接口令牌',
  scheme: '规则',
  endpoint: '推送地址',
};

export const ACTOR_KIND_WORDS: Readonly<Record<Actor['kind'], string>> = {
  user: '用户',
  token: '接口令牌',
  system: '系统',
};
