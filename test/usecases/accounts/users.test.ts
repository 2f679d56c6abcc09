import { describe, expect, it } from 'vitest';
import type { User } from '../../../src/domain/account.js';
import { LIANDU, makeBench, NEW_PASSWORD, PASSWORD, refusal, YIWU } from './bench.js';

const COORDINATOR: Partial<User> = { role: 'coordinator', countyAdcode: null };
const WANG = { loginName: 'wang', displayName: ' 王小明 ', role: 'sourceStaff', countyAdcode: YIWU } as const;

async function withCoordinator() {
  const bench = makeBench();
  const user = await bench.addUser('lead', COORDINATOR);
  return { bench, user, lead: bench.as(user) };
}

describe('users are managed', () => {
  it('by the coordinator only', async () => {
    const { bench } = await withCoordinator();
    const wang = await bench.addUser('wang');
    const others = [
      wang,
      await bench.addUser('host', { role: 'hostStaff' }),
      await bench.addUser('a', { role: 'auditor' }),
    ];
    for (const other of others) {
      const { listUsers, createUser, updateUser, resetPassword } = bench.as(other);
      expect(await refusal(listUsers(null, 10))).toBe('forbidden');
      expect(await refusal(createUser({ ...WANG, loginName: 'new' }))).toBe('forbidden');
      expect(await refusal(updateUser(wang.id, 1, { disabled: true }))).toBe('forbidden');
      expect(await refusal(resetPassword(wang.id))).toBe('forbidden');
    }
    expect(await bench.stored('new')).toBeNull();
  });
});

describe('a new user', () => {
  it('gets a one-time password that must be replaced', async () => {
    const { bench, lead, user: by } = await withCoordinator();
    const { user, oneTimePassword } = await lead.createUser(WANG);
    expect(user).toMatchObject({ loginName: 'wang', displayName: '王小明', mustChangePassword: true, version: 1 });
    expect(oneTimePassword).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{16}$/);
    expect((await bench.signIn('wang', oneTimePassword)).user.mustChangePassword).toBe(true);
    const [change] = await bench.changesOf(user.id);
    expect(change).toMatchObject({
      id: `${user.id}.1`,
      type: 'user.created',
      actor: { id: by.id, role: 'coordinator' },
      requestId: 'request-2',
      chains: [YIWU],
      after: { role: 'sourceStaff', countyAdcode: YIWU, mustChangePassword: true },
    });
    expect(JSON.stringify(change)).not.toMatch(/wang|王小明/);
    expect(JSON.stringify(await bench.stored('wang'))).not.toContain(oneTimePassword);
  });

  it.each([
    [{ loginName: 'ab' }, 'loginName: badFormat'],
    [{ loginName: 'Wang' }, 'loginName: badFormat'],
    [{ loginName: 'x'.repeat(41) }, 'loginName: badFormat'],
    [{ displayName: '  ' }, 'displayName: empty'],
    [{ displayName: '名'.repeat(41) }, 'displayName: tooLong'],
    [{ displayName: 'a\u202Eb' }, 'displayName: controlCharacter'],
    [{ countyAdcode: null }, 'countyAdcode: countyRequired'],
    [{ role: 'hostStaff', countyAdcode: null }, 'countyAdcode: countyRequired'],
    [{ role: 'coordinator' }, 'countyAdcode: countyNotAllowed'],
    [{ countyAdcode: '999999' }, 'countyAdcode: unknownCounty'],
    [{ role: 'auditor', countyAdcode: '999999' }, 'countyAdcode: unknownCounty'],
  ] as const)('is refused: %o', async (wrong, issue) => {
    const { bench, lead } = await withCoordinator();
    expect(await refusal(lead.createUser({ ...WANG, ...wrong }))).toBe(`invalidInput ${issue}`);
    expect(await bench.stored('wang')).toBeNull();
  });

  it.each([
    ['coordinator', null],
    ['auditor', null],
    ['auditor', LIANDU],
    ['hostStaff', LIANDU],
  ] as const)('may be %s of %s', async (role, countyAdcode) => {
    const { lead } = await withCoordinator();
    expect((await lead.createUser({ ...WANG, role, countyAdcode })).user).toMatchObject({ role, countyAdcode });
  });

  it('takes a login name once, also when two ask at the same time', async () => {
    const { bench, lead } = await withCoordinator();
    const answers = await Promise.all([refusal(lead.createUser(WANG)), refusal(lead.createUser(WANG))]);
    expect([...answers].sort()).toEqual(['done', 'invalidInput loginName: taken']);
    expect((await lead.listUsers(null, 10)).items.map(({ loginName }) => loginName)).toEqual(['lead', 'wang']);
    expect((await bench.stored('wang'))?.version).toBe(1);
  });
});

