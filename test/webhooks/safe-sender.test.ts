import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/real-clock.js';
import { bodyOf, closeAll, listenHttp, listening, listenTcp, senderFor } from './support/receiver.js';

afterEach(closeAll);

const message = (url: string) => ({ url, body: '{"type":"endpoint.test"}', headers: { 'webhook-id': 'evt_1' } });

describe('a message', () => {
  it('arrives as it was given, with our name and no cookie', async () => {
    const seen: unknown[] = [];
    const receiver = await listenHttp(async (request, response) => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body: await bodyOf(request) });
      response.setHeader('set-cookie', 'a=b').writeHead(200).end('好\r\n\u0007 ok\u202E');
    });
    const sender = senderFor();
    const first = await sender.send(message(`${receiver.url}?区=1#part`));
    await sender.send(message(receiver.url));
    expect(first).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      status: 200,
      error: null,
      latencyMs: expect.any(Number),
      answer: '好  ok',
      retryAfterMs: null,
    });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/hook?%E5%8C%BA=1', body: '{"type":"endpoint.test"}' });
    for (const one of seen) {
      expect(one).toMatchObject({
        headers: {
          host: `127.0.0.1:${receiver.port}`,
          'content-type': 'application/json',
          'user-agent': 'shanhai-match-webhooks/1',
          'webhook-id': 'evt_1',
          'content-length': '24',
        },
      });
      expect(one).not.toHaveProperty('headers.cookie');
      expect(one).not.toHaveProperty('headers.accept-encoding');
    }
  });

  it('that follows others goes over the same connection', async () => {
    const receiver = await listenHttp(async (request, response) => {
      await bodyOf(request);
      response.end('x'.repeat(20_000));
    });
    const sender = senderFor();
    for (let sent = 0; sent < 20; sent += 1) {
      const { status, answer } = await sender.send(message(receiver.url));
      expect([status, answer.length]).toEqual([200, 1_024]);
      // Longer than what is kept, yet read to its end: the connection stays.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(receiver.connections()).toBeLessThanOrEqual(2);
  });

  it('does not wait for another one to the same receiver', async () => {
    const waiting: (() => void)[] = [];
    const receiver = await listenHttp((request, response) => {
      if (request.url === '/slow') waiting.push(() => response.end());
      else response.end();
    });
    const sender = senderFor();
    const slow = Array.from({ length: 10 }, () => sender.send(message(`http://127.0.0.1:${receiver.port}/slow`)));
    await until(() => waiting.length === 10);
    expect((await sender.send(message(receiver.url))).status).toBe(200);
    for (const answer of waiting) answer();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  });

  it('never goes to a proxy of the environment', async () => {
    const proxy = await listenHttp((_request, response) => response.end());
    const receiver = await listenHttp((_request, response) => response.writeHead(204).end());
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    try {
      expect((await senderFor().send(message(receiver.url))).status).toBe(204);
    } finally {
      names.forEach((name, index) => {
        const value = before[index];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      });
    }
    expect([proxy.connections(), receiver.connections()]).toEqual([0, 1]);
  });
});

describe('an answer', () => {
  it.each([200, 202, 204, 400, 404, 410, 429, 500, 503])('of status %d is told as it is', async (status) => {
    const receiver = await listenHttp((_request, response) => response.writeHead(status).end());
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status, error: null });
  });

  it.each([300, 301, 302, 303, 304, 307, 308])('of status %d is a failure and not followed', async (status) => {
    let requests = 0;
    const receiver = await listenHttp((_request, response) => {
      requests += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status, error: 'redirect' });
    expect(requests).toBe(1);
  });

  it.each([
    [503, '120', 120_000],
    [429, '0', 0],
    [503, '99999999999', 86_400_000],
    [503, 'Fri, 01 Jan 2100 00:00:00 GMT', 86_400_000],
    [503, 'Sat, 01 Jan 2000 00:00:00 GMT', 0],
    [503, 'soon', null],
    [503, '-1', null],
    [200, '120', null],
  ])('of status %d may ask for a pause: %s', async (status, header, expected) => {
    const receiver = await listenHttp((_request, response) =>
      response.writeHead(status, { 'retry-after': header }).end(),
    );
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status, retryAfterMs: expected });
  });

  it('of a huge body is read to its first kB, and the rest costs the connection', async () => {
    let closed = false;
    const receiver = await listenTcp((socket) => {
      socket.on('close', () => {
        closed = true;
      });
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000000000\r\n\r\n');
        const chunk = Buffer.alloc(65_536, 'a');
        const more = (): void => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on('drain', more);
        more();
      });
    });
    const attempt = await senderFor({ timeoutMs: 60_000 }).send(message(receiver.url));
    expect(attempt).toMatchObject({ status: 200, error: null, answer: 'a'.repeat(1_024) });
    await until(() => closed, 2_000);
  });

  it('that is compressed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const receiver = await listenHttp((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const before = process.memoryUsage().rss;
    const attempt = await senderFor().send(message(receiver.url));
    expect(attempt).toMatchObject({ status: 200, error: null, answer: '' });
    expect(process.memoryUsage().rss - before).toBeLessThan(15_000_000);
  });

  it('whose first kB ends within a character leaves that one out', async () => {
    const receiver = await listenHttp((_request, response) => response.end('丽'.repeat(1_000)));
    expect((await senderFor().send(message(receiver.url))).answer).toBe('丽'.repeat(341));
  });

  it('after early hints is the one that counts', async () => {
    const receiver = await listenTcp((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n'),
      );
    });
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status: 201, error: null });
  });
});

