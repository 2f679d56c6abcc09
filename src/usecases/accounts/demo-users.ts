import { SYSTEM_CALLER } from '../../domain/access.js';
import type { User } from '../../domain/account.js';
import { AppError } from '../../domain/errors.js';
import { userChange } from './account-changes.js';
import { refuseIf } from './account-rules.js';
import { userIdOf } from './authenticator.js';
import { newUser, userFacts } from './manage-users.js';
import { passwordIssues, passwordText } from './password-rule.js';
import type { AccountDeps } from './settings.js';

/** A user of the demo as the seed file has it, without a password. */
export type DemoUser = Pick<User, 'loginName' | 'displayName' | 'role' | 'countyAdcode'>;

/** Demo accounts were asked for where there must be none. */
export class DemoModeError extends Error {
  constructor() {
    super('演示账号只能在演示模式下建立(DEMO_MODE=true)。 Demo accounts are made in demo mode only.');
    this.name = 'DemoModeError';
  }
}

/**
 * Makes the demo's users, or sets their password anew and opens them again; sessions they have end.
 * @throws DemoModeError outside demo mode; AppError `invalidInput` for a weak password (`DEMO_PASSWORD`) or a login name
 *   that somebody real has (`loginName`: `taken`), `versionConflict`, `storeUnavailable`.
 */
export async function seedDemoUsers(
  deps: Pick<AccountDeps, 'accounts' | 'hasher' | 'ids' | 'clock' | 'changes' | 'demoMode'>,
  users: readonly DemoUser[],
  password: string,
): Promise<readonly DemoUser[]> {
  const { accounts, hasher, ids, clock, changes, demoMode } = deps;
  if (!demoMode) throw new DemoModeError();
  refuseIf(users.flatMap(({ loginName }) => passwordIssues('DEMO_PASSWORD', password, loginName)).slice(0, 1));
  for (const { loginName, displayName, role, countyAdcode } of users) {
    const there = await accounts.getUser(userIdOf(ids, loginName));
    if (there !== null && !there.demo) refuseIf([{ field: 'loginName', code: 'taken', value: loginName }]);
    const passwordHash = await hasher.hash(passwordText(password));
    const who = { loginName, displayName, role, countyAdcode, passwordHash };
    const fresh: User = { ...newUser(deps, who), demo: true, mustChangePassword: false };
    const user: User = there === null ? fresh : { ...fresh, createdAt: there.createdAt, version: there.version + 1 };
    const change = userChange(SYSTEM_CALLER, clock.now(), user, {
      type: there === null ? 'user.created' : 'user.passwordReset',
      ...(there === null ? {} : { before: userFacts(there) }),
      after: userFacts(user),
    });
    const done =
      there === null
        ? await accounts.insertUser(user, [change])
        : await accounts.replaceUser(user, there.version, [change]);
    if (!done) throw new AppError('versionConflict');
    await accounts.setLock(user.id, null, []);
    await accounts.removeSessionsOf(user.id, null);
    changes.changed('account', user.id);
  }
  return users;
}
