import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import {
  csrfToken,
  fakeAuthenticator,
  ONE_TIME_SESSION,
  PASSWORD,
  SESSION_ENDS,
  sessionSecret,
  USER_ID,
} from './fake-accounts.js';
import { minimalNeed, NEED_ID } from './fakes.js';
import { type Reply, type Served, serve } from './served.js';

const NEEDS = '/api/v1/needs';
const SESSION = '/api/v1/session';
const COOKIE = 'shanhai-session';
const secret = sessionSecret('coordinator');
const cookie = `${COOKIE}=${secret}`;
const csrf = { 'x-csrf-token': csrfToken(secret) };

let server: Served;
const { authenticator, addresses } = fakeAuthenticator();
beforeAll(async () => {
  server = await serve({}, { authenticator });
});
afterAll(() => server.close());

/** Sends a need with a cookie and these headers. */
function post(headers: Record<string, string>, at: Served = server): Promise<Reply> {
  return at.call('POST', NEEDS, { headers: { cookie, ...headers }, body: minimalNeed() });
}

const code = ({ body }: Reply): unknown => (body as { readonly code?: unknown }).code;
const signIn = { loginName: 'yiwu.zhang', password: PASSWORD };

describe('signing in', () => {
  it('gives the cookie to the browser and the CSRF token to the page', async () => {
    const clock = {
      now: () => '2026-03-01T08:00:00.500Z',
      today: () => '2026-03-01',
      monotonicMs: () => 0,
      sleep: async () => undefined,
    };
    const other = await serve({}, { clock });
    const reply = await other.call('POST', SESSION, { as: null, body: signIn });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('set-cookie')).toBe(
      `${COOKIE}=${sessionSecret('sourceStaff')}; Max-Age=43199; Path=/; HttpOnly; SameSite=Strict`,
    );
    expect(reply.body).toMatchObject({
      user: { id: USER_ID },
      csrfToken: csrfToken(sessionSecret('sourceStaff')),
      expiresAt: SESSION_ENDS,
    });
    expect(reply.body).toHaveProperty('actions', expect.arrayContaining(['self', 'need.write']));
    expect(reply.body).not.toHaveProperty('sessionSecret');
    await other.close();
  });

  it('beyond loopback the cookie is for https and this host only, and one without the prefix is not read', async () => {
    const other = await serve({}, { secureCookies: true });
    const reply = await other.call('POST', SESSION, { as: null, body: signIn });
    expect(reply.headers.get('set-cookie')).toMatch(/^__Host-shanhai-session=[^;]+;.* Secure/);
    expect(reply.headers.get('set-cookie')).not.toContain('Domain');
    expect(await other.call('GET', SESSION, { headers: { cookie } })).toMatchObject({ status: 401 });
    expect(await other.call('GET', SESSION, { headers: { cookie: `__Host-${cookie}` } })).toMatchObject({
      status: 200,
    });
    await other.close();
  });

  it('a refusal does not tell whether the name exists', async () => {
    const [known, unknown] = await Promise.all(
      ['yiwu.zhang', 'nobody.here'].map((loginName) =>
        server.call('POST', SESSION, {
          as: null,
          headers: { 'x-request-id': 'same-request' },
          body: { loginName, password: 'wrong' },
        }),
      ),
    );
    expect(known?.status).toBe(401);
    expect(code(known as Reply)).toBe('signInRefused');
    expect(known?.headers.get('set-cookie')).toBeNull();
    expect(known?.text).toBe(unknown?.text);
  });

  it('too many attempts are 429 with the time to wait', async () => {
    const { authenticator: slow } = fakeAuthenticator({
      signIn: async () => {
        throw new AppError('tooManyAttempts', { params: { retryAfterS: 37 } });
      },
    });
    const other = await serve({}, { authenticator: slow });
    const reply = await other.call('POST', SESSION, { as: null, body: signIn });
    expect(reply).toMatchObject({ status: 429, body: { code: 'tooManyAttempts' } });
    expect(reply.headers.get('retry-after')).toBe('37');
    expect(reply.text).toContain('37 秒');
    await other.close();
  });

  it('never shows a password that was sent, nor logs it', async () => {
    for (const body of [
      { loginName: 'yiwu.zhang', password: ['S3cret-pass'] },
      { loginName: 'yiwu.zhang', password: `S3cret-pass${'x'.repeat(300)}` },
    ]) {
      const reply = await server.call('POST', SESSION, { as: null, body });
      expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'password' }] } });
      expect(reply.text).not.toContain('S3cret');
    }
    expect(JSON.stringify(server.lines)).not.toContain('S3cret');
  });

  it('a page of another site can sign nobody in', async () => {
    const reply = await server.call('POST', SESSION, {
      as: null,
      headers: { origin: 'https://evil.test' },
      body: signIn,
    });
    expect(reply).toMatchObject({ status: 403, body: { code: 'crossSite' } });
  });

  it('counts by the address of the connection, and by the one a known proxy names', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    await server.call('POST', SESSION, { as: null, headers, body: signIn });
    expect(addresses.at(-1)).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
    const proxied = fakeAuthenticator();
    const other = await serve({}, { authenticator: proxied.authenticator, trustedProxies: 1 });
    await other.call('POST', SESSION, { as: null, headers, body: signIn });
    expect(proxied.addresses).toEqual(['203.0.113.9']);
    await other.close();
  });
});

