import type { ApiToken, Session, User } from '../domain/account.js';
import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { Page } from './need-store.js';

/** Keeps users, sessions and tokens. Each method is one atomic change of one document. Raises `storeUnavailable`. */
export interface AccountStore {
  /** False where the id is taken. */
  insertUser(user: User, changes: readonly Change[]): Promise<boolean>;
  getUser(id: string): Promise<User | null>;
  /**
   * Replaces the user if it still has `expectedVersion`. Leaves `failedSignIns` and `lockedUntil` as they are: they have
   * methods of their own, so that no attempt is lost.
   */
  replaceUser(user: User, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
  /** Counts a wrong password: one conditional update, so that no attempt is lost; gives the new count. */
  countFailure(userId: string): Promise<number>;
  /** Closes the account to passwords until then, never for shorter than it is, or opens it again (null) with the count at 0. */
  setLock(userId: string, lockedUntil: string | null, changes: readonly Change[]): Promise<void>;
  /**
   * Sets the count to 0 if the user still has this digest, is not disabled and is not locked at `now`: of passwords tried
   * side by side none gets in after the lock. False where it did nothing.
   */
  recordSignIn(userId: string, passwordHash: string, now: string, changes: readonly Change[]): Promise<boolean>;
  /** Writes changes that leave the user itself as it is, e.g. a sign-out. */
  noteUser(userId: string, changes: readonly Change[]): Promise<void>;
  /** By login name; those of one county where one is given. */
  listUsers(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<User>>;

  insertSession(session: Session): Promise<void>;
  getSession(id: string): Promise<Session | null>;
  /** False where the session is gone. */
  setCsrf(id: string, csrfDigest: string): Promise<boolean>;
  removeSession(id: string): Promise<void>;
  /** All of a user but the one to keep. */
  removeSessionsOf(userId: string, keep: string | null): Promise<void>;
  /** Sessions that ended before `now`; gives how many. */
  removeEnded(now: string): Promise<number>;

  insertToken(token: ApiToken, changes: readonly Change[]): Promise<void>;
  getToken(id: string): Promise<ApiToken | null>;
  replaceToken(token: ApiToken, expectedVersion: number, changes: readonly Change[]): Promise<boolean>;
  /** Newest first; those of one county where one is given. */
  listTokens(countyAdcode: Adcode | null, cursor: string | null, limit: number): Promise<Page<ApiToken>>;
}
