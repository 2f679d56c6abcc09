import type { DeliveryState, EventType, SignatureScheme, TEST_EVENT, WebhookEndpoint } from '../domain/webhook.js';

/** What each message tells of. */
export const EVENT_WORDS: Readonly<Record<EventType | typeof TEST_EVENT, string>> = {
  'match.created': '需求有了匹配结果',
  'match.changed': '匹配结果有变',
  'match.lost': '没有园区能接收了',
  'lead.pushed': '线索推送',
  'lead.stage_changed': '线索换了阶段',
  'lead.clock_due': '线索时限将到',
  'lead.overdue': '线索超期',
  'hold.placed': '要素已预留',
  'hold.expiring': '预留将到期',
  'hold.released': '预留已释放',
  'park.inventory_stale': '园区要素久未更新',
  'endpoint.test': '测试消息',
};

export const ENDPOINT_STATE_WORDS: Readonly<Record<WebhookEndpoint['state'], string>> = {
  active: '启用',
  paused: '暂停',
  disabled: '已停用',
};

/** Why the service no longer sends to an endpoint. */
export const DISABLED_REASON_WORDS: Readonly<Record<NonNullable<WebhookEndpoint['disabledReason']>, string>> = {
  gone: '对方答 410，表示不再接收',
  failing: '连续多日没有一次送达',
};

export const DELIVERY_STATE_WORDS: Readonly<Record<DeliveryState, string>> = {
  pending: '待送',
  delivered: '已送达',
  failed: '未送达',
  cancelled: '已取消',
};

export const SIGNATURE_WORDS: Readonly<Record<SignatureScheme, string>> = {
  v1: '共享密钥(HMAC-SHA256)',
  v1a: '公钥(Ed25519)',
};

/** Why no answer came, or why an answer counts as none. */
const ATTEMPT_ERROR_WORDS: Readonly<Record<string, string>> = {
  timeout: '对方没有按时答复',
  connect: '连不上对方',
  dns: '域名解析不到',
  tls: 'TLS 握手失败，请检查对方的证书',
  redirect: '对方要转到别的地址，不跟随',
  refusedAddress: '域名指向不允许推送的地址',
  aborted: '服务正在停止，稍后再送',
};

/** What went wrong with an attempt, in words; null for what went well, a code without words as it is. */
export function attemptText({ status, error }: { readonly status: number | null; readonly error: string | null }) {
  if (error !== null) return Object.hasOwn(ATTEMPT_ERROR_WORDS, error) ? (ATTEMPT_ERROR_WORDS[error] ?? error) : error;
  return status !== null && status >= 200 && status < 300 ? null : `对方答复 ${status ?? '不明'}`;
}

/** The error codes of attempts that have words. */
export const ATTEMPT_ERRORS: readonly string[] = Object.keys(ATTEMPT_ERROR_WORDS);