describe('a receiver that does not answer well', () => {
  it('is given up when no header comes in time', async () => {
    const receiver = await listenTcp(() => {});
    const attempt = await senderFor({ timeoutMs: 150 }).send(message(receiver.url));
    expect(attempt).toMatchObject({ status: null, error: 'timeout', answer: '', retryAfterMs: null });
    expect(attempt.latencyMs).toBeGreaterThanOrEqual(140);
    expect(attempt.latencyMs).toBeLessThan(1_000);
  });

  it('is given up when headers drip', async () => {
    const receiver = await listenTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-a: b\r\n'), 10);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await senderFor({ timeoutMs: 150 }).send(message(receiver.url))).toMatchObject({
      status: null,
      error: 'timeout',
    });
  });

  it('is given up when the body drips', async () => {
    let closed = false;
    const receiver = await listenTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const drip = setInterval(() => socket.write('a'), 10);
      socket.on('close', () => {
        closed = true;
        clearInterval(drip);
      });
    });
    const attempt = await senderFor({ timeoutMs: 200 }).send(message(receiver.url));
    expect(attempt).toMatchObject({ status: 200, error: 'tooSlow', answer: expect.stringMatching(/^a+$/) });
    await until(() => closed);
  });

  it.each([
    ['breaks off before it answers', ''],
    ['breaks off within its answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'],
  ])('and %s is a reset', async (_what, answer) => {
    const receiver = await listenTcp((socket) => {
      socket.once('data', () => socket.end(answer));
    });
    const status = answer === '' ? null : 200;
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status, error: 'reset' });
  });

  it('and resets the connection is a reset', async () => {
    const receiver = await listenTcp((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status: null, error: 'reset' });
  });

  it.each([
    ['is no web server', '220 mail ESMTP\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    ['has endless headers', `HTTP/1.1 200 OK\r\n${'x-a: bbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n'.repeat(2_000)}\r\n`],
  ])('and %s is a bad answer', async (_what, answer) => {
    const receiver = await listenTcp((socket) => {
      socket.once('data', () => socket.write(answer));
    });
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status: null, error: 'badAnswer' });
  });

  it('and does not listen is told apart', async () => {
    const receiver = await listenTcp(() => {});
    await receiver.close();
    expect(await senderFor().send(message(receiver.url))).toMatchObject({ status: null, error: 'connect' });
  });

  it('and knows no TLS is told apart', async () => {
    const plain = await listenHttp((_request, response) => response.end());
    const bare = await listening(createTlsServer({}));
    for (const { port } of [plain, bare]) {
      const attempt = await senderFor().send(message(`https://127.0.0.1:${port}/`));
      expect(attempt).toMatchObject({ status: null, error: 'tls' });
    }
  });
});

describe('the caller', () => {
  it('may call a message off before and while it is sent', async () => {
    const receiver = await listenTcp(() => {});
    const sender = senderFor();
    expect(await sender.send(message(receiver.url), AbortSignal.abort())).toMatchObject({ error: 'aborted' });
    expect(receiver.connections()).toBe(0);
    const calledOff = new AbortController();
    const sending = sender.send(message(receiver.url), calledOff.signal);
    await until(() => receiver.connections() === 1);
    calledOff.abort();
    expect(await sending).toMatchObject({ status: null, error: 'aborted' });
  });

  it('gets no raised error for headers that can not be sent', async () => {
    const receiver = await listenHttp((_request, response) => response.end());
    const attempt = await senderFor().send({ url: receiver.url, body: '', headers: { 'webhook-id': 'a\r\nb: c' } });
    expect(attempt).toMatchObject({ status: null, error: 'unsendable' });
    expect(receiver.connections()).toBe(0);
  });

  it('closes after what is being sent has ended, and nothing is sent afterwards', async () => {
    const answers: (() => void)[] = [];
    const receiver = await listenHttp((_request, response) => answers.push(() => response.end()));
    const sender = senderFor();
    const sending = sender.send(message(receiver.url));
    await until(() => answers.length === 1);
    const closing = sender.close();
    for (const answer of answers) answer();
    expect(await sending).toMatchObject({ status: 200, error: null });
    await closing;
    expect(await sender.send(message(receiver.url))).toMatchObject({ status: null, error: 'aborted' });
    await expect(sender.close()).resolves.toBeUndefined();
  });
});
