import type { Actor, Caller } from '../../../src/domain/access.js';
import type { User } from '../../../src/domain/account.js';
import type { Change } from '../../../src/domain/change.js';
import type { AppError } from '../../../src/domain/errors.js';
import { MemoryAccountStore } from '../../../src/memory/account-store.js';
import { MemoryPasswordHasher } from '../../../src/memory/passwords.js';
import { MemoryThrottle } from '../../../src/memory/throttle.js';
import type { SignInLimits } from '../../../src/ports/passwords.js';
import { systemIds } from '../../../src/system.js';
import { createAuthenticator, userIdOf } from '../../../src/usecases/accounts/authenticator.js';
import { createAccountUseCases } from '../../../src/usecases/accounts/create-account-use-cases.js';
import { newUser } from '../../../src/usecases/accounts/manage-users.js';
import { ACCOUNT_SETTINGS, type AccountDeps } from '../../../src/usecases/accounts/settings.js';
import { createSignedInCache } from '../../../src/usecases/accounts/signed-in-cache.js';
import { ManualClock } from '../manual-clock.js';

export const PASSWORD = 'right horse battery';
export const NEW_PASSWORD = 'staple 莲都 correct';
export const YIWU = '330782';
export const LIANDU = '331102';

const NO_LIMITS: SignInLimits = {
  perAddress: { attempts: 10_000, windowS: 60 },
  perName: { attempts: 10_000, windowS: 60 },
};

/** The code an AppError was raised with, and its issues as `field: code`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { code, issues } = error as AppError;
    return issues.length === 0 ? code : `${code} ${issues.map((issue) => `${issue.field}: ${issue.code}`).join(', ')}`;
  }
  return 'done';
}

/** Accounts on stores in memory, with a clock that moves only when told; refusals wait for nothing unless told. */
export function makeBench(
  options: Partial<Pick<AccountDeps, 'demoMode'>> & { limits?: SignInLimits; refusalMs?: number } = {},
) {
  const clock = new ManualClock();
  const accounts = new MemoryAccountStore();
  const verified: string[] = [];
  const plain = new MemoryPasswordHasher(systemIds);
  const signalled: string[] = [];
  const deps: AccountDeps = {
    accounts,
    hasher: {
      hash: (password) => plain.hash(password),
      verify: (hash, password) => {
        verified.push(hash);
        return plain.verify(hash, password);
      },
    },
    throttle: new MemoryThrottle(clock, options.limits ?? NO_LIMITS),
    signedIn: createSignedInCache(clock),
    clock,
    ids: systemIds,
    changes: { changed: (outbox, id) => signalled.push(`${outbox} ${id}`) },
    demoMode: options.demoMode ?? false,
    settings: { ...ACCOUNT_SETTINGS, refusalMs: options.refusalMs ?? 0 },
    adcodes: async () => new Set([YIWU, LIANDU]),
  };
  const authenticator = createAuthenticator(deps);

  /** Stores a user with the password; source staff of 义乌 unless told. */
  async function addUser(loginName: string, overrides: Partial<User> = {}): Promise<User> {
    const who = { loginName, displayName: loginName, role: 'sourceStaff', countyAdcode: YIWU } as const;
    const fresh = newUser(deps, { ...who, passwordHash: await plain.hash(PASSWORD) });
    const user: User = { ...fresh, mustChangePassword: false, ...overrides };
    if (!(await accounts.insertUser(user, []))) throw new Error('login name taken');
    return user;
  }

  const actorOf = ({ id, role, countyAdcode }: User): Actor => ({ kind: 'user', id, role, countyAdcode, scopes: [] });

  return {
    ...deps,
    accounts,
    clock,
    authenticator,
    verified,
    signalled,
    addUser,
    signIn: (loginName: string, password = PASSWORD, address = '10.0.0.1') =>
      authenticator.signIn({ loginName, password, address, requestId: 'request-1' }),
    as: (user: User) => createAccountUseCases(deps, { actor: actorOf(user), requestId: 'request-2' }),
    asCaller: (caller: Caller) => createAccountUseCases(deps, caller),
    stored: (loginName: string) => accounts.getUser(userIdOf(systemIds, loginName)),
    /** Every change that waits in the document. */
    changesOf: (id: string): Promise<readonly Change[]> => accounts.outbox.of([id]),
  };
}
