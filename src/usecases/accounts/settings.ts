import type { AccountStore } from '../../ports/account-store.js';
import type { Clock } from '../../ports/clock.js';
import type { Ids } from '../../ports/ids.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { PasswordHasher, SignInThrottle } from '../../ports/passwords.js';
import type { SignedInCache } from './signed-in-cache.js';

/** Times and limits of accounts. */
export interface AccountSettings {
  /** How long a session lives, however it is used. */
  readonly sessionMs: number;
  /** Wrong passwords in a row after which an account is locked. */
  readonly lockAfter: number;
  /** The first lock; each further wrong password doubles it up to the last. */
  readonly firstLockMs: number;
  readonly longestLockMs: number;
  /** A refused sign-in is answered no sooner than this, so that its time does not tell why. */
  readonly refusalMs: number;
}

export const ACCOUNT_SETTINGS: AccountSettings = {
  sessionMs: 12 * 3_600_000,
  lockAfter: 5,
  firstLockMs: 60_000,
  longestLockMs: 3_600_000,
  refusalMs: 250,
};

/** What accounts need from outside. */
export interface AccountDeps {
  readonly accounts: AccountStore;
  readonly hasher: PasswordHasher;
  readonly throttle: SignInThrottle;
  /** One for the process: shared by the authenticator and everything that ends sessions, tokens and rights. */
  readonly signedIn: SignedInCache;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: ChangeSignal;
  /** Whether demo users may sign in. */
  readonly demoMode: boolean;
  readonly settings: AccountSettings;
  /** Every county the reference data knows. */
  readonly adcodes: () => Promise<ReadonlySet<string>>;
}
