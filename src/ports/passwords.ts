/** Digests of passwords (argon2id, RFC 9106). */
export interface PasswordHasher {
  /** PHC string with its salt. */
  hash(password: string): Promise<string>;
  /** False for a wrong password and for a text that is no digest. */
  verify(hash: string, password: string): Promise<boolean>;
}

/** Attempts allowed in a window of time that begins with the first. */
export interface AttemptLimit {
  readonly attempts: number;
  /** Whole seconds, at least 1. */
  readonly windowS: number;
}

/** What `SignInThrottle` allows. */
export interface SignInLimits {
  readonly perAddress: AttemptLimit;
  readonly perName: AttemptLimit;
}

/** 30 attempts in 5 minutes from one address, 10 in 15 minutes on one name. */
export const SIGN_IN_LIMITS: SignInLimits = {
  perAddress: { attempts: 30, windowS: 300 },
  perName: { attempts: 10, windowS: 900 },
};

/** Slows down who tries passwords. */
export interface SignInThrottle {
  /**
   * Counts an attempt by an address and on a login name; seconds to wait where there were too many, else null. What an
   * address tries beyond its limit does not count on the name. Never fails.
   */
  attempt(address: string, loginName: string): Promise<number | null>;
  /** Forgets the attempts on a name after a right password. */
  succeeded(loginName: string): Promise<void>;
}
