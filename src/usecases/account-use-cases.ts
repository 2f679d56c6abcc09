import type { Action, Actor, Role } from '../domain/access.js';
import type { Adcode } from '../domain/county.js';
import type { Page } from '../ports/need-store.js';

/** A user as colleagues and the user may see it: never a digest. */
export interface UserView {
  readonly id: string;
  readonly loginName: string;
  readonly displayName: string;
  readonly role: Exclude<Role, 'integration'>;
  readonly countyAdcode: Adcode | null;
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
  readonly lockedUntil: string | null;
  readonly createdAt: string;
  readonly version: number;
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly countyAdcode: Adcode | null;
  readonly scopes: readonly Action[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
}

/** Who sent a request, told by its cookie or token. */
export interface SignedIn {
  readonly actor: Actor;
  /** Null for a token. */
  readonly session: { readonly id: string; readonly csrfDigest: string; readonly expiresAt: string } | null;
  readonly mustChangePassword: boolean;
}

/** Tells who somebody is. Used before there is a caller. */
export interface Authenticator {
  /**
   * Takes the same time for an unknown name, a disabled, locked or demo account and a wrong password.
   * @throws AppError `signInRefused`, `tooManyAttempts` (params: retryAfterS), `storeUnavailable`.
   */
  signIn(input: {
    readonly loginName: string;
    readonly password: string;
    readonly address: string;
    readonly requestId: string | null;
  }): Promise<{
    /** For the cookie; shown nowhere else. */
    readonly sessionSecret: string;
    /** For the header `X-CSRF-Token`. */
    readonly csrfToken: string;
    readonly expiresAt: string;
    readonly user: UserView;
  }>;
  /** Null for a secret that is unknown, ended, or of a user who is disabled. Answers up to 1 s old are kept. */
  bySession(secret: string): Promise<SignedIn | null>;
  /** The secret has the form `shm_<token id>_<secret>`. Null for one that is unknown, revoked or expired. */
  byToken(secret: string): Promise<SignedIn | null>;
}

/** Accounts as the caller may manage them; what belongs to others is `notFound`. Each raises `AppError`. */
export interface AccountUseCases {
  /** The signed-in person or token. */
  whoAmI(): Promise<{
    readonly user: UserView | null;
    readonly token: TokenView | null;
    readonly actions: readonly Action[];
  }>;
  /** A new CSRF token for the session (pages ask after a reload). */
  renewCsrf(sessionId: string): Promise<{ readonly csrfToken: string }>;
  signOut(sessionId: string): Promise<void>;
  /** Ends the user's other sessions. @throws `signInRefused` for a wrong present password, `invalidInput` for a weak new one. */
  changePassword(present: string, next: string, keepSessionId: string | null): Promise<void>;
  listUsers(cursor: string | null, limit: number): Promise<Page<UserView>>;
  /** @throws `invalidInput` (`loginName`: `taken`; role and county that do not go together). */
  createUser(input: {
    readonly loginName: string;
    readonly displayName: string;
    readonly role: Exclude<Role, 'integration'>;
    readonly countyAdcode: Adcode | null;
  }): Promise<{ readonly user: UserView; readonly oneTimePassword: string }>;
  /** A disabled user's sessions end. Nobody disables the last coordinator (`holdRefused` is not it: `invalidInput`). */
  updateUser(
    id: string,
    expectedVersion: number,
    change: { readonly displayName?: string; readonly disabled?: boolean },
  ): Promise<UserView>;
  resetPassword(id: string): Promise<{ readonly user: UserView; readonly oneTimePassword: string }>;
  listTokens(cursor: string | null, limit: number): Promise<Page<TokenView>>;
  /** Scopes the caller has not got itself are refused. `countyAdcode` only from the province; else the caller's. */
  createToken(input: {
    readonly name: string;
    readonly scopes: readonly Action[];
    readonly expiresInDays: number;
    readonly countyAdcode: Adcode | null;
  }): Promise<{ readonly token: TokenView; readonly secret: string }>;
  revokeToken(id: string): Promise<TokenView>;
}
