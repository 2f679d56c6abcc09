import { describe, expect, it } from 'vitest';
import type { User } from '../../../src/domain/account.js';
import { removeEndedSessions } from '../../../src/usecases/accounts/authenticator.js';
import { createSignedInCache, type KeptAnswer } from '../../../src/usecases/accounts/signed-in-cache.js';
import { ManualClock } from '../manual-clock.js';
import { makeBench, NEW_PASSWORD, PASSWORD, YIWU } from './bench.js';

const HOUR_MS = 3_600_000;

/** A bench with a signed-in user and a token made by the same. */
async function signedIn(overrides: Partial<User> = {}) {
  const bench = makeBench();
  const user = await bench.addUser('wang', overrides);
  const { sessionSecret, expiresAt } = await bench.signIn('wang');
  const made = await bench
    .as(user)
    .createToken({ name: '对接', scopes: ['need.read'], expiresInDays: 1, countyAdcode: null });
  return {
    ...{ bench, user, sessionSecret, expiresAt, token: made.token, tokenSecret: made.secret },
    session: () => bench.authenticator.bySession(sessionSecret),
    program: () => bench.authenticator.byToken(made.secret),
  };
}

describe('a session', () => {
  it('ends twelve hours after the sign-in, however it is used', async () => {
    const { bench, session } = await signedIn();
    for (let hours = 0; hours < 11; hours += 1) {
      await bench.clock.advance(HOUR_MS);
      expect(await session()).not.toBeNull();
    }
    await bench.clock.advance(HOUR_MS - 500);
    expect(await session()).not.toBeNull();
    await bench.clock.advance(500);
    expect(await session()).toBeNull();
    expect(await removeEndedSessions(bench)).toBe(1);
  });

  it('is nobody for a secret that was never given out', async () => {
    const { bench, sessionSecret, tokenSecret } = await signedIn();
    for (const secret of [
      '',
      'x',
      `${sessionSecret}x`,
      sessionSecret.slice(1),
      bench.ids.digest(sessionSecret),
      tokenSecret,
    ]) {
      expect(await bench.authenticator.bySession(secret), secret).toBeNull();
    }
  });

  it('of another process ends within a second when it is removed there', async () => {
    const { bench, session, user } = await signedIn();
    expect(await session()).not.toBeNull();
    await bench.accounts.removeSessionsOf(user.id, null);
    await bench.clock.advance(999);
    expect(await session()).not.toBeNull();
    await bench.clock.advance(1);
    expect(await session()).toBeNull();
  });

  it('ends at once in this process by sign-out', async () => {
    const { bench, session, user } = await signedIn();
    const id = (await session())?.session?.id ?? '';
    await bench.as(user).signOut(id);
    expect(await session()).toBeNull();
    expect(await bench.accounts.getSession(id)).toBeNull();
    await bench.as(user).signOut(id);
    const changes = (await bench.changesOf(user.id)).filter(({ object }) => object.kind === 'session');
    expect(changes.map(({ type, object }) => [type, object.version])).toEqual([
      ['session.opened', 1],
      ['session.closed', 2],
    ]);
    expect(new Set(changes.map(({ object }) => object.id)).size).toBe(1);
  });

  it('and a token end at once in this process when the account is closed', async () => {
    const { bench, session, program, user } = await signedIn();
    const coordinator = await bench.addUser('lead', { role: 'coordinator', countyAdcode: null });
    expect(await session()).not.toBeNull();
    expect(await program()).not.toBeNull();
    await bench.as(coordinator).updateUser(user.id, 1, { disabled: true });
    expect(await session()).toBeNull();
    expect(await program()).toBeNull();
  });

  it('tells of the one-time password until it is replaced', async () => {
    const { bench, session, user } = await signedIn({ mustChangePassword: true });
    expect((await session())?.mustChangePassword).toBe(true);
    await bench.as(user).changePassword(PASSWORD, NEW_PASSWORD, (await session())?.session?.id ?? null);
    expect((await session())?.mustChangePassword).toBe(false);
  });
});

describe('a token', () => {
  it('is an actor with its scopes, in its county', async () => {
    const { program, token } = await signedIn();
    expect(await program()).toEqual({
      actor: { kind: 'token', id: token.id, role: 'integration', countyAdcode: YIWU, scopes: ['need.read'] },
      session: null,
      mustChangePassword: false,
    });
  });

  it('is nobody with another secret or in another form', async () => {
    const { bench, tokenSecret, token, sessionSecret } = await signedIn();
    const other = `shm_${token.id}_${bench.ids.newSecret()}`;
    for (const secret of [
      '',
      tokenSecret.slice(4),
      tokenSecret.slice(0, -1),
      `${tokenSecret}A`,
      other,
      sessionSecret,
    ]) {
      expect(await bench.authenticator.byToken(secret), secret).toBeNull();
    }
    expect(await bench.authenticator.byToken(`shm_token_${'0'.repeat(24)}_${bench.ids.newSecret()}`)).toBeNull();
  });

  it('ends when it expires', async () => {
    const { bench, program } = await signedIn();
    await bench.clock.advance(24 * HOUR_MS - 500);
    expect(await program()).not.toBeNull();
    await bench.clock.advance(500);
    expect(await program()).toBeNull();
  });

  it('ends at once in this process when it is revoked', async () => {
    const { bench, program, token, user } = await signedIn();
    expect(await program()).not.toBeNull();
    const revoked = await bench.as(user).revokeToken(token.id);
    expect(revoked.revokedAt).toBe(bench.clock.now());
    expect(await program()).toBeNull();
    expect(await bench.as(user).revokeToken(token.id)).toEqual(revoked);
    expect((await bench.changesOf(token.id)).map(({ type }) => type)).toEqual(['token.created', 'token.revoked']);
  });

  it('of a demo user ends with demo mode', async () => {
    const { bench, user, session, program } = await signedIn();
    await bench.accounts.replaceUser({ ...user, demo: true, version: 2 }, 1, []);
    expect(await session()).toBeNull();
    expect(await program()).toBeNull();
  });
});

describe('the cache of answers', () => {
  const answer = (id: string): KeptAnswer => ({
    signedIn: {
      actor: { kind: 'user', id, role: 'auditor', countyAdcode: null, scopes: [] },
      session: null,
      mustChangePassword: false,
    },
    expiresAt: '2027-01-01T00:00:00.000Z',
    restsOn: [id],
  });

  it('holds so many and lets the oldest go', () => {
    const cache = createSignedInCache(new ManualClock(), { maxAgeMs: 1_000, atMost: 3 });
    for (const key of ['a', 'b', 'a', 'c', 'd']) cache.keep(key, answer(key), cache.begin());
    expect(['a', 'b', 'c', 'd'].map((key) => cache.read(key)?.actor.id ?? null)).toEqual(['a', null, 'c', 'd']);
  });

  it('does not keep what was read before something was forgotten', () => {
    const cache = createSignedInCache(new ManualClock());
    const begun = cache.begin();
    cache.forget('a');
    cache.keep('a', answer('a'), begun);
    expect(cache.read('a')).toBeNull();
    cache.keep('a', answer('a'), cache.begin());
    cache.forget('b');
    expect(cache.read('a')).not.toBeNull();
  });
});
