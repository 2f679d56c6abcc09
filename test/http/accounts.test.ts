import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { csrfToken, SESSION_ENDS, sessionSecret, TOKEN_ID, token, USER_ID, user } from './fake-accounts.js';
import { failing } from './fakes.js';
import { type Served, serve } from './served.js';

const SESSION = '/api/v1/session';
const USERS = '/api/v1/users';
const TOKENS = '/api/v1/tokens';
const secret = sessionSecret('sourceStaff');
const headers = { cookie: `shanhai-session=${secret}`, 'x-csrf-token': csrfToken(secret) };

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const others: Served[] = [];
async function serveWith(over: Partial<UseCases>): Promise<Served> {
  const other = await serve(over);
  others.push(other);
  return other;
}
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.close()));
});

/** The id under which the fake authenticator knows the session. */
const SESSION_ID = /^[0-9a-f]{64}$/;

describe('/session', () => {
  it('says who I am, what I may do and until when', async () => {
    const reply = await server.call('GET', SESSION, { headers });
    expect(reply).toMatchObject({ status: 200, body: { user: user(), token: null, expiresAt: SESSION_ENDS } });
  });

  it('signing out ends the session and takes the cookie away', async () => {
    const reply = await server.call('DELETE', SESSION, { headers });
    expect(reply).toMatchObject({ status: 204, text: '' });
    expect(reply.headers.get('set-cookie')).toBe('shanhai-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
    expect(server.asked.at(-1)).toMatchObject({ name: 'signOut', args: [expect.stringMatching(SESSION_ID)] });
  });

  it('a page that was loaded again gets a new CSRF token, without the old one', async () => {
    const reply = await server.call('POST', `${SESSION}/csrf`, { headers: { cookie: headers.cookie } });
    expect(reply).toMatchObject({ status: 200, body: { csrfToken: 'new-csrf' } });
    const foreign = { cookie: headers.cookie, origin: 'https://evil.test' };
    expect(await server.call('POST', `${SESSION}/csrf`, { headers: foreign })).toMatchObject({ status: 403 });
  });

  it('a new password keeps this session', async () => {
    const body = { currentPassword: ' as typed ', newPassword: 'also  as typed ' };
    expect(await server.call('PUT', `${SESSION}/password`, { headers, body })).toMatchObject({ status: 204, text: '' });
    expect(server.asked.at(-1)).toMatchObject({
      name: 'changePassword',
      args: [' as typed ', 'also  as typed ', expect.stringMatching(SESSION_ID)],
    });
  });

  it('a weak password is refused in words, without the password', async () => {
    const issues = [{ field: 'newPassword', code: 'commonPassword', value: 'password1234' }];
    const other = await serveWith({ changePassword: failing('invalidInput', { issues }) });
    const body = { currentPassword: 'x', newPassword: 'password1234' };
    const reply = await other.call('PUT', `${SESSION}/password`, { headers, body });
    expect(reply).toMatchObject({ status: 400, body: { detail: expect.stringContaining('新密码：是常见密码') } });
    expect(reply.text).not.toContain('password1234');
  });
});

describe('/users', () => {
  it('lists them', async () => {
    const reply = await server.call('GET', `${USERS}?limit=5&cursor=abc`);
    expect(reply).toMatchObject({ status: 200, body: { items: [user()], nextCursor: null } });
    expect(server.asked.at(-1)).toMatchObject({ name: 'listUsers', args: ['abc', 5] });
  });

  it('makes one and shows the one-time password once', async () => {
    const body = { loginName: 'liandu.li', displayName: '李工', role: 'hostStaff', countyAdcode: '331102' };
    const reply = await server.call('POST', USERS, { body });
    expect(reply).toMatchObject({ status: 201, body: { user: body, oneTimePassword: 'one-time' } });
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    [{ loginName: 'Has Space', displayName: '李', role: 'hostStaff', countyAdcode: null }, 'loginName'],
    [{ loginName: 'abc', displayName: '', role: 'hostStaff', countyAdcode: null }, 'displayName'],
    [{ loginName: 'abc', displayName: '李', role: 'integration', countyAdcode: null }, 'role'],
    [{ loginName: 'abc', displayName: '李', role: 'auditor', countyAdcode: 'x' }, 'countyAdcode'],
    [{ loginName: 'abc', displayName: '李', role: 'auditor', countyAdcode: null, password: 'own' }, 'password'],
  ])('refuses %j', async (body, field) => {
    const reply = await server.call('POST', USERS, { body });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('changes one that is as it was read', async () => {
    const path = `${USERS}/${USER_ID}`;
    const reply = await server.call('PATCH', path, { headers: { 'if-match': '"3"' }, body: { disabled: true } });
    expect(reply).toMatchObject({ status: 200, body: { version: 4, disabled: true } });
    expect(reply.headers.get('etag')).toBe('"4"');
    expect(server.asked.at(-1)).toMatchObject({ name: 'updateUser', args: [USER_ID, 3, { disabled: true }] });
    expect(await server.call('PATCH', path, { body: { disabled: true } })).toMatchObject({ status: 428 });
    const nothing = await server.call('PATCH', path, { headers: { 'if-match': '"3"' }, body: {} });
    expect(nothing).toMatchObject({ status: 400, body: { errors: [{ code: 'nothingToChange' }] } });
  });

  it('resets a password', async () => {
    const reply = await server.call('POST', `${USERS}/${USER_ID}/password`);
    expect(reply).toMatchObject({ status: 200, body: { user: user(2), oneTimePassword: 'one-time' } });
    const other = await serveWith({ resetPassword: failing('notFound') });
    expect(await other.call('POST', `${USERS}/${USER_ID}/password`)).toMatchObject({ status: 404 });
  });
});

describe('/tokens', () => {
  it('lists them, shows the secret of a new one once, revokes', async () => {
    expect(await server.call('GET', TOKENS)).toMatchObject({ status: 200, body: { items: [token()] } });
    const body = { name: '对接', scopes: ['need.read', 'lead.read'], expiresInDays: 90 };
    expect(await server.call('POST', TOKENS, { body })).toMatchObject({ status: 201, body: { secret: 'shm_new' } });
    expect(await server.call('DELETE', `${TOKENS}/${TOKEN_ID}`)).toMatchObject({ status: 200, body: { id: TOKEN_ID } });
  });

  it('one is of the county of who makes it, unless the province says another', async () => {
    const body = { name: '对接', scopes: ['need.read'], expiresInDays: 1 };
    await server.call('POST', TOKENS, { as: 'hostStaff', body });
    expect(server.asked.at(-1)).toMatchObject({ name: 'createToken', args: [{ countyAdcode: '331102' }] });
    await server.call('POST', TOKENS, { body });
    expect(server.asked.at(-1)?.args).toEqual([{ ...body, countyAdcode: null }]);
    await server.call('POST', TOKENS, { body: { ...body, countyAdcode: '330782' } });
    expect(server.asked.at(-1)).toMatchObject({ args: [{ countyAdcode: '330782' }] });
  });

  it.each([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['user.manage'] }, 'scopes[0]'],
    [{ scopes: ['need.read', 'need.read'] }, 'scopes[1]'],
    [{ expiresInDays: 0 }, 'expiresInDays'],
    [{ expiresInDays: 367 }, 'expiresInDays'],
    [{ name: ' ' }, 'name'],
  ])('refuses %j', async (wrong, field) => {
    const body = { name: '对接', scopes: ['need.read'], expiresInDays: 90, ...wrong };
    const reply = await server.call('POST', TOKENS, { body });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});
