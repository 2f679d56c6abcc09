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
};

export const ACTOR_KIND_WORDS: Readonly<Record<Actor['kind'], string>> = {
  user: '用户',
  token: '接口令牌',
  system: '系统',
};

const CHANGE_WORDS: Readonly<Record<string, string>> = {
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
};

/** What happened, in words; a type without words as it is. */
export function changeWord(type: string): string {
  return Object.hasOwn(CHANGE_WORDS, type) ? (CHANGE_WORDS[type] ?? type) : type;
}
