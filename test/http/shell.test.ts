import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.js';
import { startServer } from '../../src/http/server.js';
import { realClock, until } from '../support/real-clock.js';
import { bearer } from './fake-accounts.js';
import { fakeUseCases, minimalNeed, NEED_ID } from './fakes.js';
import { fakeDeps, type Served, serve } from './served.js';

const headers = { authorization: `Bearer ${bearer('coordinator')}` };

let server: Served;
beforeAll(async () => {
  server = await serve({
    getPark: async () => {
      throw new Error('cast of "义乌甲乙丙科技有限公司" failed');
    },
  });
});
afterAll(() => server.close());

/** Sends bytes as they are and gives back all that comes. */
function speak(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      heard += String(part);
    });
    socket.on('end', () => resolve(heard));
    socket.on('error', reject);
  });
}

describe('what has no route', () => {
  it('an unknown address is 404 as a problem', async () => {
    for (const path of ['/', '/api/v1', '/api/v1/need', '/api/v2/needs', '/API/V1/needs', '/api/docs/none.js']) {
      const reply = await server.call('GET', path);
      expect(reply).toMatchObject({ status: 404, body: { code: 'routeNotFound' } });
      expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    }
  });

  it('a wrong method is 405 with those there are', async () => {
    const reply = await server.call('DELETE', '/api/v1/needs');
    expect(reply).toMatchObject({ status: 405, body: { code: 'methodNotAllowed' } });
    expect(reply.headers.get('allow')).toBe('POST, GET, HEAD');
    const other = await server.call('POST', `/api/v1/needs/${NEED_ID}/matches`, { body: {} });
    expect(other.headers.get('allow')).toBe('GET, HEAD');
  });

  it('OPTIONS says what there is', async () => {
    const reply = await server.call('OPTIONS', `/api/v1/needs/${NEED_ID}`);
    expect(reply.status).toBe(204);
    expect(reply.headers.get('allow')).toBe('GET, HEAD, PUT');
  });

  it('an address that does not decode is 400', async () => {
    expect(await server.call('GET', '/api/v1/needs/%E0%A4%A')).toMatchObject({
      status: 400,
      body: { code: 'badRequest' },
    });
  });

  it('what is no HTTP is 400 as a problem, and the connection ends', async () => {
    const heard = await speak(server.url, 'HELLO\r\n\r\n');
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard).toContain('"code":"badRequest"');
  });
});

describe('a fault of ours', () => {
  it('is 500 with a request id and nothing of what went wrong', async () => {
    const reply = await server.call('GET', '/api/v1/parks/330802-01', { headers: { 'x-request-id': 'trace-0001' } });
    expect(reply).toMatchObject({
      status: 500,
      body: { code: 'internal', title: '服务内部错误', instance: 'urn:shanhai:request:trace-0001' },
    });
    expect(reply.text).not.toContain('cast of');
    const logged = server.lines.find(({ level }) => level === 'error');
    expect(logged).toMatchObject({ fields: { requestId: 'trace-0001', route: '/api/v1/parks/{id}' } });
  });
});

describe('request ids and the log', () => {
  it('keeps a plain id of the caller and makes one otherwise', async () => {
    const id = async (sent: string) =>
      (await server.call('GET', '/healthz', { headers: { 'x-request-id': sent } })).headers.get('x-request-id');
    expect(await id('caller-id_1.2')).toBe('caller-id_1.2');
    for (const odd of ['short', 'x'.repeat(65), 'has space in', '"quoted-id"']) {
      expect(await id(odd)).toMatch(/^request-\d+$/);
    }
  });

  it('logs the pattern, the status and the time of a request, never what was asked or sent', async () => {
    const other = await serve();
    await other.call('POST', '/api/v1/needs', { body: minimalNeed() });
    await other.call('POST', '/api/v1/needs', { body: { ...minimalNeed(), gbt: '机密代码' } });
    await other.call('GET', '/api/v1/industries?q=%E6%9C%BA%E5%AF%86');
    await other.call('GET', '/secret-path');
    await until(() => other.lines.length >= 4);
    expect(other.lines.map(({ fields: { route, status, method } }) => ({ route, status, method }))).toEqual([
      { route: '/api/v1/needs', status: 202, method: 'POST' },
      { route: '/api/v1/needs', status: 400, method: 'POST' },
      { route: '/api/v1/industries', status: 200, method: 'GET' },
      { route: 'unmatched', status: 404, method: 'GET' },
    ]);
    expect(other.lines[1]?.fields['problem']).toBe('invalidInput');
    expect(other.lines[0]?.fields['ms']).toBeTypeOf('number');
    const text = JSON.stringify(other.lines);
    for (const secret of ['义乌', '扩产', '机密', 'secret']) expect(text).not.toContain(secret);
    await other.close();
  });
});

describe('headers', () => {
  it('name no product, and let pages load from this server only', async () => {
    const { headers } = await server.call('GET', '/healthz');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('http');
  });
});

describe('the end of the process', () => {
  it('a reader that waits is answered, then nothing is accepted any more', async () => {
    const stopping = new AbortController();
    let waiting = false;
    const { useCases } = fakeUseCases({
      readMatches: async (needId, waitMs, signal) => {
        waiting = true;
        await realClock.sleep(waitMs, signal);
        return { needId, version: 1, status: 'pending' };
      },
    });
    const app = createApp({ ...fakeDeps(useCases), stopping: stopping.signal });
    const running = await startServer(app, '127.0.0.1', 0);
    const url = `http://127.0.0.1:${running.port}`;
    const reply = fetch(`${url}/api/v1/needs/${NEED_ID}/matches?wait=30`, { headers });
    await until(() => waiting);
    stopping.abort();
    const finished = running.close(5_000);
    expect((await reply).status).toBe(200);
    expect(await finished).toBe(true);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('a connection that never asked anything holds nothing up', async () => {
    const { useCases } = fakeUseCases();
    const app = createApp(fakeDeps(useCases));
    const running = await startServer(app, '127.0.0.1', 0);
    const socket = connect(running.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    await (await fetch(`http://127.0.0.1:${running.port}/healthz`)).text();
    const startedMs = performance.now();
    expect(await running.close(10_000)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    socket.destroy();
  });

  it('what does not end within the limit is cut off', async () => {
    const { useCases } = fakeUseCases({ getNeed: () => new Promise(() => undefined) });
    const app = createApp(fakeDeps(useCases));
    const running = await startServer(app, '127.0.0.1', 0);
    const reply = fetch(`http://127.0.0.1:${running.port}/api/v1/needs/${NEED_ID}`, { headers }).catch(() => 'cut');
    await realClock.sleep(50);
    expect(await running.close(50)).toBe(false);
    expect(await reply).toBe('cut');
  });
});
