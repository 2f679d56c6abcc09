import mongoose from 'mongoose';
import { AppError } from '../domain/errors.js';

const { mongo } = mongoose;

/**
 * Server codes that mean "not now": 50 and 262 time limits, 64 and 100 write concern, 89 network time-out, 91, 11600
 * and 11602 shut-down, 189 stepped down, 10107, 13435 and 13436 not the primary (MongoDB error codes reference).
 */
const OUTAGE_CODES: ReadonlySet<unknown> = new Set([
  6, 7, 50, 64, 89, 91, 100, 189, 262, 10107, 11600, 11602, 13435, 13436,
]);

/** Failures of a socket that the driver passes on as they are, such as a write to one the server has just closed. */
const SOCKET_CODES: ReadonlySet<unknown> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

const DUPLICATE_KEY = 11_000;

/** True if the write met a document with the same unique key. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

/** True if every document a bulk write refused met one with the same unique key. */
function onlyDuplicates(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return isDuplicateKey(error);
  const refused = [error.writeErrors].flat();
  const unconfirmed = error.result.getWriteConcernError() !== undefined;
  return !unconfirmed && refused.length > 0 && refused.every(({ code }) => code === DUPLICATE_KEY);
}

/** Runs an insert of several documents in any order; those whose key is taken are passed over: false if there were any. */
export async function insertedNew(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (!onlyDuplicates(error)) throw error;
    return false;
  }
}

function isOutage(error: unknown): boolean {
  if (error instanceof mongo.MongoWriteConcernError) return true;
  if (error instanceof mongo.MongoBulkWriteError && error.err !== undefined) return true;
  if (error instanceof mongo.MongoServerError) {
    return OUTAGE_CODES.has(error.code) || error.hasErrorLabel('RetryableWriteError');
  }
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoSystemError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoClientClosedError ||
    error instanceof mongo.MongoServerClosedError ||
    error instanceof mongo.MongoOperationTimeoutError ||
    error instanceof mongo.MongoExpiredSessionError ||
    (error instanceof Error && error.name === 'MongoWaitQueueTimeoutError') ||
    (error instanceof Error && 'code' in error && SOCKET_CODES.has(error.code)) ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    // What mongoose raises where the first connection does not stand yet and commands are not buffered.
    (error instanceof mongoose.Error && error.message.includes('before initial connection'))
  );
}

/**
 * Runs one store operation and gives every failure a code of the domain.
 * @throws AppError `storeUnavailable` when the server is away, slow or changing its primary; `internal` for the rest.
 */
export async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(isOutage(error) ? 'storeUnavailable' : 'internal', { cause: error });
  }
}

/** The failure for a document that does not have the form it was written in. */
export function malformed(collection: string, id: string): AppError {
  return new AppError('internal', { params: { collection, id, reason: 'malformedDocument' } });
}
