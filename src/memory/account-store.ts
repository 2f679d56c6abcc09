import type { ApiToken, Session, User } from '../domain/account.js';
import type { Change } from '../domain/change.js';
import type { AccountStore } from '../ports/account-store.js';
import { decodeCursor, encodeCursor, type ListPosition } from '../ports/cursor.js';
import type { Page } from '../ports/need-store.js';
import { MemoryOutbox } from './outbox.js';

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function copy<T>(value: T | undefined): T | null {
  return value === undefined ? null : structuredClone(value);
}

function page<T>(rest: readonly T[], limit: number, position: (item: T) => ListPosition): Page<T> {
  const items = structuredClone(rest.slice(0, limit));
  const last = items.at(-1);
  return { items, nextCursor: rest.length > limit && last !== undefined ? encodeCursor(position(last)) : null };
}

/** Keeps users, sessions and tokens in this process. Hands out copies. */
export class MemoryAccountStore implements AccountStore {
  /** Of users and tokens; a session's changes stand in the document of its user. */
  readonly outbox = new MemoryOutbox(({ object, actor }) => (object.kind === 'session' ? actor.id : object.id));
  readonly #users = new Map<string, User>();
  readonly #sessions = new Map<string, Session>();
  readonly #tokens = new Map<string, ApiToken>();

  async insertUser(user: User, changes: readonly Change[]): Promise<boolean> {
    if (this.#users.has(user.id)) return false;
    this.#put(user, changes);
    return true;
  }

  async getUser(id: string): Promise<User | null> {
    return copy(this.#users.get(id));
  }

  async replaceUser(user: User, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    const current = this.#users.get(user.id);
    if (current?.version !== expectedVersion) return false;
    const { failedSignIns, lockedUntil } = current;
    this.#put({ ...user, failedSignIns, lockedUntil }, changes);
    return true;
  }

  async countFailure(userId: string): Promise<number> {
    const user = this.#users.get(userId);
    if (user === undefined) return 0;
    const failedSignIns = user.failedSignIns + 1;
    this.#put({ ...user, failedSignIns }, []);
    return failedSignIns;
  }

  async setLock(userId: string, lockedUntil: string | null, changes: readonly Change[]): Promise<void> {
    const user = this.#users.get(userId);
    if (user === undefined) return;
    if (lockedUntil === null) this.#put({ ...user, lockedUntil, failedSignIns: 0 }, changes);
    else if (user.lockedUntil !== null && user.lockedUntil >= lockedUntil) this.#put(user, changes);
    else this.#put({ ...user, lockedUntil }, changes);
  }

  async recordSignIn(userId: string, passwordHash: string, now: string, changes: readonly Change[]): Promise<boolean> {
    const user = this.#users.get(userId);
    if (user === undefined || user.disabled || user.passwordHash !== passwordHash) return false;
    if (user.lockedUntil !== null && user.lockedUntil > now) return false;
    this.#put({ ...user, failedSignIns: 0, lockedUntil: null }, changes);
    return true;
  }

  async noteUser(userId: string, changes: readonly Change[]): Promise<void> {
    if (this.#users.has(userId)) this.outbox.push(userId, changes);
  }

  async listUsers(...[countyAdcode, cursor, limit]: Parameters<AccountStore['listUsers']>): Promise<Page<User>> {
    const after = cursor === null ? '' : decodeCursor(cursor).id;
    const rest = [...this.#users.values()]
      .filter((user) => user.loginName > after && (countyAdcode === null || user.countyAdcode === countyAdcode))
      .sort((left, right) => byText(left.loginName, right.loginName));
    return page(rest, limit, ({ createdAt, loginName }) => ({ createdAt, id: loginName }));
  }

  async insertSession(session: Session): Promise<void> {
    this.#sessions.set(session.id, structuredClone(session));
  }

  async getSession(id: string): Promise<Session | null> {
    return copy(this.#sessions.get(id));
  }

  async setCsrf(id: string, csrfDigest: string): Promise<boolean> {
    const session = this.#sessions.get(id);
    if (session === undefined) return false;
    this.#sessions.set(id, { ...session, csrfDigest });
    return true;
  }

  async removeSession(id: string): Promise<void> {
    this.#sessions.delete(id);
  }

  async removeSessionsOf(userId: string, keep: string | null): Promise<void> {
    this.#removeSessions((session) => session.userId === userId && session.id !== keep);
  }

  async removeEnded(now: string): Promise<number> {
    return this.#removeSessions(({ expiresAt }) => expiresAt <= now);
  }

  async insertToken(token: ApiToken, changes: readonly Change[]): Promise<void> {
    this.#tokens.set(token.id, structuredClone(token));
    this.outbox.push(token.id, changes);
  }

  async getToken(id: string): Promise<ApiToken | null> {
    return copy(this.#tokens.get(id));
  }

  async replaceToken(token: ApiToken, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    if (this.#tokens.get(token.id)?.version !== expectedVersion) return false;
    await this.insertToken(token, changes);
    return true;
  }

  async listTokens(...[countyAdcode, cursor, limit]: Parameters<AccountStore['listTokens']>): Promise<Page<ApiToken>> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const rest = [...this.#tokens.values()]
      .filter((token) => countyAdcode === null || token.countyAdcode === countyAdcode)
      .filter(
        ({ createdAt, id }) =>
          after === null || createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id),
      )
      .sort((left, right) => byText(right.createdAt, left.createdAt) || byText(right.id, left.id));
    return page(rest, limit, (token) => token);
  }

  #put(user: User, changes: readonly Change[]): void {
    this.#users.set(user.id, structuredClone(user));
    this.outbox.push(user.id, changes);
  }

  #removeSessions(which: (session: Session) => boolean): number {
    const ended = [...this.#sessions.values()].filter(which);
    for (const { id } of ended) this.#sessions.delete(id);
    return ended.length;
  }
}
