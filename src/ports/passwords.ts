/** Digests of passwords (argon2id, RFC 9106). */
export interface PasswordHasher {
  /** PHC string with its salt. */
  hash(password: string): Promise<string>;
  /** False for a wrong password and for a text that is no digest. */
  verify(hash: string, password: string): Promise<boolean>;
}

/** Slows down who tries passwords. */
export interface SignInThrottle {
  /** Counts an attempt by an address and on a login name; seconds to wait where there were too many, else null. */
  attempt(address: string, loginName: string): Promise<number | null>;
  /** Forgets the attempts on a name after a right password. */
  succeeded(loginName: string): Promise<void>;
}
