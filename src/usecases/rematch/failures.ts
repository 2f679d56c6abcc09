import { AppError } from '../../domain/errors.js';

/** Failures that end what was begun: it is tried again. All others are of one need. */
const TRIED_AGAIN: ReadonlySet<string> = new Set(['storeUnavailable', 'queueUnavailable']);

/** True of a failure that is of one need, or may be: it must not hold up the others. */
export function isOfOneNeed(error: unknown): error is AppError {
  return error instanceof AppError && !TRIED_AGAIN.has(error.code);
}
