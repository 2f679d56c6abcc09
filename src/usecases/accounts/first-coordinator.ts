import { SYSTEM_CALLER } from '../../domain/access.js';
import { userChange } from './account-changes.js';
import { userIdOf } from './authenticator.js';
import { newUser, userFacts } from './manage-users.js';
import { oneTimePassword } from './password-rule.js';
import type { AccountDeps } from './settings.js';

/** The login name of the first coordinator. */
export const FIRST_COORDINATOR = 'coordinator';

/**
 * Makes the first coordinator with a one-time password, once: several processes may start at the same time. Null if the
 * account is there already; the password is never given again.
 * @throws AppError `storeUnavailable`.
 */
export async function ensureFirstCoordinator(
  deps: Pick<AccountDeps, 'accounts' | 'hasher' | 'ids' | 'clock' | 'changes'>,
): Promise<{ readonly loginName: string; readonly oneTimePassword: string } | null> {
  const { accounts, hasher, ids, changes } = deps;
  const loginName = FIRST_COORDINATOR;
  if ((await accounts.getUser(userIdOf(ids, loginName))) !== null) return null;
  const password = oneTimePassword(ids);
  const passwordHash = await hasher.hash(password);
  const user = newUser(deps, {
    loginName,
    displayName: '省级协调员',
    role: 'coordinator',
    countyAdcode: null,
    passwordHash,
  });
  const happening = { type: 'user.created', after: userFacts(user) };
  if (!(await accounts.insertUser(user, [userChange(SYSTEM_CALLER, user.createdAt, user, happening)]))) return null;
  changes.changed('account', user.id);
  return { loginName, oneTimePassword: password };
}
