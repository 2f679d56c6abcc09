import { type Caller, ROLE_ACTIONS } from '../../domain/access.js';
import type { Session, User } from '../../domain/account.js';
import { AppError } from '../../domain/errors.js';
import type { AccountUseCases } from '../account-use-cases.js';
import { sessionChange, userChange } from './account-changes.js';
import { refuseIf } from './account-rules.js';
import { countWrong, isLocked, matches } from './check-password.js';
import { passwordIssues, passwordText } from './password-rule.js';
import type { AccountDeps } from './settings.js';
import { tokenView, userView } from './views.js';

/** How often a change that others overtook is tried before it gives up. */
export const CHANGE_TRIES = 3;

type OwnAccount = Pick<AccountUseCases, 'whoAmI' | 'renewCsrf' | 'signOut' | 'changePassword'>;

/** What everybody may do with the own account. See `AccountUseCases`. */
export function ownAccount(deps: AccountDeps, caller: Caller): OwnAccount {
  const { accounts, hasher, signedIn, clock, ids, changes } = deps;
  const { actor } = caller;

  /** The caller's own session. */
  async function ownSession(id: string): Promise<Session | null> {
    const session = await accounts.getSession(id);
    return session !== null && actor.kind === 'user' && session.userId === actor.id ? session : null;
  }

  async function ownUser(): Promise<User> {
    const user = actor.kind === 'user' ? await accounts.getUser(actor.id) : null;
    if (user === null) throw new AppError('forbidden', { params: { action: 'self' } });
    return user;
  }

  async function whoAmI(): ReturnType<OwnAccount['whoAmI']> {
    const user = actor.kind === 'user' ? await accounts.getUser(actor.id) : null;
    const token = actor.kind === 'token' ? await accounts.getToken(actor.id) : null;
    return {
      user: user === null ? null : userView(user, clock.now()),
      token: token === null ? null : tokenView(token),
      actions: actor.role === 'integration' ? actor.scopes : ROLE_ACTIONS[actor.role],
    };
  }

  async function renewCsrf(sessionId: string): ReturnType<OwnAccount['renewCsrf']> {
    const csrfToken = ids.newSecret();
    const session = await ownSession(sessionId);
    if (session === null || !(await accounts.setCsrf(sessionId, ids.digest(csrfToken)))) {
      throw new AppError('notFound', { params: { what: 'session' } });
    }
    signedIn.forget(sessionId);
    return { csrfToken };
  }

  async function signOut(sessionId: string): Promise<void> {
    const session = await ownSession(sessionId);
    if (session === null) return;
    // Noted first: a sign-out cut short is noted again under the same id, one that is not noted would never be.
    await accounts.noteUser(session.userId, [sessionChange(caller, clock.now(), session, 'session.closed')]);
    await accounts.removeSession(sessionId);
    signedIn.forget(sessionId);
    changes.changed('account', session.userId);
  }

  async function changePassword(present: string, next: string, keepSessionId: string | null): Promise<void> {
    let passwordHash: string | null = null;
    for (let tries = 0; tries < CHANGE_TRIES; tries += 1) {
      const user = await ownUser();
      if (isLocked(user, clock.now())) throw new AppError('signInRefused');
      if (!(await matches(deps, user.passwordHash, present))) {
        await countWrong(deps, user, caller.requestId);
        throw new AppError('signInRefused');
      }
      refuseIf(passwordIssues('newPassword', next, user.loginName));
      if (passwordText(next) === passwordText(present)) refuseIf([{ field: 'newPassword', code: 'sameAsBefore' }]);
      passwordHash ??= await hasher.hash(passwordText(next));
      const changed: User = { ...user, passwordHash, mustChangePassword: false, version: user.version + 1 };
      const change = userChange(caller, clock.now(), changed, {
        type: 'user.passwordChanged',
        before: { mustChangePassword: user.mustChangePassword },
        after: { mustChangePassword: false },
      });
      if (!(await accounts.replaceUser(changed, user.version, [change]))) continue;
      await accounts.removeSessionsOf(user.id, keepSessionId);
      signedIn.forget(user.id);
      changes.changed('account', user.id);
      return;
    }
    throw new AppError('versionConflict');
  }

  return { whoAmI, renewCsrf, signOut, changePassword };
}
