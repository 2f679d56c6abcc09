import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../docs/examples/webhooks/', import.meta.url));

const RECEIVERS = [
  { name: 'Node', command: process.execPath, args: ['receiver.mjs'] },
  { name: 'Python', command: 'python3', args: ['receiver.py'] },
  { name: 'Java', command: 'java', args: ['Receiver.java'] },
] as const;

/** A connection for each message: a receiver may close one just when the next message is written to it. */
const eachAlone = new Agent({ pipelining: 0 });

const secretOf = (fill: string): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const SECRET = secretOf('present key ');
const OLD_SECRET = secretOf('key before ');
const BODY = JSON.stringify({
  type: 'lead.pushed',
  timestamp: '2030-01-02T03:04:05.678Z',
  data: { leadId: 'lead_1', stageText: '推送', sequence: 2 },
});

interface Message {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
  readonly signature: string;
}

let count = 0;
/** A message as the official library signs it, with an id of its own. */
function signed(over: Partial<Message> & { readonly secret?: string } = {}): Message {
  count += 1;
  const { id = `evt_${count}`, at = new Date(), body = BODY, secret = SECRET } = over;
  return { id, at, body, signature: over.signature ?? new Webhook(secret).sign(id, at, body) };
}

const secondsOff = (seconds: number) => new Date(Date.now() + seconds * 1_000);

describe.each(RECEIVERS)('the receiver in $name', ({ command, args }) => {
  let child: ChildProcess;
  let url = '';
  const lines: string[] = [];

  beforeAll(async () => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', WEBHOOK_SECRET: SECRET, PORT: '0' };
    child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('no output');
    const output = createInterface({ input: child.stdout });
    url = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
      output.on('line', (line) => {
        lines.push(line);
        const started = /^listening on (http:\S+)$/.exec(line)?.[1];
        if (started !== undefined) resolve(started);
      });
    });
  });
  afterAll(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });

  async function send(message: Message, over: Record<string, string> = {}): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(Math.floor(message.at.getTime() / 1_000)),
      'webhook-signature': message.signature,
      ...over,
    };
    const present = Object.entries(headers).filter(([, value]) => value !== '');
    const { body } = message;
    const own = { method: 'POST', headers: Object.fromEntries(present), body, dispatcher: eachAlone } as const;
    const response = await request(`${url}/hook`, own);
    await response.body.dump();
    return response.statusCode;
  }

  /** Lines printed of a message, once it has been printed at least so often. */
  async function printed(id: string, atLeast: number): Promise<readonly string[]> {
    const found = () => lines.filter((line) => line.split(' ')[1] === id);
    await expect.poll(() => found().length, { timeout: 5_000 }).toBeGreaterThanOrEqual(atLeast);
    return found();
  }

  it('takes a signed message and answers 204', async () => {
    const message = signed();
    expect(await send(message)).toBe(204);
    const [line] = await printed(message.id, 1);
    expect(line).toMatch(/^new /);
    expect(line).toContain('lead.pushed');
    expect(line).toContain('推送');
  });

  it('answers a repeat with 204 and handles it once', async () => {
    const message = signed();
    expect([await send(message), await send(signed({ id: message.id })), await send(message)]).toEqual([204, 204, 204]);
    expect((await printed(message.id, 3)).map((line) => line.split(' ')[0])).toEqual(['new', 'repeat', 'repeat']);
  });

  it('takes a message of a rotation: signed by the present key beside others', async () => {
    const [one, two, three] = [signed(), signed(), signed()];
    const old = ({ id, at, body }: Message) => signed({ id, at, body, secret: OLD_SECRET }).signature;
    expect(await send(one, { 'webhook-signature': `${one.signature} ${old(one)}` })).toBe(204);
    expect(await send(two, { 'webhook-signature': `${old(two)} ${two.signature}` })).toBe(204);
    const ed25519 = `v1a,${Buffer.alloc(64, 1).toString('base64')}`;
    expect(await send(three, { 'webhook-signature': `${ed25519} v1,??? v1 ${three.signature}` })).toBe(204);
  });

  it('takes a time up to 5 minutes off, and none beyond', async () => {
    expect(await send(signed({ at: secondsOff(-280) }))).toBe(204);
    expect(await send(signed({ at: secondsOff(280) }))).toBe(204);
    expect(await send(signed({ at: secondsOff(-320) }))).toBe(400);
    expect(await send(signed({ at: secondsOff(320) }))).toBe(400);
  });

  it.each<[string, (message: Message) => [Message, Record<string, string>]]>([
    ['a changed body', (message) => [{ ...message, body: message.body.replace('lead_1', 'lead_2') }, {}]],
    ['a body with a blank more', (message) => [{ ...message, body: `${message.body} ` }, {}]],
    ['another id', (message) => [message, { 'webhook-id': 'evt_other' }]],
    ['another time', (message) => [{ ...message, at: new Date(message.at.getTime() - 2_000) }, {}]],
    ['a time that is no number', (message) => [message, { 'webhook-timestamp': 'now' }]],
    ['a key of yesterday', (message) => [signed({ id: message.id, secret: OLD_SECRET }), {}]],
    [
      'the scheme of another signature',
      (message) => [message, { 'webhook-signature': message.signature.replace('v1,', 'v1a,') }],
    ],
    ['a signature cut short', (message) => [message, { 'webhook-signature': message.signature.slice(0, 20) }]],
    ['an empty signature', (message) => [message, { 'webhook-signature': 'v1,' }]],
    ['no signature', (message) => [message, { 'webhook-signature': '' }]],
    ['no id', (message) => [message, { 'webhook-id': '' }]],
    ['no time', (message) => [message, { 'webhook-timestamp': '' }]],
  ])('refuses %s', async (_what, tamper) => {
    const [message, over] = tamper(signed());
    expect(await send(message, over)).toBe(400);
    // The next line tells that what was refused would have been printed by now.
    const next = signed();
    await send(next);
    await printed(next.id, 1);
    expect(lines.filter((line) => line.includes(message.id) || line.includes('evt_other'))).toEqual([]);
  });

  it('refuses what is too long, and goes on', async () => {
    const status = await send(signed({ body: JSON.stringify({ data: 'x'.repeat(70_000) }) })).catch(() => 413);
    expect(status).toBe(413);
    expect(await send(signed())).toBe(204);
  });

  it('prints no secret', () => expect(lines.join('\n')).not.toContain('whsec_'));
});
