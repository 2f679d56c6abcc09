import { describe, expect, it } from 'vitest';
import { type DemoUser, seedDemoUsers } from '../../../src/usecases/accounts/demo-users.js';
import { ensureFirstCoordinator } from '../../../src/usecases/accounts/first-coordinator.js';
import { LIANDU, makeBench, NEW_PASSWORD, PASSWORD, refusal, YIWU } from './bench.js';

describe('the first coordinator', () => {
  it('is made once, with a one-time password given once', async () => {
    const bench = makeBench();
    const made = await ensureFirstCoordinator(bench);
    expect(made?.loginName).toBe('coordinator');
    expect(await ensureFirstCoordinator(bench)).toBeNull();
    const { user } = await bench.signIn('coordinator', made?.oneTimePassword);
    expect(user).toMatchObject({ role: 'coordinator', countyAdcode: null, mustChangePassword: true });
    const changes = await bench.changesOf(user.id);
    expect(changes[0]).toMatchObject({ type: 'user.created', actor: { kind: 'system' }, chains: ['330000'] });
    expect(JSON.stringify(changes)).not.toContain(made?.oneTimePassword);
  });

  it('is made by one of several processes that start at the same time', async () => {
    const bench = makeBench();
    const made = await Promise.all(Array.from({ length: 5 }, () => ensureFirstCoordinator(bench)));
    const [winner, ...others] = made.filter((one) => one !== null);
    expect(others).toEqual([]);
    expect(await refusal(bench.signIn('coordinator', winner?.oneTimePassword))).toBe('done');
  });

  it('is made beside demo users', async () => {
    const bench = makeBench();
    await bench.addUser('demo-province', { role: 'coordinator', countyAdcode: null, demo: true });
    expect(await ensureFirstCoordinator(bench)).not.toBeNull();
  });
});

describe('demo users', () => {
  const users: readonly DemoUser[] = [
    { loginName: 'demo-yiwu', displayName: '示例·义乌', role: 'sourceStaff', countyAdcode: YIWU },
    { loginName: 'demo-liandu', displayName: '示例·莲都', role: 'hostStaff', countyAdcode: LIANDU },
  ];

  it('are refused outside demo mode', async () => {
    const bench = makeBench();
    await expect(seedDemoUsers(bench, users, PASSWORD)).rejects.toThrow(/DEMO_MODE/);
    expect(await bench.stored('demo-yiwu')).toBeNull();
  });

  it('are made with the password, without a one-time one', async () => {
    const bench = makeBench({ demoMode: true });
    expect(await seedDemoUsers(bench, users, PASSWORD)).toBe(users);
    expect((await bench.signIn('demo-liandu')).user).toMatchObject({ role: 'hostStaff', mustChangePassword: false });
    expect(await bench.stored('demo-yiwu')).toMatchObject({ demo: true, version: 1 });
  });

  it('get the password anew at every run, open and with their sessions ended', async () => {
    const bench = makeBench({ demoMode: true });
    await seedDemoUsers(bench, users, PASSWORD);
    const { sessionSecret } = await bench.signIn('demo-yiwu');
    const { id } = (await bench.stored('demo-yiwu')) ?? { id: '' };
    await bench.accounts.setLock(id, '2027-01-01T00:00:00.000Z', []);
    await seedDemoUsers(bench, users, NEW_PASSWORD);
    expect(await bench.authenticator.bySession(sessionSecret)).toBeNull();
    expect(await refusal(bench.signIn('demo-yiwu', PASSWORD))).toBe('signInRefused');
    expect(await refusal(bench.signIn('demo-yiwu', NEW_PASSWORD))).toBe('done');
    expect(await bench.stored('demo-yiwu')).toMatchObject({ demo: true, version: 2 });
  });

  it('never take the place of somebody real, nor a weak password', async () => {
    const bench = makeBench({ demoMode: true });
    const real = await bench.addUser('demo-liandu');
    expect(await refusal(seedDemoUsers(bench, users, NEW_PASSWORD))).toBe('invalidInput loginName: taken');
    expect(await bench.stored('demo-liandu')).toEqual(real);
    expect(await refusal(seedDemoUsers(bench, users, '123456789012'))).toBe('invalidInput DEMO_PASSWORD: repetitive');
  });
});
