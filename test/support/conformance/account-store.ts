import { describe, expect, it } from 'vitest';
import type { ApiToken, Session, User } from '../../../src/domain/account.js';
import type { Change } from '../../../src/domain/change.js';
import type { AccountStore } from '../../../src/ports/account-store.js';
import type { Outbox } from '../../../src/ports/outbox.js';

const idOf = (prefix: string, name: string): string => `${prefix}_${name.padEnd(24, '0')}`;
const NOW = '2026-03-01T00:00:00.000Z';
const LATER = '2026-03-01T00:05:00.000Z';

/** A user with this login name. */
export function makeUser(loginName: string, overrides: Partial<User> = {}): User {
  return {
    id: idOf('user', loginName),
    loginName,
    displayName: `同事 ${loginName}`,
    role: 'sourceStaff',
    countyAdcode: '330782',
    passwordHash: `$digest of ${loginName}`,
    mustChangePassword: false,
    disabled: false,
    demo: false,
    failedSignIns: 0,
    lockedUntil: null,
    createdAt: NOW,
    version: 1,
    ...overrides,
  };
}

function makeSession(name: string, userId: string, overrides: Partial<Session> = {}): Session {
  const id = name.padEnd(64, '0');
  return { id, userId, csrfDigest: 'c'.repeat(64), createdAt: NOW, expiresAt: LATER, ...overrides };
}

function makeToken(name: string, overrides: Partial<ApiToken> = {}): ApiToken {
  return {
    id: idOf('token', name),
    name: `接口 ${name}`,
    secretDigest: 'd'.repeat(64),
    countyAdcode: '330782',
    scopes: ['need.read', 'lead.read'],
    createdBy: idOf('user', 'a'),
    createdAt: NOW,
    expiresAt: LATER,
    revokedAt: null,
    version: 1,
    ...overrides,
  };
}

function changeOf(kind: 'user' | 'token' | 'session', id: string, version: number, actorId = 'user_x'): Change {
  return {
    id: `${id}.${version}`,
    at: NOW,
    actor: { kind: 'user', id: actorId, role: 'coordinator', countyAdcode: null },
    requestId: null,
    type: `${kind}.changed`,
    object: { kind, id, version },
    chains: ['330000'],
    before: null,
    after: { version },
    scheme: null,
  };
}

