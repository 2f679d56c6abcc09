import type { Actor } from '../domain/access.js';
import type { ChangedKind } from '../domain/change.js';

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
  run: '全部重匹配',
  schedule: '重匹配时间表',
};

export const ACTOR_KIND_WORDS: Readonly<Record<Actor['kind'], string>> = {
  user: '用户',
  token: '接口令牌',
  system: '系统',
};

const CHANGE_WORDS: Readonly<Record<string, string>> = {
  'need.submitted': '提交需求',
  'need.revised': '修改需求',
  'park.inventory_changed': '修改园区要素',
  'park.inventory_stale': '园区要素久未更新',
  'report.made': '首报登记',
  'report.stands': '首报认定有效',
  'report.decided': '首报裁定',
  'report.displaced': '首报让位',
  'lead.registered': '线索登记',
  'lead.pushed': '线索推送',
  'lead.accepted': '线索受理',
  'lead.declined': '线索退回',
  'lead.assessed': '线索研判',
  'lead.feedback_given': '线索反馈',
  'lead.disclosed': '披露企业',
  'lead.talk_begun': '首谈',
  'lead.signed': '签约',
  'lead.land_supplied': '供地',
  'lead.construction_started': '开工',
  'lead.completed': '竣工',
  'lead.production_started': '投产',
  'lead.progress_reported': '报进展',
  'lead.transfer_agreed': '同意流转',
  'lead.transferred': '线索流转',
  'lead.ended': '线索终止',
  'lead.clock_due': '时限将到',
  'lead.overdue': '超期',
  'lead.claim_changed': '线索的预留变动',
  'hold.placed': '预留',
  'hold.firm': '转为硬预留',
  'hold.extended': '预留延期',
  'hold.expiring': '预留将到期',
  'hold.used': '预留转为使用',
  'hold.released': '预留释放',
  'hold.waiting': '预留排队',
  'hold.dropped': '退出排队',
  'hold.fenced': '预留作废',
  'scheme.published': '发布规则',
  'session.opened': '登录',
  'session.closed': '退出登录',
  'token.created': '新建接口令牌',
  'token.revoked': '撤销接口令牌',
  'endpoint.created': '新建推送地址',
  'endpoint.updated': '修改推送地址',
  'endpoint.rotated': '更换推送密钥',
  'endpoint.disabled': '停用推送地址',
  'endpoint.removed': '删除推送地址',
  'rematch.started': '发起全部重匹配',
  'rematch.rescheduled': '修改重匹配时间表',
  'user.created': '新建用户',
  'user.updated': '修改用户',
  'user.enabled': '启用用户',
  'user.disabled': '停用用户',
  'user.locked': '用户被锁定',
};

/** What happened, in words; a type without words as it is. */
export function changeWord(type: string): string {
  return Object.hasOwn(CHANGE_WORDS, type) ? (CHANGE_WORDS[type] ?? type) : type;
}
