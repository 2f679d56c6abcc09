import type { Actor } from '../../domain/access.js';
import type { ApiToken, User } from '../../domain/account.js';
import type { TokenView, UserView } from '../account-use-cases.js';

/** A user as it may be shown. A lock that is over by `now` is none. */
export function userView(user: User, now: string): UserView {
  const { id, loginName, displayName, role, countyAdcode, mustChangePassword, disabled, createdAt, version } = user;
  const lockedUntil = user.lockedUntil !== null && user.lockedUntil > now ? user.lockedUntil : null;
  return {
    id,
    loginName,
    displayName,
    role,
    countyAdcode,
    mustChangePassword,
    disabled,
    lockedUntil,
    createdAt,
    version,
  };
}

/** A token as it may be shown. */
export function tokenView(token: ApiToken): TokenView {
  const { id, name, countyAdcode, scopes, createdBy, createdAt, expiresAt, revokedAt } = token;
  return { id, name, countyAdcode, scopes, createdBy, createdAt, expiresAt, revokedAt };
}

/** A user as somebody who acts. */
export function userActor({ id, role, countyAdcode }: User): Actor {
  return { kind: 'user', id, role, countyAdcode, scopes: [] };
}

/** True if the user may use the service at all. */
export function isUsable(user: User, demoMode: boolean): boolean {
  return !user.disabled && (!user.demo || demoMode);
}
