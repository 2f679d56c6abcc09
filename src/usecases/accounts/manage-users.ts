import type { Caller } from '../../domain/access.js';
import type { User } from '../../domain/account.js';
import type { PlainFacts } from '../../domain/change.js';
import { AppError } from '../../domain/errors.js';
import type { AccountUseCases } from '../account-use-cases.js';
import { userChange } from './account-changes.js';
import { expectPerson, nameIssues, refuseIf, userIssues } from './account-rules.js';
import { userIdOf } from './authenticator.js';
import { CHANGE_TRIES } from './own-account.js';
import { oneTimePassword } from './password-rule.js';
import type { AccountDeps } from './settings.js';
import { isUsable, userView } from './views.js';

/** Users read at a time when all are looked at. */
const PAGE = 200;

type ManageUsers = Pick<AccountUseCases, 'listUsers' | 'createUser' | 'updateUser' | 'resetPassword'>;

/** A new user, version 1, whose password must be changed at the first sign-in. */
export function newUser(
  { ids, clock }: Pick<AccountDeps, 'ids' | 'clock'>,
  who: Pick<User, 'loginName' | 'displayName' | 'role' | 'countyAdcode' | 'passwordHash'>,
): User {
  return {
    id: userIdOf(ids, who.loginName),
    ...who,
    mustChangePassword: true,
    disabled: false,
    demo: false,
    failedSignIns: 0,
    lockedUntil: null,
    createdAt: clock.now(),
    version: 1,
  };
}

/** The facts of a user that stand in the audit trail. */
export function userFacts({ role, countyAdcode, disabled, demo, mustChangePassword }: User): PlainFacts {
  return { role, countyAdcode, disabled, demo, mustChangePassword };
}

/** What the coordinator does with the accounts of others. See `AccountUseCases`. */
export function manageUsers(deps: AccountDeps, caller: Caller): ManageUsers {
  const { accounts, hasher, throttle, signedIn, clock, ids, changes, demoMode } = deps;
  const { actor } = caller;
  const own = (id: string): boolean => actor.kind === 'user' && actor.id === id;

  async function found(id: string): Promise<User> {
    const user = await accounts.getUser(id);
    if (user === null) throw new AppError('notFound', { params: { what: 'user' } });
    return user;
  }

  async function endSessions(id: string): Promise<void> {
    await accounts.removeSessionsOf(id, null);
    signedIn.forget(id);
  }

  /** True if somebody besides this user can sign in as coordinator. */
  async function otherCoordinator(id: string): Promise<boolean> {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof accounts.listUsers>> = await accounts.listUsers(null, cursor, PAGE);
      if (page.items.some((user) => user.id !== id && user.role === 'coordinator' && isUsable(user, demoMode)))
        return true;
      cursor = page.nextCursor;
    } while (cursor !== null);
    return false;
  }

  async function replace(next: User, type: string, before: PlainFacts, after: PlainFacts): Promise<boolean> {
    const change = userChange(caller, clock.now(), next, { type, before, after });
    if (!(await accounts.replaceUser(next, next.version - 1, [change]))) return false;
    changes.changed('account', next.id);
    return true;
  }

  async function listUsers(cursor: string | null, limit: number): ReturnType<ManageUsers['listUsers']> {
    expectPerson(actor, 'user.manage');
    const { items, nextCursor } = await accounts.listUsers(null, cursor, limit);
    const now = clock.now();
    return { items: items.map((user) => userView(user, now)), nextCursor };
  }

  async function createUser(input: Parameters<ManageUsers['createUser']>[0]): ReturnType<ManageUsers['createUser']> {
    expectPerson(actor, 'user.manage');
    const { loginName, role, countyAdcode } = input;
    const displayName = input.displayName.trim();
    refuseIf(userIssues({ loginName, displayName, role, countyAdcode }, await deps.adcodes()));
    const password = oneTimePassword(ids);
    const passwordHash = await hasher.hash(password);
    const user = newUser(deps, { loginName, displayName, role, countyAdcode, passwordHash });
    const change = userChange(caller, user.createdAt, user, { type: 'user.created', after: userFacts(user) });
    if (!(await accounts.insertUser(user, [change])))
      refuseIf([{ field: 'loginName', code: 'taken', value: loginName }]);
    changes.changed('account', user.id);
    return { user: userView(user, user.createdAt), oneTimePassword: password };
  }

  async function updateUser(...[id, expectedVersion, change]: Parameters<ManageUsers['updateUser']>) {
    expectPerson(actor, 'user.manage');
    const { displayName, disabled } = change;
    if (displayName === undefined && disabled === undefined) refuseIf([{ field: '', code: 'nothingToChange' }]);
    if (displayName !== undefined) refuseIf(nameIssues('displayName', displayName.trim()));
    const user = await found(id);
    if (user.version !== expectedVersion) {
      throw new AppError('versionConflict', { params: { currentVersion: user.version } });
    }
    const closes = disabled === true && !user.disabled;
    if (closes && own(id)) refuseIf([{ field: 'disabled', code: 'ownAccount' }]);
    const matters = closes && user.role === 'coordinator' && isUsable(user, demoMode);
    const last = [{ field: 'disabled', code: 'lastCoordinator' }];
    if (matters && !(await otherCoordinator(id))) refuseIf(last);

    const next: User = {
      ...user,
      displayName: displayName?.trim() ?? user.displayName,
      disabled: disabled ?? user.disabled,
      version: user.version + 1,
    };
    const type = next.disabled === user.disabled ? 'user.updated' : next.disabled ? 'user.disabled' : 'user.enabled';
    const renamed = next.displayName !== user.displayName;
    if (!(await replace(next, type, { disabled: user.disabled }, { disabled: next.disabled, renamed }))) {
      throw new AppError('versionConflict', { params: { currentVersion: (await found(id)).version } });
    }
    // Two coordinators may close each other's account at the same moment: whoever finds nobody left opens it again.
    if (matters && !(await otherCoordinator(id))) {
      const opened = { ...next, disabled: false, version: next.version + 1 };
      await replace(opened, 'user.enabled', { disabled: true }, { disabled: false, renamed: false });
      refuseIf(last);
    }
    if (next.disabled) await endSessions(id);
    signedIn.forget(id);
    return userView(next, clock.now());
  }

  async function resetPassword(id: string): ReturnType<ManageUsers['resetPassword']> {
    expectPerson(actor, 'user.manage');
    // The own password is changed with the present one.
    if (own(id)) refuseIf([{ field: 'id', code: 'ownAccount' }]);
    const password = oneTimePassword(ids);
    let passwordHash: string | null = null;
    for (let tries = 0; tries < CHANGE_TRIES; tries += 1) {
      const user = await found(id);
      passwordHash ??= await hasher.hash(password);
      const next: User = { ...user, passwordHash, mustChangePassword: true, version: user.version + 1 };
      const before = { mustChangePassword: user.mustChangePassword };
      if (!(await replace(next, 'user.passwordReset', before, { mustChangePassword: true }))) continue;
      await accounts.setLock(id, null, []);
      await throttle.succeeded(user.loginName);
      await endSessions(id);
      return { user: userView({ ...next, lockedUntil: null }, clock.now()), oneTimePassword: password };
    }
    throw new AppError('versionConflict');
  }

  return { listUsers, createUser, updateUser, resetPassword };
}
