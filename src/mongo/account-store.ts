import type { Connection, Model, QueryFilter } from 'mongoose';
import type { ApiToken, Session, User } from '../domain/account.js';
import type { Change } from '../domain/change.js';
import type { AccountStore } from '../ports/account-store.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import { joinOutboxes, type Outbox } from '../ports/outbox.js';
import {
  API_TOKENS,
  type ApiTokenDocument,
  accountModels,
  type SessionDocument,
  toApiToken,
  toSession,
  toUser,
  USERS,
  type UserDocument,
} from './account-schema.js';
import { guarded, isDuplicateKey } from './errors.js';
import { MongoOutbox, outboxOf, outboxPush } from './outbox.js';

/** The outboxes of users and tokens as one; a session's changes stand in the document of its user, who makes them. */
export function mongoAccountOutbox(connection: Connection): Outbox {
  return joinOutboxes([
    new MongoOutbox(connection, USERS, ({ object, actor }) => (object.kind === 'session' ? actor.id : object.id)),
    new MongoOutbox(connection, API_TOKENS),
  ]);
}

/** Users, sessions and tokens in MongoDB, each in its own collection under its id. */
export class MongoAccountStore implements AccountStore {
  readonly #users: Model<UserDocument>;
  readonly #sessions: Model<SessionDocument>;
  readonly #tokens: Model<ApiTokenDocument>;

  constructor(connection: Connection) {
    const { users, sessions, tokens } = accountModels(connection);
    this.#users = users;
    this.#sessions = sessions;
    this.#tokens = tokens;
  }

  async insertUser({ id, ...fields }: User, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      try {
        await this.#users.create({ _id: id, ...fields, ...outboxOf(changes) });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    });
  }

  async getUser(id: string): Promise<User | null> {
    return guarded(async () => {
      const document = await this.#users.findById(id, { outbox: 0 }).lean();
      return document === null ? null : toUser(document);
    });
  }

  async replaceUser(user: User, expectedVersion: number, changes: readonly Change[]): Promise<boolean> {
    const { id, failedSignIns: _, lockedUntil: __, ...fields } = user;
    return guarded(async () => {
      const changed = await this.#users.updateOne(
        { _id: id, version: expectedVersion },
        { $set: fields, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }

  async countFailure(userId: string): Promise<number> {
    return guarded(async () => {
      const counted = await this.#users
        .findOneAndUpdate({ _id: userId }, { $inc: { failedSignIns: 1 } }, { returnDocument: 'after' })
        .select({ failedSignIns: 1 })
        .lean();
      return counted?.failedSignIns ?? 0;
    });
  }

  async setLock(userId: string, lockedUntil: string | null, changes: readonly Change[]): Promise<void> {
    // ISO times in UTC compare as texts, and null comes before any text.
    const update = lockedUntil === null ? { $set: { lockedUntil, failedSignIns: 0 } } : { $max: { lockedUntil } };
    await guarded(() => this.#users.updateOne({ _id: userId }, { ...update, ...outboxPush(changes) }));
  }

  async recordSignIn(userId: string, passwordHash: string, now: string, changes: readonly Change[]): Promise<boolean> {
    return guarded(async () => {
      const recorded = await this.#users.updateOne(
        {
          _id: userId,
          passwordHash,
          disabled: false,
          $or: [{ lockedUntil: null }, { lockedUntil: { $lte: now } }],
        },
        { $set: { failedSignIns: 0, lockedUntil: null }, ...outboxPush(changes) },
      );
      return recorded.matchedCount === 1;
    });
  }

  async noteUser(userId: string, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await guarded(() => this.#users.updateOne({ _id: userId }, outboxPush(changes)));
  }

  async listUsers(...[countyAdcode, cursor, limit]: Parameters<AccountStore['listUsers']>) {
    // The cursor's form is that of the other lists; only the login name in it counts.
    const after = cursor === null ? null : decodeCursor(cursor).id;
    const filter: QueryFilter<UserDocument> = {
      ...(countyAdcode === null ? {} : { countyAdcode }),
      ...(after === null ? {} : { loginName: { $gt: after } }),
    };
    return guarded(async () => {
      const documents = await this.#users
        .find(filter, { outbox: 0 })
        .sort({ loginName: 1 })
        .limit(limit + 1)
        .lean();
      const items = documents.slice(0, limit).map(toUser);
      const last = items.at(-1);
      const more = documents.length > limit && last !== undefined;
      return { items, nextCursor: more ? encodeCursor({ createdAt: last.createdAt, id: last.loginName }) : null };
    });
  }

  async insertSession({ id, ...fields }: Session): Promise<void> {
    await guarded(() => this.#sessions.create({ _id: id, ...fields }));
  }

  async getSession(id: string): Promise<Session | null> {
    return guarded(async () => {
      const document = await this.#sessions.findById(id).lean();
      return document === null ? null : toSession(document);
    });
  }

  async setCsrf(id: string, csrfDigest: string): Promise<boolean> {
    return guarded(async () => {
      const changed = await this.#sessions.updateOne({ _id: id }, { $set: { csrfDigest } });
      return changed.matchedCount === 1;
    });
  }

  async removeSession(id: string): Promise<void> {
    await guarded(() => this.#sessions.deleteOne({ _id: id }));
  }

  async removeSessionsOf(userId: string, keep: string | null): Promise<void> {
    const others = keep === null ? {} : { _id: { $ne: keep } };
    await guarded(() => this.#sessions.deleteMany({ userId, ...others }));
  }

  async removeEnded(now: string): Promise<number> {
    return guarded(async () => {
      const removed = await this.#sessions.deleteMany({ expiresAt: { $lte: now } });
      return removed.deletedCount;
    });
  }

  async insertToken({ id, ...fields }: ApiToken, changes: readonly Change[]): Promise<void> {
    await guarded(() => this.#tokens.create({ _id: id, ...fields, scopes: [...fields.scopes], ...outboxOf(changes) }));
  }

  async getToken(id: string): Promise<ApiToken | null> {
    return guarded(async () => {
      const document = await this.#tokens.findById(id, { outbox: 0 }).lean();
      return document === null ? null : toApiToken(document);
    });
  }

  async replaceToken({ id, ...fields }: ApiToken, expectedVersion: number, changes: readonly Change[]) {
    return guarded(async () => {
      const changed = await this.#tokens.updateOne(
        { _id: id, version: expectedVersion },
        { $set: { ...fields, scopes: [...fields.scopes] }, ...outboxPush(changes) },
      );
      return changed.matchedCount === 1;
    });
  }

  async listTokens(...[countyAdcode, cursor, limit]: Parameters<AccountStore['listTokens']>) {
    const after = cursor === null ? null : decodeCursor(cursor);
    const filter: QueryFilter<ApiTokenDocument> = {
      ...(countyAdcode === null ? {} : { countyAdcode }),
      ...(after === null
        ? {}
        : { $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }] }),
    };
    return guarded(async () => {
      const documents = await this.#tokens
        .find(filter, { outbox: 0 })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean();
      const items = documents.slice(0, limit).map(toApiToken);
      const last = items.at(-1);
      return { items, nextCursor: documents.length > limit && last !== undefined ? encodeCursor(last) : null };
    });
  }
}