describe('who sends a request', () => {
  it('a session or a token; both at once are refused', async () => {
    expect(await server.call('GET', NEEDS, { headers: { cookie } })).toMatchObject({ status: 200 });
    expect(await server.call('GET', NEEDS, { as: 'coordinator' })).toMatchObject({ status: 200 });
    const both = await server.call('GET', NEEDS, { headers: { cookie, authorization: 'Bearer shm_coordinator' } });
    expect(both).toMatchObject({ status: 400, body: { code: 'twoCredentials' } });
  });

  it.each([
    ['nothing', {}],
    ['an ended session', { cookie: `${COOKIE}=ended` }],
    ['an empty cookie', { cookie: `${COOKIE}=` }],
    ['an unknown token', { authorization: 'Bearer shm_none' }],
    ['a session as a token', { authorization: `Bearer ${secret}` }],
    ['a token as a session', { cookie: `${COOKIE}=shm_coordinator` }],
    ['another scheme', { authorization: 'Basic c2htX2Nvb3JkaW5hdG9y' }],
    ['a secret as long as a book', { authorization: `Bearer ${'x'.repeat(4_000)}` }],
  ])('%s is 401', async (_name, headers) => {
    const reply = await server.call('GET', NEEDS, { as: null, headers: headers as Record<string, string> });
    expect(reply).toMatchObject({ status: 401, body: { code: 'notSignedIn' } });
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('a gateway may have an authorization of its own beside the session', async () => {
    const headers = { cookie, authorization: 'Basic Z2F0ZTp3YXk=' };
    expect(await server.call('GET', NEEDS, { headers })).toMatchObject({ status: 200 });
  });

  it('answers depend on who asks: no cache keeps them, and the log names the actor by id', async () => {
    const reply = await server.call('GET', '/api/v1/counties', { headers: { cookie } });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('vary')).toBe('Cookie, Authorization');
    expect(server.lines.some(({ fields }) => fields['actor'] === USER_ID)).toBe(true);
  });

  it('the store being away is 503, not a refusal', async () => {
    const { authenticator: away } = fakeAuthenticator({
      byToken: async () => {
        throw new AppError('storeUnavailable');
      },
    });
    const other = await serve({}, { authenticator: away });
    expect(await other.call('GET', NEEDS)).toMatchObject({ status: 503, body: { code: 'storeUnavailable' } });
    await other.close();
  });

  it('use cases are made for the caller, with the request id', async () => {
    const callers: unknown[] = [];
    const other = await serve(
      {},
      {
        useCasesFor: (caller) => {
          callers.push(caller);
          throw new AppError('notFound');
        },
      },
    );
    await other.call('GET', `${NEEDS}/${NEED_ID}`, { as: 'hostStaff', headers: { 'x-request-id': 'trace-0002' } });
    expect(callers).toMatchObject([{ actor: { role: 'hostStaff', countyAdcode: '331102' }, requestId: 'trace-0002' }]);
    await other.close();
  });
});

describe('the check comes before the body', () => {
  it('is read or parsed', async () => {
    for (const body of ['{"broken', 'x'.repeat(300 * 1024)]) {
      const reply = await server.raw('POST', NEEDS, body, { 'content-type': 'text/plain', cookie: `${COOKIE}=ended` });
      expect(reply).toMatchObject({ status: 401 });
      const forbidden = await server.raw('POST', NEEDS, body, { authorization: 'Bearer shm_auditor' });
      expect(forbidden).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });

  it('and before the query and the id', async () => {
    expect(await server.call('GET', `${NEEDS}?nonsense=1`, { as: null })).toMatchObject({ status: 401 });
    expect(await server.call('GET', `${NEEDS}/${'x'.repeat(99)}`, { as: null })).toMatchObject({ status: 401 });
  });
});

describe('a browser that another site makes send', () => {
  it('needs the CSRF token of its session to change anything', async () => {
    expect(await post(csrf)).toMatchObject({ status: 202 });
    for (const headers of [
      {},
      { 'x-csrf-token': '' },
      { 'x-csrf-token': 'wrong' },
      { 'x-csrf-token': csrfToken('another') },
    ]) {
      expect(await post(headers as Record<string, string>)).toMatchObject({
        status: 403,
        body: { code: 'csrfRefused' },
      });
    }
    expect(await server.call('GET', NEEDS, { headers: { cookie } })).toMatchObject({ status: 200 });
  });

  it.each([
    [{ origin: 'https://evil.test' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://behind.a.proxy' }, 202],
    [{ 'sec-fetch-site': 'none' }, 202],
  ])('%j is %i', async (headers, status) => {
    const reply = await post({ ...csrf, ...headers } as Record<string, string>);
    expect(reply.status).toBe(status);
    if (status === 403) expect(code(reply)).toBe('crossSite');
  });

  it('the own origin is told by the host that was asked', async () => {
    expect(await post({ ...csrf, origin: server.url })).toMatchObject({ status: 202 });
    expect(await post({ ...csrf, origin: 'http://127.0.0.1:1' })).toMatchObject({ status: 403 });
  });

  it('the host behind a known proxy is the one the proxy names', async () => {
    const headers = { ...csrf, origin: 'https://match.example', 'x-forwarded-host': 'match.example' };
    expect(await post(headers)).toMatchObject({ status: 403 });
    const other = await serve({}, { trustedProxies: 1 });
    expect(await post(headers, other)).toMatchObject({ status: 202 });
    await other.close();
  });

  it('a token needs neither', async () => {
    const headers = { authorization: 'Bearer shm_coordinator', origin: 'https://partner.test' };
    expect(await server.call('POST', NEEDS, { headers, body: minimalNeed() })).toMatchObject({ status: 202 });
  });
});

describe('a one-time password', () => {
  const one = { cookie: `${COOKIE}=${ONE_TIME_SESSION}`, 'x-csrf-token': csrfToken(ONE_TIME_SESSION) };

  it('opens nothing but the own session', async () => {
    expect(await server.call('GET', NEEDS, { headers: one })).toMatchObject({
      status: 403,
      body: { code: 'passwordChangeRequired' },
    });
    expect(await server.call('GET', '/api/v1/users', { headers: one })).toMatchObject({ status: 403 });
    expect(await server.call('GET', SESSION, { headers: one })).toMatchObject({ status: 200 });
    expect(await server.call('POST', `${SESSION}/csrf`, { headers: one })).toMatchObject({ status: 200 });
    const body = { currentPassword: 'one-time', newPassword: 'long enough to keep' };
    expect(await server.call('PUT', `${SESSION}/password`, { headers: one, body })).toMatchObject({ status: 204 });
    expect(await server.call('DELETE', SESSION, { headers: one })).toMatchObject({ status: 204 });
  });
});

describe('HEAD and OPTIONS', () => {
  it('HEAD is guarded as GET is', async () => {
    const head = (headers: Record<string, string>) => fetch(server.url + NEEDS, { method: 'HEAD', headers });
    expect((await head({})).status).toBe(401);
    expect((await head({ cookie })).status).toBe(200);
    expect((await head({ cookie, origin: 'https://evil.test' })).status).toBe(200);
  });

  it('OPTIONS tells the methods, which the public document tells too, and allows no other site anything', async () => {
    const reply = await server.call('OPTIONS', NEEDS, { as: null, headers: { origin: 'https://evil.test' } });
    expect(reply.status).toBe(204);
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
