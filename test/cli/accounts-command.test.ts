import { expect, it } from 'vitest';
import { loadDemoUsers } from '../../seeds/demo-users.js';
import { runAccounts } from '../../src/cli/accounts-command.js';
import { makeBench, NEW_PASSWORD, refusal } from '../usecases/accounts/bench.js';

const settings = { demoPassword: NEW_PASSWORD, loadUsers: () => loadDemoUsers() };

it('shows the first password once, in Chinese and in English, and it opens the account', async () => {
  const bench = makeBench();
  const text = await runAccounts(['first'], bench, settings);
  expect(text.trimEnd().split('\n')).toHaveLength(2);
  const [, shown = ''] = /一次性密码 (\S{16})（/.exec(text) ?? [];
  expect(text).toContain(`one-time password ${shown} (`);
  expect(await refusal(bench.signIn('coordinator', shown))).toBe('done');
  expect(await runAccounts(['first'], bench, settings)).toBe('');
});

it('makes the demo users and shows their names, not the password', async () => {
  const bench = makeBench({ demoMode: true });
  const text = await runAccounts(['demo'], bench, settings);
  for (const { loginName } of loadDemoUsers()) {
    expect(text).toContain(loginName);
    expect(await refusal(bench.signIn(loginName, NEW_PASSWORD))).toBe('done');
  }
  expect(text).not.toContain(NEW_PASSWORD);
});

it('says what is missing or not allowed', async () => {
  const bench = makeBench();
  await expect(runAccounts(['demo'], bench, settings)).rejects.toThrow('DEMO_MODE');
  await expect(runAccounts(['demo'], bench, { ...settings, demoPassword: undefined })).rejects.toThrow('DEMO_PASSWORD');
  for (const args of [[], ['second'], ['first', 'now']]) {
    await expect(runAccounts(args, bench, settings)).rejects.toThrow('用法');
  }
});
