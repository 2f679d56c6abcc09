import { describe, expect, it } from 'vitest';
import { MemoryWebhookSender } from '../../src/memory/webhook-sender.js';

const at = '2026-03-01T00:00:00.000Z';
const url = 'https://hooks.lishui.gov.cn/';
const message = (body: string) => ({ url, body, headers: { 'webhook-id': body } });

describe('MemoryWebhookSender', () => {
  it('keeps what it was given and succeeds unless told', async () => {
    const sender = new MemoryWebhookSender(() => at);
    expect(await sender.send(message('a'))).toEqual({
      at,
      status: 204,
      error: null,
      latencyMs: 1,
      answer: '',
      retryAfterMs: null,
    });
    await sender.send({ ...message('b'), url: 'https://b.example.com/' });
    expect(sender.sent().map(({ body }) => body)).toEqual(['a', 'b']);
    expect(sender.sent(url)).toEqual([message('a')]);
  });

  it('answers as scripted, then by rule, and refuses', async () => {
    const sender = new MemoryWebhookSender(() => at);
    sender.script(url, { status: 503, retryAfterMs: 5 }, { status: null, error: 'timeout' });
    sender.answerBy(url, ({ body }) => ({ status: body === 'gone' ? 410 : 200 }));
    expect(await sender.send(message('a'))).toMatchObject({ status: 503, error: null, retryAfterMs: 5 });
    expect(await sender.send(message('a'))).toMatchObject({ status: null, error: 'timeout' });
    expect(await sender.send(message('gone'))).toMatchObject({ status: 410 });
    expect(sender.refusalOf(url)).toBeNull();
    sender.refuse(url, 'address');
    expect(sender.refusalOf(url)).toBe('address');
    expect(await sender.send(message('b'))).toMatchObject({ status: null, error: 'refusedUrl' });
    expect(sender.sent()).toHaveLength(3);
  });

  it('waits for an answer that comes later, unless it is called off', async () => {
    const sender = new MemoryWebhookSender(() => at);
    let answer = (): void => {};
    const after = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const never = new Promise<void>(() => {});
    sender.script(url, { status: 200, after }, { status: 200, after: never });
    const first = sender.send(message('a'));
    const calledOff = new AbortController();
    const second = sender.send(message('b'), calledOff.signal);
    answer();
    calledOff.abort();
    expect(await first).toMatchObject({ status: 200 });
    expect(await second).toMatchObject({ status: null, error: 'aborted' });
    expect(await sender.send(message('c'), AbortSignal.abort())).toMatchObject({ error: 'aborted' });
    expect(sender.sent().map(({ body }) => body)).toEqual(['a', 'b']);
    await sender.close();
    expect(sender.closed).toBe(true);
  });
});
