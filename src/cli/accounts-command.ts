import type { DemoUserRecord } from '../schemas/demo-users-schema.js';
import { seedDemoUsers } from '../usecases/accounts/demo-users.js';
import { ensureFirstCoordinator } from '../usecases/accounts/first-coordinator.js';
import type { AccountDeps } from '../usecases/accounts/settings.js';
import { ROLE_WORDS } from '../words/access.js';

export const USAGE = `用法: node scripts/cli.mjs accounts first | demo
  first  建立第一个省级协调员 coordinator，一次性密码只显示这一次；已有则什么也不做
  demo   建立或重置演示账号(须 DEMO_MODE=true 和 DEMO_PASSWORD)`;

/** What the command needs; built by `wireAccounts`. */
export type AccountCommandDeps = Pick<AccountDeps, 'accounts' | 'hasher' | 'ids' | 'clock' | 'changes' | 'demoMode'>;

/** What was asked for can't be done as it was asked; the message is for the person. */
export class BadAccountCommand extends Error {}

async function first(deps: AccountCommandDeps): Promise<string> {
  const made = await ensureFirstCoordinator(deps);
  if (made === null) return '';
  const { loginName, oneTimePassword } = made;
  return [
    `首个省级协调员账号 ${loginName}，一次性密码 ${oneTimePassword}（只显示这一次，首次登录须改掉）`,
    `First coordinator ${loginName}, one-time password ${oneTimePassword} (shown once; change it at the first sign-in)\n`,
  ].join('\n');
}

async function demo(
  deps: AccountCommandDeps,
  loadUsers: () => readonly DemoUserRecord[],
  password: string | undefined,
): Promise<string> {
  if (password === undefined) throw new BadAccountCommand('没有设置 DEMO_PASSWORD(至少 12 个字符)');
  const users = await seedDemoUsers(deps, loadUsers(), password);
  const lines = users.map(
    ({ loginName, displayName, role }) => `  ${loginName.padEnd(16)}${ROLE_WORDS[role]}  ${displayName}`,
  );
  return ['演示账号(密码为 DEMO_PASSWORD):', ...lines, ''].join('\n');
}

/**
 * Runs `accounts first` or `accounts demo` and gives what is to be printed. The only place that shows a password.
 * @throws BadAccountCommand for anything else, DemoModeError, AppError.
 */
export async function runAccounts(
  args: readonly string[],
  deps: AccountCommandDeps,
  settings: { readonly demoPassword: string | undefined; readonly loadUsers: () => readonly DemoUserRecord[] },
): Promise<string> {
  const [command, ...more] = args;
  if (more.length === 0 && command === 'first') return first(deps);
  if (more.length === 0 && command === 'demo') return demo(deps, settings.loadUsers, settings.demoPassword);
  throw new BadAccountCommand(USAGE);
}
