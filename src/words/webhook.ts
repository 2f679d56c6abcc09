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
  refusedUrl: '地址不允许推送，请修改',
  refusedAddress: '域名指向不允许推送的地址',
  dns: '域名解析不到',
  connect: '连不上对方',
  tls: 'TLS 握手失败，请检查对方的证书',
  reset: '答复没有收完，连接就断了',
  timeout: '对方没有按时答复',
  tooSlow: '对方开始答复，但没有按时说完',
  redirect: '对方要转到别的地址，不跟随',
  badAnswer: '对方的答复不是 HTTP，或响应头过大',
  unsendable: '消息无法放进请求',
  aborted: '服务正在停止，稍后再送',
};

/** Why an address is refused when it is entered: what follows the field's name. */
export const URL_REFUSAL_WORDS: Readonly<Record<string, string>> = {
  malformed: '不是完整的网址；请检查有无空格、反斜线或不可见字符',
  scheme: '须以 https:// 开头；http:// 只在部署方允许时可用',
  userInfo: '主机名之前不能带用户名或密码；请去掉 @ 及其之前的部分',
  host: '主机名有误；只能用英文字母、数字、连字符和点，末尾没有点，中文域名请用 xn-- 形式',
  hostNumber: 'IP 地址须写成四个十进制数，如 203.0.113.7',
  hostName: '是本机或局域网的名称，不能推送；请填公网域名，或请部署方放行后填 IP 地址',
  port: '端口有误，或是其他协议的端口，不能推送；请换一个',
  address: '指向本机、内网或保留的地址，不能推送；政务内网的网段请部署方放行',
};

/** What went wrong with an attempt, in words; null for what went well, a code without words as it is. */
export function attemptText({ status, error }: { readonly status: number | null; readonly error: string | null }) {
  if (error !== null) return Object.hasOwn(ATTEMPT_ERROR_WORDS, error) ? (ATTEMPT_ERROR_WORDS[error] ?? error) : error;
  return status !== null && status >= 200 && status < 300 ? null : `对方答复 ${status ?? '不明'}`;
}

/** The error codes of attempts that have words. */
export const ATTEMPT_ERRORS: readonly string[] = Object.keys(ATTEMPT_ERROR_WORDS);
