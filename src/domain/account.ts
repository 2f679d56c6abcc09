import type { Action, Role } from './access.js';
import type { Adcode } from './county.js';

/** A person who signs in. Only the digest of the password is kept (argon2id, RFC 9106). */
export interface User {
  /** `user_` + 24 letters and digits, made from the login name, so that a name exists once. */
  readonly id: string;
  /** Lower-case letters, digits, `-` and `.`, 3 to 40. */
  readonly loginName: string;
  /** What colleagues see; at most 40 characters. */
  readonly displayName: string;
  readonly role: Exclude<Role, 'integration'>;
  /** Null: the whole province (coordinator, or an auditor of the province). */
  readonly countyAdcode: Adcode | null;
  readonly passwordHash: string;
  /** A one-time password: nothing else may be done before it is replaced. */
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
  /** Made by the demo; can't sign in outside demo mode. */
  readonly demo: boolean;
  /** Wrong passwords since the last right one, and until when no password is looked at. */
  readonly failedSignIns: number;
  readonly lockedUntil: string | null;
  readonly createdAt: string;
  /** Counts changes, from 1. */
  readonly version: number;
}

/** A signed-in browser. The cookie holds the secret; the store knows only its digest. */
export interface Session {
  /** SHA-256 of the cookie's secret. */
  readonly id: string;
  readonly userId: string;
  /** SHA-256 of what state-changing requests must send as `X-CSRF-Token`. */
  readonly csrfDigest: string;
  readonly createdAt: string;
  /** After this it is as if it were not there. */
  readonly expiresAt: string;
}

/** A program's key, shown once when it is made; the store knows only its digest. */
export interface ApiToken {
  /** `token_` + 24 letters and digits. */
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret. */
  readonly secretDigest: string;
  readonly countyAdcode: Adcode | null;
  readonly scopes: readonly Action[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly version: number;
}
