import { EVENT_WORDS } from '../words/webhook.js';
import type { CheckFault, MessageHeaders } from './message-check.js';

const FAULT_WORDS: Readonly<Record<CheckFault | 'noKey', string>> = {
  noKey: '没有给出密钥 no secret given',
  missingHeader: '缺少 webhook-* 请求头 missing header',
  badTimestamp: 'webhook-timestamp 不是数字 bad timestamp',
  timestampOff: '时间相差超过 5 分钟 timestamp too far off',
  noSignatureFits: '签名不符 no signature fits',
};

/** A message as it came, and what is told of it. */
export interface ReceivedMessage {
  readonly headers: MessageHeaders;
  readonly body: Buffer;
  /** Null: verified. */
  readonly verdict: CheckFault | 'noKey' | null;
  /** How often this id came, this time included. */
  readonly times: number;
  /** The status it is answered with. */
  readonly answer: number;
  /** UTC, ISO 8601. */
  readonly receivedAt: string;
}

/** Text that a terminal shows as it is: whatever could steer it becomes a mark. */
function plain(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, '\uFFFD');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** One received message as a block of lines to read, ended by a blank line. */
export function messageBlock(message: ReceivedMessage): string {
  const { headers, body, verdict, times, answer, receivedAt } = message;
  const text = body.toString('utf8');
  const json = parsed(text);
  const type = fieldOf(json, 'type');
  const name = typeof type === 'string' ? type : '?';
  const word = Object.hasOwn(EVENT_WORDS, name) ? `  ${EVENT_WORDS[name as keyof typeof EVENT_WORDS]}` : '';
  const sequence = fieldOf(fieldOf(json, 'data'), 'sequence');
  const lines = [
    `── ${name}${word}  ${receivedAt}`,
    `编号 webhook-id  ${headers.id ?? '-'}${times > 1 ? `  (第 ${times} 次收到 repeat)` : ''}`,
    `序号 sequence    ${typeof sequence === 'number' ? sequence : '-'}`,
    `签名 signature   ${verdict === null ? '已核对 verified' : `未通过 NOT verified: ${FAULT_WORDS[verdict]}`}`,
    `答复 answer      ${answer}`,
    json === undefined ? text : JSON.stringify(json, null, 2),
  ];
  return `${plain(lines.join('\n'))}\n\n`;
}
