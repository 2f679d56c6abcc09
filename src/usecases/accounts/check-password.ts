import { SYSTEM_CALLER } from '../../domain/access.js';
import type { User } from '../../domain/account.js';
import { lockChange } from './account-changes.js';
import { passwordText } from './password-rule.js';
import type { AccountDeps, AccountSettings } from './settings.js';

/** Longer texts are nobody's password; they are not digested. In UTF-16 units, before normalising. */
const LONGEST_TRIED = 512;

/** True if no password of the user is looked at now. */
export function isLocked(user: User, now: string): boolean {
  return user.lockedUntil !== null && user.lockedUntil > now;
}

/** How long the lock lasts after so many wrong passwords in a row, ms; 0 for none yet. */
export function lockMs({ lockAfter, firstLockMs, longestLockMs }: AccountSettings, failures: number): number {
  return failures < lockAfter ? 0 : Math.min(firstLockMs * 2 ** Math.min(failures - lockAfter, 30), longestLockMs);
}

/** True if the password belongs to the digest. */
export async function matches(deps: Pick<AccountDeps, 'hasher'>, hash: string, password: string): Promise<boolean> {
  const tried = password.length > LONGEST_TRIED ? '' : passwordText(password);
  return (await deps.hasher.verify(hash, tried)) && password.length <= LONGEST_TRIED;
}

/** Counts a wrong password; locks the account where there were too many in a row. */
export async function countWrong(
  deps: Pick<AccountDeps, 'accounts' | 'changes' | 'clock' | 'settings'>,
  user: User,
  requestId: string | null,
): Promise<void> {
  const failures = await deps.accounts.countFailure(user.id);
  const lengthMs = lockMs(deps.settings, failures);
  if (lengthMs === 0) return;
  const at = deps.clock.now();
  const until = new Date(Date.parse(at) + lengthMs).toISOString();
  // Who tried is not known: the service locks.
  const change = lockChange({ ...SYSTEM_CALLER, requestId }, at, user, failures, until);
  await deps.accounts.setLock(user.id, until, [change]);
  deps.changes.changed('account', user.id);
}