/** What every AccountStore and its outbox must do. `make` gives an empty store each time. */
export function describeAccountStoreConformance(
  name: string,
  make: () => Promise<{ readonly accounts: AccountStore; readonly outbox: Outbox }>,
): void {
  const user = makeUser('a');
  const waiting = async (outbox: Outbox, id: string): Promise<readonly string[]> =>
    (await outbox.of([id])).map((change) => change.id);

  describe(`AccountStore: ${name}: users`, () => {
    it('gives back what was inserted, once for an id, with its change', async () => {
      const { accounts, outbox } = await make();
      const difficult = makeUser('a', { displayName: '龘𠮷野 $set a.b', countyAdcode: null, lockedUntil: LATER });
      expect(await accounts.insertUser(difficult, [changeOf('user', user.id, 1)])).toBe(true);
      expect(await accounts.insertUser(makeUser('a'), [changeOf('user', user.id, 9)])).toBe(false);
      expect(await accounts.getUser(user.id)).toEqual(difficult);
      expect(await outbox.of([user.id])).toEqual([changeOf('user', user.id, 1)]);
      expect(await accounts.getUser('user_nobody')).toBeNull();
    });

    it('lets exactly one of 10 racing inserts in', async () => {
      const { accounts } = await make();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => accounts.insertUser(makeUser('a', { displayName: `${index}` }), [])),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await accounts.getUser(user.id))?.displayName).toBe(`${answers.indexOf(true)}`);
    });

    it('replaces the version expected, with its change or not at all, and leaves count and lock alone', async () => {
      const { accounts, outbox } = await make();
      await accounts.insertUser(user, []);
      await accounts.countFailure(user.id);
      await accounts.setLock(user.id, LATER, []);
      const next = { ...user, displayName: '新名', disabled: true, version: 2 };
      expect(await accounts.replaceUser(next, 1, [changeOf('user', user.id, 2)])).toBe(true);
      expect(await accounts.replaceUser({ ...next, displayName: '迟到' }, 1, [changeOf('user', user.id, 3)])).toBe(
        false,
      );
      expect(await accounts.getUser(user.id)).toEqual({ ...next, failedSignIns: 1, lockedUntil: LATER });
      expect(await waiting(outbox, user.id)).toEqual([`${user.id}.2`]);
      expect(await accounts.replaceUser(makeUser('nobody'), 1, [])).toBe(false);
    });

    it('counts every one of 20 failures at the same time', async () => {
      const { accounts } = await make();
      await accounts.insertUser(user, []);
      const counts = await Promise.all(Array.from({ length: 20 }, () => accounts.countFailure(user.id)));
      expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect((await accounts.getUser(user.id))?.failedSignIns).toBe(20);
      expect(await accounts.countFailure('user_nobody')).toBe(0);
    });

    it('never shortens a lock, and opens it with the count at 0', async () => {
      const { accounts, outbox } = await make();
      await accounts.insertUser(user, []);
      await accounts.countFailure(user.id);
      await accounts.setLock(user.id, LATER, [changeOf('user', user.id, 2)]);
      await accounts.setLock(user.id, NOW, []);
      expect(await accounts.getUser(user.id)).toMatchObject({ lockedUntil: LATER, failedSignIns: 1, version: 1 });
      await accounts.setLock(user.id, null, [changeOf('user', user.id, 3)]);
      expect(await accounts.getUser(user.id)).toEqual(user);
      expect(await waiting(outbox, user.id)).toEqual([`${user.id}.2`, `${user.id}.3`]);
      await accounts.setLock('user_nobody', LATER, []);
      expect(await accounts.getUser('user_nobody')).toBeNull();
    });

    it('records a sign-in only for the digest that was tried, of an open account', async () => {
      const { accounts, outbox } = await make();
      await accounts.insertUser(user, []);
      await accounts.countFailure(user.id);
      const record = (hash = user.passwordHash, now = NOW) =>
        accounts.recordSignIn(user.id, hash, now, [changeOf('session', 'session_1', 1, user.id)]);
      expect(await record('$another')).toBe(false);
      await accounts.setLock(user.id, LATER, []);
      expect(await record()).toBe(false);
      expect((await accounts.getUser(user.id))?.failedSignIns).toBe(1);
      expect(await waiting(outbox, user.id)).toEqual([]);
      expect(await record(user.passwordHash, LATER)).toBe(true);
      expect(await accounts.getUser(user.id)).toEqual(user);
      expect(await waiting(outbox, user.id)).toEqual(['session_1.1']);
      await accounts.replaceUser({ ...user, disabled: true, version: 2 }, 1, []);
      expect(await record()).toBe(false);
      expect(await accounts.recordSignIn('user_nobody', '', NOW, [])).toBe(false);
    });

    it('lists by login name, page after page, those of one county where one is given', async () => {
      const { accounts } = await make();
      for (const loginName of ['c', 'a.b', 'b', 'a', 'a-b']) await accounts.insertUser(makeUser(loginName), []);
      await accounts.insertUser(makeUser('ab', { countyAdcode: '331102' }), []);
      await accounts.insertUser(makeUser('province', { countyAdcode: null }), []);
      const names: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<AccountStore['listUsers']>> = await accounts.listUsers(null, cursor, 3);
        expect(page.items.length).toBeLessThanOrEqual(3);
        names.push(...page.items.map(({ loginName }) => loginName));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(names).toEqual(['a', 'a-b', 'a.b', 'ab', 'b', 'c', 'province']);
      const county = await accounts.listUsers('331102', null, 10);
      expect(county).toEqual({ items: [makeUser('ab', { countyAdcode: '331102' })], nextCursor: null });
      await expect(accounts.listUsers(null, 'x', 3)).rejects.toMatchObject({ code: 'invalidInput' });
    });
  });

  describe(`AccountStore: ${name}: sessions`, () => {
    it('keeps a session until it is removed, and sets its CSRF digest', async () => {
      const { accounts } = await make();
      const session = makeSession('1', user.id);
      await accounts.insertSession(session);
      expect(await accounts.getSession(session.id)).toEqual(session);
      expect(await accounts.setCsrf(session.id, 'e'.repeat(64))).toBe(true);
      expect(await accounts.getSession(session.id)).toEqual({ ...session, csrfDigest: 'e'.repeat(64) });
      await accounts.removeSession(session.id);
      await accounts.removeSession(session.id);
      expect(await accounts.getSession(session.id)).toBeNull();
      expect(await accounts.setCsrf(session.id, 'e'.repeat(64))).toBe(false);
    });

    it("removes a user's sessions but the one to keep, and those that ended", async () => {
      const { accounts } = await make();
      const of = (...names: string[]) => names.map((each) => makeSession(each, user.id));
      const other = makeSession('4', 'user_other', { expiresAt: NOW });
      for (const session of [...of('1', '2', '3'), other]) await accounts.insertSession(session);
      const there = async () => {
        const found = await Promise.all([...of('1', '2', '3'), other].map(({ id }) => accounts.getSession(id)));
        return found.flatMap((session) => (session === null ? [] : [session.id.charAt(0)])).join('');
      };
      await accounts.removeSessionsOf(user.id, makeSession('2', user.id).id);
      expect(await there()).toBe('24');
      expect(await accounts.removeEnded(NOW)).toBe(1);
      expect(await there()).toBe('2');
      await accounts.removeSessionsOf(user.id, null);
      expect(await there()).toBe('');
      expect(await accounts.removeEnded(LATER)).toBe(0);
    });
  });

  describe(`AccountStore: ${name}: tokens`, () => {
    it('gives back what was inserted, and replaces the version expected, with changes', async () => {
      const { accounts, outbox } = await make();
      const token = makeToken('1', { countyAdcode: null });
      await accounts.insertToken(token, [changeOf('token', token.id, 1)]);
      expect(await accounts.getToken(token.id)).toEqual(token);
      const revoked = { ...token, revokedAt: NOW, version: 2 };
      expect(await accounts.replaceToken(revoked, 1, [changeOf('token', token.id, 2)])).toBe(true);
      expect(await accounts.replaceToken(token, 1, [changeOf('token', token.id, 3)])).toBe(false);
      expect(await accounts.getToken(token.id)).toEqual(revoked);
      expect(await waiting(outbox, token.id)).toEqual([`${token.id}.1`, `${token.id}.2`]);
      expect(await accounts.getToken('token_none')).toBeNull();
      expect(await accounts.replaceToken(makeToken('404'), 1, [])).toBe(false);
    });

    it('lists newest first, page after page, those of one county where one is given', async () => {
      const { accounts } = await make();
      const tokens = [
        makeToken('1'),
        makeToken('2', { createdAt: LATER }),
        makeToken('3', { createdAt: LATER, countyAdcode: '331102' }),
        makeToken('4', { countyAdcode: null }),
      ];
      for (const token of tokens) await accounts.insertToken(token, []);
      const first = await accounts.listTokens(null, null, 3);
      const second = await accounts.listTokens(null, first.nextCursor, 3);
      expect([...first.items, ...second.items]).toEqual([tokens[2], tokens[1], tokens[3], tokens[0]]);
      expect(second.nextCursor).toBeNull();
      expect((await accounts.listTokens('331102', null, 3)).items).toEqual([tokens[2]]);
    });
  });

  describe(`AccountStore: ${name}: outbox`, () => {
    it('hands out what waits in users and tokens, a sign-out too, and lets it be removed', async () => {
      const { accounts, outbox } = await make();
      const token = makeToken('1');
      await accounts.insertUser(user, [changeOf('user', user.id, 1)]);
      await accounts.insertToken(token, [changeOf('token', token.id, 1)]);
      const signOut = changeOf('session', 'session_1', 2, user.id);
      await accounts.noteUser(user.id, [signOut]);
      await accounts.noteUser('user_nobody', [signOut]);
      expect(await accounts.getUser(user.id)).toEqual(user);
      expect([...(await outbox.waiting(10))].sort()).toEqual([token.id, user.id]);
      expect(await outbox.waiting(1)).toHaveLength(1);
      expect(await waiting(outbox, user.id)).toEqual([`${user.id}.1`, 'session_1.2']);
      await outbox.remove(await outbox.of([user.id]));
      expect(await outbox.waiting(10)).toEqual([token.id]);
      await outbox.remove(await outbox.of([token.id]));
      expect(await outbox.waiting(10)).toEqual([]);
      expect(await accounts.getUser(user.id)).toEqual(user);
    });
  });
}
