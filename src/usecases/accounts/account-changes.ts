import type { Actor, Caller } from '../../domain/access.js';
import type { ApiToken, Session, User } from '../../domain/account.js';
import { type Change, type PlainFacts, PROVINCE_CHAIN } from '../../domain/change.js';

/** What happened: codes, ids and dates, never a name. */
export interface Happening {
  readonly type: string;
  readonly before?: PlainFacts;
  readonly after?: PlainFacts;
}

/** An actor as changes name it. */
function named({ kind, id, role, countyAdcode }: Actor): Change['actor'] {
  return { kind, id, role, countyAdcode };
}

function made(
  caller: Caller,
  at: string,
  object: Change['object'],
  county: string | null,
  { type, before, after }: Happening,
): Change {
  return {
    id: `${object.id}.${object.version}`,
    at,
    actor: named(caller.actor),
    requestId: caller.requestId,
    type,
    object,
    chains: [county ?? PROVINCE_CHAIN],
    before: before ?? null,
    after: after ?? null,
    scheme: null,
  };
}

/** A change that made this version of the user. */
export function userChange(caller: Caller, at: string, user: User, happening: Happening): Change {
  return made(caller, at, { kind: 'user', id: user.id, version: user.version }, user.countyAdcode, happening);
}

/** A lock: it makes no new version, so its end tells it apart. */
export function lockChange(caller: Caller, at: string, user: User, failedSignIns: number, lockedUntil: string): Change {
  const change = userChange(caller, at, user, { type: 'user.locked', after: { failedSignIns, lockedUntil } });
  return { ...change, id: `${change.id}.${Date.parse(lockedUntil)}` };
}

/** A change that made this version of the token. */
export function tokenChange(caller: Caller, at: string, token: ApiToken, happening: Happening): Change {
  return made(caller, at, { kind: 'token', id: token.id, version: token.version }, token.countyAdcode, happening);
}

/** The beginning or the end of a session, by its user, in whose document it is written. */
export function sessionChange(
  caller: Caller,
  at: string,
  session: Pick<Session, 'id' | 'userId' | 'expiresAt'>,
  type: 'session.opened' | 'session.closed',
): Change {
  // Part of the digest names the session well enough, and nobody can look it up by it.
  const id = `session_${session.id.slice(0, 24)}`;
  const version = type === 'session.opened' ? 1 : 2;
  const after = { userId: session.userId, expiresAt: session.expiresAt };
  return made(caller, at, { kind: 'session', id, version }, caller.actor.countyAdcode, { type, after });
}
