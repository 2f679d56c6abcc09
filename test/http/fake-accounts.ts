import { createHash } from 'node:crypto';
import { type Action, type Actor, ROLES, type Role, TOKEN_SCOPES } from '../../src/domain/access.js';
import { AppError } from '../../src/domain/errors.js';
import type {
  AccountUseCases,
  Authenticator,
  SignedIn,
  TokenView,
  UserView,
} from '../../src/usecases/account-use-cases.js';

const AT = '2026-03-01T08:00:00.000Z';
export const SESSION_ENDS = '2026-03-01T20:00:00.000Z';
export const USER_ID = 'user_abcdefghijklmnopqrstuvwx';
export const TOKEN_ID = 'token_abcdefghijklmnopqrstuvwx';
export const PASSWORD = 'right-password';

/** The county of each role's people; a coordinator and an auditor are of the province. */
const COUNTY: Readonly<Record<Role, string | null>> = {
  coordinator: null,
  sourceStaff: '330782',
  hostStaff: '331102',
  auditor: null,
  integration: '330782',
};

/** Somebody of a role; `scopes` are of a token. */
export function actorOf(role: Role, scopes: readonly Action[] = role === 'integration' ? TOKEN_SCOPES : []): Actor {
  const kind = role === 'integration' ? 'token' : 'user';
  return { kind, id: kind === 'token' ? TOKEN_ID : USER_ID, role, countyAdcode: COUNTY[role], scopes };
}

/** The bearer secret under which the fake authenticator knows a role. */
export const bearer = (role: Role): string => `shm_${role}`;
/** The bearer secret of a token with one scope. */
export const scopeBearer = (scope: Action): string => `shm_scope_${scope}`;
/** The session secret of a role, and the CSRF token that goes with it. */
export const sessionSecret = (role: Role): string => `session-${role}`;
export const csrfToken = (secret: string): string => `csrf-of-${secret}`;
/** A session whose user still has the one-time password. */
export const ONE_TIME_SESSION = 'session-one-time';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function session(secret: string, actor: Actor, mustChangePassword = false): SignedIn {
  return {
    actor,
    session: { id: sha256(secret), csrfDigest: sha256(csrfToken(secret)), expiresAt: SESSION_ENDS },
    mustChangePassword,
  };
}

export function user(version = 1): UserView {
  return {
    id: USER_ID,
    loginName: 'yiwu.zhang',
    displayName: '张工',
    role: 'sourceStaff',
    countyAdcode: '330782',
    mustChangePassword: false,
    disabled: false,
    lockedUntil: null,
    createdAt: AT,
    version,
  };
}

export function token(): TokenView {
  return {
    id: TOKEN_ID,
    name: '对接',
    countyAdcode: '330782',
    scopes: ['need.read'],
    createdBy: USER_ID,
    createdAt: AT,
    expiresAt: '2026-06-01T08:00:00.000Z',
    revokedAt: null,
  };
}

/** Knows every role by a bearer secret and by a session; remembers from which addresses people signed in. */
export function fakeAuthenticator(over: Partial<Authenticator> = {}): {
  readonly authenticator: Authenticator;
  readonly addresses: string[];
} {
  const addresses: string[] = [];
  const sessions = new Map(ROLES.map((role) => [sessionSecret(role), session(sessionSecret(role), actorOf(role))]));
  sessions.set(ONE_TIME_SESSION, session(ONE_TIME_SESSION, actorOf('coordinator'), true));
  const tokens = new Map<string, SignedIn>(
    [
      ...ROLES.map((role) => [bearer(role), actorOf(role)] as const),
      ...TOKEN_SCOPES.map((scope) => [scopeBearer(scope), actorOf('integration', [scope])] as const),
    ].map(([secret, actor]) => [secret, { actor, session: null, mustChangePassword: false }]),
  );
  return {
    addresses,
    authenticator: {
      signIn: async ({ password, address }) => {
        addresses.push(address);
        if (password !== PASSWORD) throw new AppError('signInRefused');
        const secret = sessionSecret('sourceStaff');
        return { sessionSecret: secret, csrfToken: csrfToken(secret), expiresAt: SESSION_ENDS, user: user() };
      },
      bySession: async (secret) => sessions.get(secret) ?? null,
      byToken: async (secret) => tokens.get(secret) ?? null,
      ...over,
    },
  };
}

/** Accounts that answer plainly. */
export const plainAccounts: AccountUseCases = {
  whoAmI: async () => ({ user: user(), token: null, actions: ['self'] }),
  renewCsrf: async () => ({ csrfToken: 'new-csrf' }),
  signOut: async () => undefined,
  changePassword: async () => undefined,
  listUsers: async () => ({ items: [user()], nextCursor: null }),
  createUser: async (input) => ({ user: { ...user(), ...input }, oneTimePassword: 'one-time' }),
  updateUser: async (_id, version, change) => ({ ...user(version + 1), ...change }),
  resetPassword: async () => ({ user: user(2), oneTimePassword: 'one-time' }),
  listTokens: async () => ({ items: [token()], nextCursor: null }),
  createToken: async ({ expiresInDays: _, ...input }) => ({ token: { ...token(), ...input }, secret: 'shm_new' }),
  revokeToken: async () => ({ ...token(), revokedAt: AT }),
};
