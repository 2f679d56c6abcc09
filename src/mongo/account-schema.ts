import { type Connection, type Model, Schema } from 'mongoose';
import { ROLES } from '../domain/access.js';
import type { ApiToken, Session, User } from '../domain/account.js';
import type { Change } from '../domain/change.js';
import { malformed } from './errors.js';
import { OUTBOX_FIELD } from './outbox.js';

/** Collections whose documents have an outbox. */
export const USERS = 'users';
export const API_TOKENS = 'api_tokens';

/** A user as it stands in the collection `users`. */
export interface UserDocument extends Omit<User, 'id'> {
  readonly _id: string;
  readonly outbox?: readonly Change[];
}

/** A session as it stands in the collection `sessions`. */
export interface SessionDocument extends Omit<Session, 'id'> {
  readonly _id: string;
}

/** A token as it stands in the collection `api_tokens`. */
export interface ApiTokenDocument extends Omit<ApiToken, 'id'> {
  readonly _id: string;
  readonly outbox?: readonly Change[];
}

const text = { type: String, required: true } as const;
const textOrNull = { type: String, default: null } as const;
const flag = { type: Boolean, required: true } as const;
const count = { type: Number, required: true, min: 0 } as const;
const options = { strict: 'throw', minimize: false, versionKey: false, id: false } as const;

const userSchema = new Schema<UserDocument>(
  {
    _id: text,
    loginName: text,
    displayName: text,
    role: { ...text, enum: ROLES },
    countyAdcode: textOrNull,
    passwordHash: text,
    mustChangePassword: flag,
    disabled: flag,
    demo: flag,
    failedSignIns: count,
    lockedUntil: textOrNull,
    createdAt: text,
    version: count,
    outbox: OUTBOX_FIELD,
  },
  { ...options, collection: USERS },
);
userSchema.index({ loginName: 1 });
userSchema.index({ countyAdcode: 1, loginName: 1 });

const sessionSchema = new Schema<SessionDocument>(
  { _id: text, userId: text, csrfDigest: text, createdAt: text, expiresAt: text },
  { ...options, collection: 'sessions' },
);
sessionSchema.index({ userId: 1 });
sessionSchema.index({ expiresAt: 1 });

const tokenSchema = new Schema<ApiTokenDocument>(
  {
    _id: text,
    name: text,
    secretDigest: text,
    countyAdcode: textOrNull,
    scopes: { type: [String], required: true },
    createdBy: text,
    createdAt: text,
    expiresAt: text,
    revokedAt: textOrNull,
    version: count,
    outbox: OUTBOX_FIELD,
  },
  { ...options, collection: API_TOKENS },
);
tokenSchema.index({ createdAt: -1, _id: -1 });
tokenSchema.index({ countyAdcode: 1, createdAt: -1, _id: -1 });

/** The models of the three collections on this connection. */
export function accountModels(connection: Connection): {
  readonly users: Model<UserDocument>;
  readonly sessions: Model<SessionDocument>;
  readonly tokens: Model<ApiTokenDocument>;
} {
  return {
    users: connection.model<UserDocument>('User', userSchema),
    sessions: connection.model<SessionDocument>('Session', sessionSchema),
    tokens: connection.model<ApiTokenDocument>('ApiToken', tokenSchema),
  };
}

const allText = (...values: readonly unknown[]): boolean => values.every((value) => typeof value === 'string');

/**
 * Reads a document back, without its outbox.
 * @throws AppError `internal` if it does not have the form of a user.
 */
export function toUser(document: UserDocument): User {
  const { _id, outbox: _, ...rest } = document;
  const whole =
    allText(rest.loginName, rest.displayName, rest.passwordHash, rest.createdAt) &&
    ROLES.includes(rest.role) &&
    [rest.mustChangePassword, rest.disabled, rest.demo].every((value) => typeof value === 'boolean') &&
    Number.isInteger(rest.failedSignIns) &&
    Number.isInteger(rest.version);
  if (!whole) throw malformed(USERS, _id);
  return { id: _id, ...rest, countyAdcode: rest.countyAdcode ?? null, lockedUntil: rest.lockedUntil ?? null };
}

/** As `toUser`, for a session. */
export function toSession(document: SessionDocument): Session {
  const { _id, ...rest } = document;
  if (!allText(rest.userId, rest.csrfDigest, rest.createdAt, rest.expiresAt)) throw malformed('sessions', '(secret)');
  return { id: _id, ...rest };
}

/** As `toUser`, for a token. */
export function toApiToken(document: ApiTokenDocument): ApiToken {
  const { _id, outbox: _, ...rest } = document;
  const whole =
    allText(rest.name, rest.secretDigest, rest.createdBy, rest.createdAt, rest.expiresAt) &&
    Array.isArray(rest.scopes) &&
    Number.isInteger(rest.version);
  if (!whole) throw malformed(API_TOKENS, _id);
  return { id: _id, ...rest, countyAdcode: rest.countyAdcode ?? null, revokedAt: rest.revokedAt ?? null };
}