describe('a user', () => {
  it('is renamed, closed and opened at the version expected', async () => {
    const { bench, lead } = await withCoordinator();
    const { id } = await bench.addUser('wang');
    expect(await lead.updateUser(id, 1, { displayName: ' 新名 ' })).toMatchObject({ displayName: '新名', version: 2 });
    await expect(lead.updateUser(id, 1, { disabled: true })).rejects.toMatchObject({
      code: 'versionConflict',
      params: { currentVersion: 2 },
    });
    expect(await lead.updateUser(id, 2, { disabled: true })).toMatchObject({ disabled: true, version: 3 });
    expect(await refusal(bench.signIn('wang'))).toBe('signInRefused');
    expect(await lead.updateUser(id, 3, { disabled: false })).toMatchObject({ disabled: false, version: 4 });
    expect(await refusal(bench.signIn('wang'))).toBe('done');
    const types = (await bench.changesOf(id)).map(({ type }) => type);
    expect(types).toEqual(['user.updated', 'user.disabled', 'user.enabled', 'session.opened']);
    expect(await refusal(lead.updateUser(id, 4, {}))).toBe('invalidInput : nothingToChange');
    expect(await refusal(lead.updateUser(id, 4, { displayName: '' }))).toBe('invalidInput displayName: empty');
    expect(await refusal(lead.updateUser('user_none', 1, { disabled: true }))).toBe('notFound');
  });

  it('does not close the own account', async () => {
    const { bench, lead, user } = await withCoordinator();
    await bench.addUser('second', COORDINATOR);
    expect(await refusal(lead.updateUser(user.id, 1, { disabled: true }))).toBe('invalidInput disabled: ownAccount');
    expect((await lead.updateUser(user.id, 1, { displayName: '本人' })).disabled).toBe(false);
  });

  it('is not closed if no coordinator would be left who can sign in', async () => {
    const bench = makeBench();
    const last = await bench.addUser('last', COORDINATOR);
    await bench.addUser('closed', { ...COORDINATOR, disabled: true });
    await bench.addUser('demo', { ...COORDINATOR, demo: true });
    const gone = bench.as(await bench.addUser('gone', { ...COORDINATOR, disabled: true }));
    expect(await refusal(gone.updateUser(last.id, 1, { disabled: true }))).toBe(
      'invalidInput disabled: lastCoordinator',
    );
    await bench.addUser('second', COORDINATOR);
    expect((await gone.updateUser(last.id, 1, { disabled: true })).disabled).toBe(true);
  });

  it('stays coordinator, one of two, when both close each other at the same time', async () => {
    const bench = makeBench();
    const [one, two] = [await bench.addUser('one', COORDINATOR), await bench.addUser('two', COORDINATOR)];
    await Promise.all([
      refusal(bench.as(one).updateUser(two.id, 1, { disabled: true })),
      refusal(bench.as(two).updateUser(one.id, 1, { disabled: true })),
    ]);
    const open = [await bench.stored('one'), await bench.stored('two')].filter((user) => user?.disabled === false);
    expect(open.length).toBeGreaterThan(0);
  });

  it('gets a new one-time password: sessions end, the lock opens, the attempts are forgotten', async () => {
    const limits = { perAddress: { attempts: 1_000, windowS: 60 }, perName: { attempts: 6, windowS: 900 } };
    const bench = makeBench({ limits });
    const lead = bench.as(await bench.addUser('lead', COORDINATOR));
    const wang = await bench.addUser('wang');
    const { sessionSecret } = await bench.signIn('wang');
    for (let tries = 0; tries < 7; tries += 1) await refusal(bench.signIn('wang', 'wrong'));
    expect(await refusal(bench.signIn('wang'))).toBe('tooManyAttempts');
    const { user, oneTimePassword } = await lead.resetPassword(wang.id);
    expect(user).toMatchObject({ mustChangePassword: true, lockedUntil: null, version: 2 });
    expect(await bench.authenticator.bySession(sessionSecret)).toBeNull();
    expect(await refusal(bench.signIn('wang', PASSWORD))).toBe('signInRefused');
    expect(await refusal(bench.signIn('wang', oneTimePassword))).toBe('done');
    await bench.as(wang).changePassword(oneTimePassword, NEW_PASSWORD, null);
    expect((await bench.signIn('wang', NEW_PASSWORD)).user.mustChangePassword).toBe(false);
  });

  it('has the own password changed by nobody else, and not reset by the own hand', async () => {
    const { lead, user } = await withCoordinator();
    expect(await refusal(lead.resetPassword(user.id))).toBe('invalidInput id: ownAccount');
    expect(await refusal(lead.resetPassword('user_none'))).toBe('notFound');
  });

  it('is shown without a digest, page after page', async () => {
    const { bench, lead } = await withCoordinator();
    await bench.addUser('wang', { lockedUntil: bench.clock.now() });
    const first = await lead.listUsers(null, 1);
    const second = await lead.listUsers(first.nextCursor, 1);
    expect([...first.items, ...second.items].map(({ loginName }) => loginName)).toEqual(['lead', 'wang']);
    expect(second).toMatchObject({ items: [{ lockedUntil: null }], nextCursor: null });
    expect(JSON.stringify([first, second])).not.toContain('$memory');
  });
});
