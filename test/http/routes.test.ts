import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpDeps } from '../../src/http/endpoint.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { makeMatching } from '../support/conformance/records.js';
import { bearer } from './fake-accounts.js';
import { failing, minimalNeed, NEED_ID, stored } from './fakes.js';
import { type Served, serve } from './served.js';

const NEED = `/api/v1/needs/${NEED_ID}`;

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const others: Served[] = [];
async function serveWith(over: Partial<UseCases>, deps: Partial<HttpDeps> = {}): Promise<Served> {
  const other = await serve(over, deps);
  others.push(other);
  return other;
}
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.close()));
});

describe('POST /needs', () => {
  it('answers 202 with the need, its place and its links', async () => {
    const body = minimalNeed();
    const reply = await server.call('POST', '/api/v1/needs', { body });
    expect(reply.status).toBe(202);
    expect(reply.headers.get('location')).toBe(NEED);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toEqual({
      id: NEED_ID,
      version: 1,
      status: 'pending',
      createdAt: '2026-03-01T08:00:00.000Z',
      updatedAt: '2026-03-01T08:00:00.000Z',
      need: body,
      links: { self: NEED, matches: `${NEED}/matches` },
    });
  });

  it('hands the key on, and says when an answer is a repetition', async () => {
    const replayed = await serveWith({
      submitNeed: async (need) => ({
        stored: { ...stored(need, 2), matching: makeMatching({ status: 'ready', resultId: 'r' }) },
        replayed: true,
      }),
    });
    const headers = { 'idempotency-key': 'key-1' };
    const reply = await replayed.call('POST', '/api/v1/needs', { headers, body: minimalNeed() });
    expect(reply.status).toBe(202);
    expect(reply.headers.get('idempotency-replayed')).toBe('true');
    expect(reply.body).toMatchObject({ version: 1, status: 'pending' });
    expect(replayed.asked[0]?.args[1]).toBe('key-1');
  });

  it('asks without a key where none is sent', async () => {
    await server.call('POST', '/api/v1/needs', { body: minimalNeed() });
    expect(server.asked.at(-1)).toMatchObject({ name: 'submitNeed', args: [minimalNeed(), null] });
  });

  it.each(['', 'a b', 'x'.repeat(201), 'k\u00e9y'])('refuses the key %j', async (key) => {
    const reply = await server.call('POST', '/api/v1/needs', {
      headers: { 'idempotency-key': key },
      body: minimalNeed(),
    });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key', code: 'badFormat' }] } });
  });

  it('answers 409 to another body under the same key', async () => {
    const other = await serveWith({ submitNeed: failing('idempotencyConflict') });
    const reply = await other.call('POST', '/api/v1/needs', { body: minimalNeed() });
    expect(reply).toMatchObject({ status: 409, body: { code: 'idempotencyConflict' } });
  });

  it('answers 503 with a time to come back when the store is away, and shows nothing of the cause', async () => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7');
    const other = await serveWith({ submitNeed: failing('storeUnavailable', { cause }) });
    const reply = await other.call('POST', '/api/v1/needs', { body: minimalNeed() });
    expect(reply).toMatchObject({ status: 503, body: { code: 'storeUnavailable', title: '数据库暂时不可用' } });
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(reply.text).not.toContain('10.0.0.7');
  });
});

