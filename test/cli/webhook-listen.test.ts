import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuild, root } from '../../scripts/lib/index.mjs';
import { messageBlock } from '../../src/cli/message-block.js';
import { messageFault, readCheckKey } from '../../src/cli/message-check.js';

const SECRET = `whsec_${Buffer.alloc(32, 'a test secret').toString('base64')}`;
const BODY = JSON.stringify({
  type: 'lead.pushed',
  timestamp: '2030-01-02T03:04:05.678Z',
  data: { sequence: 7, a: '甲' },
});

/** A running listener and what it has written. */
interface Listener {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  written(): string;
  complained(): string;
  /** Resolves when a text has been written. */
  shows(text: string): Promise<void>;
  post(body: string, headers?: Record<string, string>): Promise<number>;
}

const children: ChildProcess[] = [];

async function listen(args: readonly string[], env: Record<string, string> = {}): Promise<Listener> {
  const child = spawn(process.execPath, [join(root, 'dist/src/cli/webhook-listen.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const shows = (text: string) => expect.poll(() => out, { timeout: 10_000 }).toContain(text);
  return {
    child,
    ended,
    written: () => out,
    complained: () => err,
    shows,
    async post(body, headers = {}) {
      await shows('Ctrl-C');
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '';
      const response = await fetch(url, { method: 'POST', body, headers });
      return response.status;
    },
  };
}

const at = (): Date => new Date();
function headersOf(id: string, time: Date, signature: string): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(time.getTime() / 1_000)),
    'webhook-signature': signature,
  };
}

function signed(id: string, body = BODY): Record<string, string> {
  const time = at();
  return headersOf(id, time, new Webhook(SECRET).sign(id, time, body));
}

beforeAll(async () => {
  await ensureBuild();
}, 120_000);
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
});

describe('webhook:listen, as a process', () => {
  it('prints what arrives, checked by the secret of the environment, answers 204 and ends on Ctrl-C', async () => {
    const listener = await listen(['--port', '0'], { WEBHOOK_SECRET: SECRET });
    expect(await listener.post(BODY, signed('evt_1'))).toBe(204);
    await listener.shows('"甲"');
    const [, block = ''] = listener.written().split(/(?=── )/);
    expect(block).toMatch(/^── lead\.pushed {2}线索推送 {2}\d{4}-/);
    for (const part of [
      'webhook-id  evt_1\n',
      'sequence    7\n',
      '已核对 verified',
      '"timestamp": "2030-01-02T03:04:05.678Z"',
    ])
      expect(block).toContain(part);

    expect(await listener.post(BODY, signed('evt_1'))).toBe(204);
    await listener.shows('第 2 次收到 repeat');
    expect(await listener.post(`${BODY} `, signed('evt_2'))).toBe(204);
    await listener.shows('未通过 NOT verified: 签名不符');
    expect(await listener.post('no json')).toBe(204);
    await listener.shows('缺少 webhook-* 请求头');

    listener.child.kill('SIGINT');
    expect(await listener.ended).toBe(0);
    expect(listener.written() + listener.complained()).not.toContain('whsec_');
  });

  it('refuses what is over 64 kB, and what is no POST, and goes on', async () => {
    const listener = await listen(['--port', '0', '--secret', SECRET]);
    const long = await listener.post('x'.repeat(64 * 1024 + 1)).catch(() => 413);
    expect(long).toBe(413);
    expect(await listener.post('x'.repeat(64 * 1024))).toBe(204);
    const url = /http:\S+?(?= )/.exec(listener.written())?.[0] ?? '';
    expect((await fetch(url)).status).toBe(405);
    expect(listener.complained()).toContain('64 kB');
  });

  it('tells that nothing is verified without a secret, and answers as it is told', async () => {
    const listener = await listen(['--port', '0', '--answer', '503']);
    expect(await listener.post(BODY, signed('evt_1'))).toBe(503);
    await listener.shows('NOT verified: 没有给出密钥');
  });

  it.each([
    [['--port', 'x']],
    [['--port', '70000']],
    [['--secret', 'whsec_short']],
    [['--answer', '99']],
    [['--colour']],
    [['stray']],
  ])('refuses %j with 2 and says how it is used', async (args) => {
    const listener = await listen(args);
    expect(await listener.ended).toBe(2);
    expect(listener.complained()).toContain('用法');
    expect(listener.complained()).not.toContain('whsec_short');
  });

  it('a port that is taken is told', async () => {
    const first = await listen(['--port', '0']);
    await first.shows('Ctrl-C');
    const port = /127\.0\.0\.1:(\d+)/.exec(first.written())?.[1] ?? '';
    const second = await listen(['--port', port]);
    expect(await second.ended).toBe(3);
    expect(second.complained()).toContain(`端口 ${port} 用不了`);
  });
});

