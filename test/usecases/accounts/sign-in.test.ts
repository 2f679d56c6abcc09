import { describe, expect, it } from 'vitest';
import { settled } from '../manual-clock.js';
import { makeBench, PASSWORD, refusal, YIWU } from './bench.js';

const MINUTE_MS = 60_000;

describe('signing in', () => {
  it('gives a session for the right password, of which the store knows digests only', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang');
    const { sessionSecret, csrfToken, expiresAt, user: shown } = await bench.signIn(' WANG ');
    expect(shown).toMatchObject({ id: user.id, loginName: 'wang', role: 'sourceStaff', countyAdcode: YIWU });
    expect(JSON.stringify(shown)).not.toMatch(/hash|digest/i);
    expect(expiresAt).toBe('2026-03-01T12:00:00.000Z');
    const session = await bench.accounts.getSession(bench.ids.digest(sessionSecret));
    expect(session).toMatchObject({ userId: user.id, csrfDigest: bench.ids.digest(csrfToken), expiresAt });
    expect(JSON.stringify(session)).not.toContain(sessionSecret);
    expect(JSON.stringify(session)).not.toContain(csrfToken);
    expect(await bench.authenticator.bySession(sessionSecret)).toEqual({
      actor: { kind: 'user', id: user.id, role: 'sourceStaff', countyAdcode: YIWU, scopes: [] },
      session: { id: session?.id, csrfDigest: session?.csrfDigest, expiresAt },
      mustChangePassword: false,
    });
  });

  it('leaves a change in the user document, without a name and without a secret', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang', { displayName: '王小明' });
    const { sessionSecret } = await bench.signIn('wang');
    const changes = await bench.changesOf(user.id);
    expect(changes).toMatchObject([
      {
        type: 'session.opened',
        actor: { kind: 'user', id: user.id },
        requestId: 'request-1',
        chains: [YIWU],
        after: { userId: user.id },
      },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/wang|王小明/);
    expect(JSON.stringify(changes)).not.toContain(bench.ids.digest(sessionSecret));
    expect(bench.signalled).toEqual([`account ${user.id}`]);
  });

  it('takes a password typed in full-width letters for the same', async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    expect(await refusal(bench.signIn('wang', 'ｒｉｇｈｔ horse battery'))).toBe('done');
  });

  it('refuses alike, after looking at one digest, whatever the reason', async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    await bench.addUser('closed', { disabled: true });
    await bench.addUser('demo', { demo: true });
    await bench.addUser('locked', { lockedUntil: '2026-03-01T00:10:00.000Z', failedSignIns: 9 });
    for (const [loginName, password] of [
      ['wang', 'wrong'],
      ['wang', ''],
      ['wang', 'x'.repeat(5_000)],
      ['nobody', PASSWORD],
      ['', PASSWORD],
      ['x'.repeat(5_000), PASSWORD],
      ['closed', PASSWORD],
      ['demo', PASSWORD],
      ['locked', PASSWORD],
    ] as const) {
      const before = bench.verified.length;
      const error: unknown = await bench.signIn(loginName, password).catch((raised: unknown) => raised);
      expect(error, loginName).toMatchObject({
        code: 'signInRefused',
        params: {},
        issues: [],
        message: 'signInRefused',
      });
      expect(bench.verified.length - before, loginName).toBe(1);
    }
    expect(bench.verified).toHaveLength(9);
  });

  it('answers no refusal before its time, whatever the reason', async () => {
    const bench = makeBench({ refusalMs: 250 });
    await bench.addUser('wang');
    await bench.addUser('closed', { disabled: true });
    for (const loginName of ['wang', 'nobody', 'closed']) {
      let answer = 'none';
      void refusal(bench.signIn(loginName, 'wrong')).then((code) => {
        answer = code;
      });
      await settled();
      await bench.clock.advance(249);
      expect(answer, loginName).toBe('none');
      await bench.clock.advance(1);
      expect(answer, loginName).toBe('signInRefused');
    }
    expect(await refusal(bench.signIn('wang'))).toBe('done');
  });

  it('lets demo users in in demo mode', async () => {
    const bench = makeBench({ demoMode: true });
    await bench.addUser('demo', { demo: true });
    const { sessionSecret } = await bench.signIn('demo');
    expect(await bench.authenticator.bySession(sessionSecret)).not.toBeNull();
  });

  it('tells how long to wait after too many attempts, for names that are there and others', async () => {
    const limits = { perAddress: { attempts: 100, windowS: 60 }, perName: { attempts: 2, windowS: 900 } };
    const bench = makeBench({ limits });
    await bench.addUser('wang');
    for (const loginName of ['wang', 'nobody']) {
      await refusal(bench.signIn(loginName, 'wrong'));
      await refusal(bench.signIn(loginName, 'wrong'));
      await expect(bench.signIn(loginName)).rejects.toMatchObject({
        code: 'tooManyAttempts',
        params: { retryAfterS: 900 },
      });
    }
    expect(bench.verified).toHaveLength(4);
    await bench.clock.advance(900_000);
    expect(await refusal(bench.signIn('wang'))).toBe('done');
  });

  it('counts one network of IPv6 as one address', async () => {
    const bench = makeBench({
      limits: { perAddress: { attempts: 2, windowS: 60 }, perName: { attempts: 100, windowS: 60 } },
    });
    const from = (address: string) => refusal(bench.signIn('nobody', 'wrong', address));
    expect(await from('2001:db8:1:2::1')).toBe('signInRefused');
    expect(await from('2001:db8:1:2:ffff::9')).toBe('signInRefused');
    expect(await from('2001:db8:1:2:3:4:5:6')).toBe('tooManyAttempts');
    expect(await from('2001:db8:1:3::1')).toBe('signInRefused');
  });
});

