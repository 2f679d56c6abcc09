import { describe, expect, it } from 'vitest';
import { SYSTEM_CALLER } from '../../../src/domain/access.js';
import { makeBench, NEW_PASSWORD, PASSWORD, refusal } from './bench.js';

const sessionIdOf = (bench: ReturnType<typeof makeBench>, secret: string): string => bench.ids.digest(secret);

describe('who am I', () => {
  it('tells a person, a program and the service what they may do', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang');
    const person = await bench.as(user).whoAmI();
    expect(person).toMatchObject({ user: { id: user.id, loginName: 'wang' }, token: null });
    expect(person.actions).toContain('need.write');
    expect(person.actions).not.toContain('hold.write');
    expect(JSON.stringify(person)).not.toContain(user.passwordHash);

    const { token, secret } = await bench
      .as(user)
      .createToken({ name: '对接', scopes: ['need.read'], expiresInDays: 1, countyAdcode: null });
    const signedIn = await bench.authenticator.byToken(secret);
    if (signedIn === null) throw new Error('no token');
    const program = await bench.asCaller({ actor: signedIn.actor, requestId: null }).whoAmI();
    expect(program).toEqual({ user: null, token, actions: ['need.read'] });
    expect(JSON.stringify(program)).not.toMatch(/digest/i);
    expect(await bench.asCaller(SYSTEM_CALLER).whoAmI()).toMatchObject({ user: null, token: null });
  });
});

describe('the CSRF token', () => {
  it('is made anew for the own session only', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang');
    const other = await bench.addUser('li');
    const { sessionSecret, csrfToken } = await bench.signIn('wang');
    const id = sessionIdOf(bench, sessionSecret);
    const digestNow = async () => (await bench.authenticator.bySession(sessionSecret))?.session?.csrfDigest;
    expect(await digestNow()).toBe(bench.ids.digest(csrfToken));
    const renewed = await bench.as(user).renewCsrf(id);
    expect(renewed.csrfToken).not.toBe(csrfToken);
    expect(await digestNow()).toBe(bench.ids.digest(renewed.csrfToken));
    expect(await refusal(bench.as(other).renewCsrf(id))).toBe('notFound');
    expect(await refusal(bench.as(user).renewCsrf('0'.repeat(64)))).toBe('notFound');
    expect(await digestNow()).toBe(bench.ids.digest(renewed.csrfToken));
  });
});

describe('signing out', () => {
  it("leaves another person's session alone", async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    const other = await bench.addUser('li');
    const { sessionSecret } = await bench.signIn('wang');
    await bench.as(other).signOut(sessionIdOf(bench, sessionSecret));
    expect(await bench.authenticator.bySession(sessionSecret)).not.toBeNull();
    expect(await bench.changesOf(other.id)).toEqual([]);
  });
});

describe('changing the password', () => {
  it('takes the new one, ends the other sessions and keeps this one', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang', { mustChangePassword: true });
    const here = (await bench.signIn('wang')).sessionSecret;
    const there = (await bench.signIn('wang')).sessionSecret;
    for (const secret of [here, there]) expect(await bench.authenticator.bySession(secret)).not.toBeNull();
    await bench.as(user).changePassword(PASSWORD, NEW_PASSWORD, sessionIdOf(bench, here));
    expect(await bench.authenticator.bySession(here)).toMatchObject({ mustChangePassword: false });
    expect(await bench.authenticator.bySession(there)).toBeNull();
    expect(await refusal(bench.signIn('wang', PASSWORD))).toBe('signInRefused');
    expect(await refusal(bench.signIn('wang', NEW_PASSWORD))).toBe('done');
    const changes = await bench.changesOf(user.id);
    expect(changes.find(({ type }) => type === 'user.passwordChanged')).toMatchObject({
      id: `${user.id}.2`,
      actor: { kind: 'user', id: user.id },
      before: { mustChangePassword: true },
      after: { mustChangePassword: false },
    });
    expect(JSON.stringify(changes)).not.toMatch(/\$memory|horse|staple/);
  });

  it('counts wrong present passwords, and is closed with the account', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang');
    const change = (present: string) => refusal(bench.as(user).changePassword(present, NEW_PASSWORD, null));
    for (let tries = 0; tries < 5; tries += 1) expect(await change('wrong')).toBe('signInRefused');
    expect((await bench.stored('wang'))?.lockedUntil).not.toBeNull();
    expect(await change(PASSWORD)).toBe('signInRefused');
    await bench.clock.advance(60_000);
    expect(await change(PASSWORD)).toBe('done');
  });

  it('refuses a weak one and the present one, and leaves the password as it is', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang.xiaoming');
    const change = (next: string) => refusal(bench.as(user).changePassword(PASSWORD, next, null));
    expect(await change('short')).toBe('invalidInput newPassword: tooShort');
    expect(await change('wang.xiaoming2026')).toBe('invalidInput newPassword: sameAsLoginName');
    expect(await change(PASSWORD)).toBe('invalidInput newPassword: sameAsBefore');
    expect(await refusal(bench.signIn('wang.xiaoming'))).toBe('done');
    expect((await bench.stored('wang.xiaoming'))?.version).toBe(1);
  });

  it('of a program or the service there is none', async () => {
    const bench = makeBench();
    expect(await refusal(bench.asCaller(SYSTEM_CALLER).changePassword(PASSWORD, NEW_PASSWORD, null))).toBe('forbidden');
  });

  it('is not lost when somebody renames the user meanwhile', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang');
    const { replaceUser } = bench.accounts;
    let overtaken = false;
    bench.accounts.replaceUser = async (...args) => {
      if (!overtaken) {
        overtaken = true;
        await replaceUser.call(bench.accounts, { ...user, displayName: '新名', version: 2 }, 1, []);
      }
      return replaceUser.apply(bench.accounts, args);
    };
    await bench.as(user).changePassword(PASSWORD, NEW_PASSWORD, null);
    expect(await bench.stored('wang')).toMatchObject({ displayName: '新名', version: 3 });
    expect(await refusal(bench.signIn('wang', NEW_PASSWORD))).toBe('done');
  });
});
