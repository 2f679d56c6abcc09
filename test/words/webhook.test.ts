import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, TEST_EVENT } from '../../src/domain/webhook.js';
import { SEND_ERRORS } from '../../src/webhooks/send-failure.js';
import { URL_REFUSALS } from '../../src/webhooks/url-rules.js';
import { changeWord } from '../../src/words/audit.js';
import { fieldLabel } from '../../src/words/fields.js';
import { ISSUE_CODES, issueSentence } from '../../src/words/issues.js';
import {
  ATTEMPT_ERRORS,
  attemptText,
  DELIVERY_STATE_WORDS,
  DISABLED_REASON_WORDS,
  ENDPOINT_STATE_WORDS,
  EVENT_WORDS,
  SIGNATURE_WORDS,
  URL_REFUSAL_WORDS,
} from '../../src/words/webhook.js';

const CHINESE = /\p{Script=Han}/u;

describe('every code of webhooks has Chinese words of its own', () => {
  it.each([
    ['types', [...EVENT_TYPES, TEST_EVENT], EVENT_WORDS],
    ['states of endpoints', ['active', 'paused', 'disabled'], ENDPOINT_STATE_WORDS],
    ['reasons for disabling', ['gone', 'failing'], DISABLED_REASON_WORDS],
    ['states of deliveries', ['pending', 'delivered', 'failed', 'cancelled'], DELIVERY_STATE_WORDS],
    ['signatures', ['v1', 'v1a'], SIGNATURE_WORDS],
    // The check of the body tells of what is too long.
    ['refusals of addresses', URL_REFUSALS.filter((code) => code !== 'tooLong'), URL_REFUSAL_WORDS],
  ] as const)('%s', (_name, codes, words: Readonly<Record<string, string>>) => {
    expect(codes.filter((code) => !CHINESE.test(words[code] ?? ''))).toEqual([]);
    expect(Object.keys(words).sort()).toEqual([...codes].sort());
    expect(new Set(Object.values(words)).size).toBe(codes.length);
  });

  it('errors of attempts', () => {
    expect([...ATTEMPT_ERRORS].sort()).toEqual([...SEND_ERRORS].sort());
    const texts = SEND_ERRORS.map((error) => attemptText({ status: null, error }));
    expect(texts.filter((text) => !CHINESE.test(text ?? ''))).toEqual([]);
    expect(new Set(texts).size).toBe(SEND_ERRORS.length);
  });

  it('changes of endpoints that are made', () => {
    const folder = new URL('../../src/usecases/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const types = sources.flatMap((name) => [
      ...readFileSync(new URL(name, folder), 'utf8').matchAll(/'(endpoint\.[a-z_]+)'/g),
    ]);
    const made = new Set(types.map(([, type = '']) => type).filter((type) => type !== TEST_EVENT));
    expect(made.size).toBeGreaterThan(3);
    expect([...made].filter((type) => !CHINESE.test(changeWord(type)))).toEqual([]);
  });
});

describe('why an address is refused', () => {
  it.each(URL_REFUSALS)('%s', (code) => {
    expect(ISSUE_CODES).toContain(code);
    expect(issueSentence({ field: 'url', code, limit: 2_048 })).toMatch(/^接收地址\(url\)：.*\p{Script=Han}{2}/u);
  });

  it('does not repeat the address, which may hold a secret', () => {
    const value = 'https://user:geheim@a.cn/';
    expect(issueSentence({ field: 'url', code: 'userInfo', value })).not.toContain('geheim');
  });
});

describe('attemptText', () => {
  it.each([
    [204, null, null],
    [299, null, null],
    [410, null, '对方答复 410'],
    [302, 'redirect', '对方要转到别的地址，不跟随'],
    [null, 'timeout', '对方没有按时答复'],
    [null, 'constructor', 'constructor'],
  ])('%s %s is %s', (status, error, text) => expect(attemptText({ status, error })).toBe(text));
});

it('fields of webhooks have names', () => {
  for (const field of [
    'url',
    'types',
    'types[2]',
    'description',
    'signature',
    'state',
    'endpoint',
    'type',
    'failedOnly',
  ])
    expect(fieldLabel(field)).toMatch(CHINESE);
});