describe('messageFault', () => {
  const now = 1_900_000_000;
  const body = Buffer.from(BODY);
  const headers = (over = {}) => {
    const time = new Date(now * 1_000);
    return { id: 'evt_1', timestamp: String(now), signature: new Webhook(SECRET).sign('evt_1', time, BODY), ...over };
  };
  const key = readCheckKey(SECRET);
  if (key === null) throw new Error('no key');

  it('finds nothing wrong with what the official library signs, alone or beside others', () => {
    expect(messageFault(key, headers(), body, now + 300)).toBeNull();
    expect(messageFault(key, headers({ signature: `v1,AAAA ${headers().signature}` }), body, now)).toBeNull();
  });

  it.each([
    [{ id: undefined }, now, 'missingHeader'],
    [{ signature: '' }, now, 'missingHeader'],
    [{ timestamp: 'soon' }, now, 'badTimestamp'],
    [{}, now + 301, 'timestampOff'],
    [{}, now - 301, 'timestampOff'],
    [{ id: 'evt_2' }, now, 'noSignatureFits'],
    [{ timestamp: String(now + 1) }, now, 'noSignatureFits'],
    [{ signature: 'v1' }, now, 'noSignatureFits'],
    [{ signature: `v1a,${Buffer.alloc(64).toString('base64')}` }, now, 'noSignatureFits'],
  ])('%j at %i: %s', (over, nowS, fault) => expect(messageFault(key, headers(over), body, nowS)).toBe(fault));

  it('checks Ed25519 by the public key', () => {
    const pair = generateKeyPairSync('ed25519');
    const bytes = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    const publicKey = readCheckKey(`whpk_${bytes.toString('base64')}`);
    if (publicKey === null) throw new Error('no key');
    const signature = `v1a,${sign(null, Buffer.from(`evt_1.${now}.${BODY}`), pair.privateKey).toString('base64')}`;
    expect(messageFault(publicKey, headers({ signature }), body, now)).toBeNull();
    expect(messageFault(publicKey, headers({ signature }), Buffer.from(`${BODY} `), now)).toBe('noSignatureFits');
    expect(messageFault(publicKey, headers(), body, now)).toBe('noSignatureFits');
  });

  it.each(['', 'whsec_', 'whsec_AAAA', 'whpk_AAAA', 'AAAA', `whsec_${'A'.repeat(200)}`])('%j is no key', (text) =>
    expect(readCheckKey(text)).toBeNull(),
  );
});

describe('messageBlock', () => {
  it('shows nothing that could steer a terminal', () => {
    const block = messageBlock({
      headers: { id: 'evt\u001b[2J', timestamp: '1', signature: 'v1,' },
      body: Buffer.from('{"type":"x\u009b31m\\u001b[31m","data":5}'),
      verdict: 'noSignatureFits',
      times: 1,
      answer: 204,
      receivedAt: '2030-01-02T03:04:05.678Z',
    });
    expect(block).not.toMatch(/[^\P{C}\n]/u);
    expect(block).toContain('sequence    -');
  });
});