describe('the lock', () => {
  const wrong = async (bench: ReturnType<typeof makeBench>, times: number) => {
    for (let tries = 0; tries < times; tries += 1) await refusal(bench.signIn('wang', 'wrong'));
  };

  it('closes the account after five wrong passwords in a row, for the right one too, and says nothing of it', async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    await wrong(bench, 4);
    expect((await bench.stored('wang'))?.lockedUntil).toBeNull();
    await wrong(bench, 1);
    expect((await bench.stored('wang'))?.lockedUntil).toBe('2026-03-01T00:01:00.000Z');
    expect(await refusal(bench.signIn('wang'))).toBe('signInRefused');
    await bench.clock.advance(MINUTE_MS - 1);
    expect(await refusal(bench.signIn('wang'))).toBe('signInRefused');
    await bench.clock.advance(1);
    const { user } = await bench.signIn('wang');
    expect(user.lockedUntil).toBeNull();
    expect(await bench.stored('wang')).toMatchObject({ failedSignIns: 0, lockedUntil: null, version: 1 });
  });

  it('doubles with each further wrong password, up to an hour; attempts while it is closed do not count', async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    await wrong(bench, 5);
    const lengths: number[] = [];
    for (let locks = 0; locks < 9; locks += 1) {
      await wrong(bench, 3);
      const until = Date.parse((await bench.stored('wang'))?.lockedUntil ?? '');
      const lengthMs = until - Date.parse(bench.clock.now());
      lengths.push(lengthMs / MINUTE_MS);
      await bench.clock.advance(lengthMs);
      await wrong(bench, 1);
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('begins to count anew after a right password', async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    await wrong(bench, 4);
    await bench.signIn('wang');
    await wrong(bench, 4);
    expect((await bench.stored('wang'))?.lockedUntil).toBeNull();
  });

  it('is a change of the audit trail, by the service, without a name', async () => {
    const bench = makeBench();
    const user = await bench.addUser('wang');
    await wrong(bench, 5);
    const changes = await bench.changesOf(user.id);
    expect(changes).toMatchObject([
      {
        type: 'user.locked',
        actor: { kind: 'system' },
        requestId: 'request-1',
        object: { kind: 'user', id: user.id, version: 1 },
        chains: [YIWU],
        after: { failedSignIns: 5, lockedUntil: '2026-03-01T00:01:00.000Z' },
      },
    ]);
    await bench.clock.advance(MINUTE_MS);
    await wrong(bench, 1);
    const ids = (await bench.changesOf(user.id)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id.startsWith(`${user.id}.1.`)).toBe(true);
  });

  it('holds when passwords are tried side by side: none gets in after it closed', async () => {
    const bench = makeBench();
    await bench.addUser('wang');
    const tried = [...Array.from({ length: 12 }, () => 'wrong'), PASSWORD];
    const answers = await Promise.all(tried.map((password) => refusal(bench.signIn('wang', password))));
    expect(answers).toEqual(tried.map(() => 'signInRefused'));
    expect(await bench.stored('wang')).toMatchObject({ failedSignIns: 12 });
    expect(await bench.accounts.removeEnded('9999-01-01T00:00:00.000Z')).toBe(0);
  });
});
