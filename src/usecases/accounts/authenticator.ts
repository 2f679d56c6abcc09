import type { Action } from '../../domain/access.js';
import type { Session } from '../../domain/account.js';
import { AppError } from '../../domain/errors.js';
import type { Authenticator, SignedIn } from '../account-use-cases.js';
import { sessionChange } from './account-changes.js';
import { countWrong, isLocked, matches } from './check-password.js';
import { networkOf } from './network.js';
import type { AccountDeps } from './settings.js';
import { isUsable, userActor, userView } from './views.js';

export type AuthenticatorDeps = Omit<AccountDeps, 'adcodes'>;

const SESSION_SECRET = /^[A-Za-z0-9_-]{20,128}$/;
const TOKEN_SECRET = /^shm_(token_[a-z0-9]{24})_([A-Za-z0-9_-]{20,128})$/;
/** Longer than any login name. */
const LONGEST_NAME = 100;

/** The id of the user with this login name. */
export function userIdOf(ids: AccountDeps['ids'], loginName: string): string {
  return ids.idFor('user', loginName);
}

/** The secret of a token as it is shown once. */
export function tokenSecret(tokenId: string, secret: string): string {
  return `shm_${tokenId}_${secret}`;
}

/** Compares digests in a time that does not tell how far they agree. */
function sameDigest(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let place = 0; place < left.length; place += 1) {
    difference |= left.charCodeAt(place) ^ right.charCodeAt(place % Math.max(1, right.length));
  }
  return difference === 0;
}

/** See `Authenticator`. Digests a password of nobody's at once, for names nobody has. */
export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const { accounts, hasher, throttle, signedIn, clock, ids, changes, demoMode, settings } = deps;
  let nobodys = hasher.hash(ids.newSecret());
  nobodys.catch(() => undefined);

  async function nobodysDigest(): Promise<string> {
    try {
      return await nobodys;
    } catch {
      nobodys = hasher.hash(ids.newSecret());
      return nobodys;
    }
  }

  async function signIn(input: Parameters<Authenticator['signIn']>[0]): ReturnType<Authenticator['signIn']> {
    const begunMs = clock.monotonicMs();
    const loginName = input.loginName.slice(0, LONGEST_NAME).normalize('NFKC').trim().toLowerCase();
    const retryAfterS = await throttle.attempt(networkOf(input.address), loginName);
    if (retryAfterS !== null) throw new AppError('tooManyAttempts', { params: { retryAfterS } });

    const refused = async (): Promise<AppError> => {
      const restMs = settings.refusalMs - (clock.monotonicMs() - begunMs);
      if (restMs > 0) await clock.sleep(restMs);
      return new AppError('signInRefused');
    };
    const [user, nobody] = await Promise.all([accounts.getUser(userIdOf(ids, loginName)), nobodysDigest()]);
    const open = user !== null && isUsable(user, demoMode) && !isLocked(user, clock.now()) ? user : null;
    const right = await matches(deps, open?.passwordHash ?? nobody, input.password);
    if (open === null) throw await refused();
    if (!right) {
      await countWrong(deps, open, input.requestId);
      throw await refused();
    }

    const sessionSecret = ids.newSecret();
    const csrfToken = ids.newSecret();
    const createdAt = clock.now();
    const session: Session = {
      id: ids.digest(sessionSecret),
      userId: open.id,
      csrfDigest: ids.digest(csrfToken),
      createdAt,
      expiresAt: new Date(Date.parse(createdAt) + settings.sessionMs).toISOString(),
    };
    // Nobody has the secret before the sign-in is recorded, which fails if the account was locked or changed meanwhile.
    await accounts.insertSession(session);
    const caller = { actor: userActor(open), requestId: input.requestId };
    const change = sessionChange(caller, createdAt, session, 'session.opened');
    if (!(await accounts.recordSignIn(open.id, open.passwordHash, createdAt, [change]))) {
      await accounts.removeSession(session.id);
      throw await refused();
    }
    changes.changed('account', open.id);
    await throttle.succeeded(loginName);
    const shown = userView({ ...open, failedSignIns: 0, lockedUntil: null }, createdAt);
    return { sessionSecret, csrfToken, expiresAt: session.expiresAt, user: shown };
  }

  async function bySession(secret: string): Promise<SignedIn | null> {
    if (!SESSION_SECRET.test(secret)) return null;
    const id = ids.digest(secret);
    const known = signedIn.read(id);
    if (known !== null) return known;
    const begun = signedIn.begin();
    const session = await accounts.getSession(id);
    if (session === null || session.expiresAt <= clock.now()) return null;
    const user = await accounts.getUser(session.userId);
    if (user === null || !isUsable(user, demoMode)) return null;
    const { csrfDigest, expiresAt } = session;
    const answer: SignedIn = {
      actor: userActor(user),
      session: { id, csrfDigest, expiresAt },
      mustChangePassword: user.mustChangePassword,
    };
    signedIn.keep(id, { signedIn: answer, expiresAt, restsOn: [id, user.id] }, begun);
    return answer;
  }

  async function byToken(secret: string): Promise<SignedIn | null> {
    const [, tokenId, random] = TOKEN_SECRET.exec(secret) ?? [];
    if (tokenId === undefined || random === undefined) return null;
    const key = ids.digest(secret);
    const known = signedIn.read(key);
    if (known !== null) return known;
    const begun = signedIn.begin();
    const token = await accounts.getToken(tokenId);
    if (token === null || !sameDigest(token.secretDigest, ids.digest(random))) return null;
    if (token.revokedAt !== null || token.expiresAt <= clock.now()) return null;
    // Somebody answers for each token; when that person's account is closed, the token is.
    const owner = await accounts.getUser(token.createdBy);
    if (owner === null || !isUsable(owner, demoMode)) return null;
    const { countyAdcode, expiresAt } = token;
    const scopes: readonly Action[] = token.scopes;
    const answer: SignedIn = {
      actor: { kind: 'token', id: tokenId, role: 'integration', countyAdcode, scopes },
      session: null,
      mustChangePassword: false,
    };
    signedIn.keep(key, { signedIn: answer, expiresAt, restsOn: [tokenId, owner.id] }, begun);
    return answer;
  }

  return { signIn, bySession, byToken };
}

/** Removes sessions that have ended; gives how many. For a sweep, now and then. */
export function removeEndedSessions({ accounts, clock }: Pick<AccountDeps, 'accounts' | 'clock'>): Promise<number> {
  return accounts.removeEnded(clock.now());
}