describe('reading and revising a need', () => {
  it('GET gives the current version with its tag', async () => {
    const reply = await server.call('GET', NEED);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('"3"');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toMatchObject({ id: NEED_ID, version: 3 });
  });

  it('HEAD gives the headers alone', async () => {
    const response = await fetch(server.url + NEED, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${bearer('coordinator')}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"3"');
  });

  it('PUT with the tag it was read under makes a new version', async () => {
    const reply = await server.call('PUT', NEED, { headers: { 'if-match': '"3"' }, body: minimalNeed() });
    expect(reply).toMatchObject({ status: 200, body: { version: 4 } });
    expect(reply.headers.get('etag')).toBe('"4"');
    expect(server.asked.at(-1)).toEqual({ name: 'reviseNeed', args: [NEED_ID, 3, minimalNeed()] });
  });

  it('PUT without If-Match is answered with 428', async () => {
    const reply = await server.call('PUT', NEED, { body: minimalNeed() });
    expect(reply).toMatchObject({ status: 428, body: { code: 'preconditionRequired' } });
  });

  it.each(['*', '3', 'W/"3"', '"3", "4"', '"0"', '"-1"', '"1e3"', '"３"', '""', 'three'])(
    'a wrong If-Match %s is answered with 400',
    async (tag) => {
      const asked = server.asked.length;
      const headers = { 'if-match': Buffer.from(tag).toString('latin1') };
      const reply = await server.call('PUT', NEED, { headers, body: minimalNeed() });
      expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'If-Match', code: 'badFormat' }] } });
      expect(server.asked.length).toBe(asked);
    },
  );

  it('a stale If-Match is answered with 409 and the current version', async () => {
    const other = await serveWith({ reviseNeed: failing('versionConflict', { params: { currentVersion: 7 } }) });
    const reply = await other.call('PUT', NEED, { headers: { 'if-match': '"3"' }, body: minimalNeed() });
    expect(reply).toMatchObject({ status: 409, body: { code: 'versionConflict', currentVersion: 7 } });
    expect(reply.body).toMatchObject({ detail: expect.stringContaining('当前版本是 7') });
  });

  it('what can not be an id is not found, without asking for it', async () => {
    const asked = server.asked.length;
    for (const id of ['a%2Fb', 'x'.repeat(65), '%00', 'a.b', '%E9%9C%80']) {
      expect(await server.call('GET', `/api/v1/needs/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'notFound' },
      });
    }
    expect(server.asked.length).toBe(asked);
  });

  it('GET /needs pages', async () => {
    const reply = await server.call('GET', '/api/v1/needs?cursor=abc&limit=%EF%BC%95');
    expect(reply).toMatchObject({ status: 200, body: { items: [{ id: NEED_ID }], nextCursor: 'abc' } });
    expect(server.asked.at(-1)).toEqual({ name: 'listNeeds', args: ['abc', 5] });
    await server.call('GET', '/api/v1/needs');
    expect(server.asked.at(-1)).toEqual({ name: 'listNeeds', args: [null, 20] });
  });
});

describe('GET /needs/{id}/matches', () => {
  it('gives exactly what the use case gives', async () => {
    const reply = await server.call('GET', `${NEED}/matches?wait=10`);
    expect(reply.status).toBe(200);
    expect(server.asked.at(-1)?.args.slice(0, 2)).toEqual([NEED_ID, 10_000]);
  });

  it('no park at all is a result like any other', async () => {
    const reply = await server.call('GET', `${NEED}/matches`);
    expect(reply).toMatchObject({ status: 200, body: { status: 'ready', ranked: [], excluded: [] } });
  });

  it.each([
    { needId: NEED_ID, version: 1, status: 'pending' } as const,
    { needId: NEED_ID, version: 1, status: 'failed', failure: 'timeout' } as const,
  ])('gives a need that is $status', async (view) => {
    const other = await serveWith({ readMatches: async () => view });
    const reply = await other.call('GET', `${NEED}/matches`);
    expect(reply.body).toEqual(view);
  });

  it('a client that goes away ends the wait', async () => {
    let gone: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      gone = resolve;
    });
    let waiting: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    const other = await serveWith({
      readMatches: (id, _waitMs, signal) =>
        new Promise((resolve) => {
          waiting?.();
          signal?.addEventListener('abort', () => {
            gone?.();
            resolve({ needId: id, version: 1, status: 'pending' });
          });
        }),
    });
    const client = new AbortController();
    const request = fetch(`${other.url}${NEED}/matches?wait=30`, {
      headers: { authorization: `Bearer ${bearer('coordinator')}` },
      signal: client.signal,
    }).catch(() => 'aborted');
    await begun;
    client.abort();
    await ended;
    expect(await request).toBe('aborted');
  });
});

describe('reference data, jobs and health', () => {
  it.each([
    ['/api/v1/counties?kind=mountain', 'listCounties', [{ kind: 'mountain' }, null, 20]],
    ['/api/v1/counties', 'listCounties', [{}, null, 20]],
    ['/api/v1/chains?limit=1', 'listChains', [null, 1]],
    ['/api/v1/industries?q=%EF%BC%93%EF%BC%99', 'searchIndustries', ['39', 10]],
    ['/api/v1/industries?q=%E9%93%85%E7%AC%94&limit=50', 'searchIndustries', ['铅笔', 50]],
    ['/api/v1/jobs/failed?offset=40&limit=10', 'listFailedJobs', [40, 10]],
  ])('GET %s', async (path, name, args) => {
    expect((await server.call('GET', path)).status).toBe(200);
    expect(server.asked.at(-1)).toEqual({ name, args });
  });

  it.each([
    ['/api/v1/needs?limit=0', 'limit'],
    ['/api/v1/needs?limit=101', 'limit'],
    ['/api/v1/needs?limit=ten', 'limit'],
    ['/api/v1/needs?page=2', 'page'],
    ['/api/v1/needs?limit=1&limit=2', 'limit'],
    ['/api/v1/needs?__proto__=1', '__proto__'],
    ['/api/v1/needs?cursor=%00', 'cursor'],
    [`${NEED}?verbose=1`, 'verbose'],
    [`${NEED}/matches?wait=31`, 'wait'],
    [`${NEED}/matches?wait=-1`, 'wait'],
    ['/api/v1/parks?county=abc', 'county'],
    ['/api/v1/counties?kind=city', 'kind'],
    ['/api/v1/industries', 'q'],
    ['/api/v1/industries?q=', 'q'],
    ['/api/v1/industries?q=a&limit=51', 'limit'],
    ['/api/v1/jobs/failed?offset=-1', 'offset'],
    ['/healthz?deep=1', 'deep'],
  ])('refuses GET %s', async (path, field) => {
    const asked = server.asked.length;
    const reply = await server.call('GET', path);
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [{ field }] } });
    expect(server.asked.length).toBe(asked);
  });

  it('the board is unavailable while the queue is away', async () => {
    const other = await serveWith({ listFailedJobs: failing('queueUnavailable') });
    expect(await other.call('GET', '/api/v1/jobs/failed')).toMatchObject({ status: 503 });
  });

  it.each(['', '/api/v1'])('health and readiness under %j', async (base) => {
    expect(await server.call('GET', `${base}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await server.call('GET', `${base}/readyz`)).toMatchObject({ status: 200, body: { ready: true } });
    const checks = { mongo: true, redis: false, workers: false };
    const publicUseCases = { readiness: async () => ({ ready: false, checks }) };
    const other = await serveWith({}, { publicUseCases });
    expect(await other.call('GET', `${base}/readyz`)).toMatchObject({ status: 503, body: { ready: false, checks } });
  });
});
