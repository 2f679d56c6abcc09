import { AppError, type FieldIssue } from '../domain/errors.js';
import type { ProblemCode } from '../words/problems.js';
import type { Call } from './endpoint.js';
import { BODY_PROBLEMS } from './json-body.js';

/** What can go wrong with a change that rests on a version. */
export const VERSIONED_EDIT_PROBLEMS: readonly ProblemCode[] = [
  ...BODY_PROBLEMS,
  'notFound',
  'versionConflict',
  'preconditionRequired',
  'storeUnavailable',
];

/** The strong entity tag of a version. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

function refuse(issue: FieldIssue): AppError {
  return new AppError('invalidInput', { issues: [issue] });
}

/**
 * The version a change rests on, from `If-Match: "<version>"`.
 * @throws AppError `preconditionRequired` where the header is missing; `invalidInput` where it is not one strong tag
 * of this service (a list, a weak tag and `*` would let a change go ahead on a version the sender never saw).
 */
export function expectedVersion(call: Pick<Call, 'header'>): number {
  return expectedVersionFrom(call, /^[1-9]\d{0,8}$/);
}

/** The same for what may not be there yet: version 0, `If-Match: "0"`. */
export function expectedVersionOrNone(call: Pick<Call, 'header'>): number {
  return expectedVersionFrom(call, /^(?:0|[1-9]\d{0,8})$/);
}

function expectedVersionFrom(call: Pick<Call, 'header'>, form: RegExp): number {
  const header = call.header('if-match');
  if (header === undefined) throw new AppError('preconditionRequired');
  const tagged = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (tagged !== undefined && form.test(tagged)) return Number(tagged);
  const digits = /^(?:W\/)?"?([1-9]\d{0,8})"?$/.exec(header.trim())?.[1];
  throw refuse({
    field: 'If-Match',
    code: 'badFormat',
    limit: 'ETag 原样，如 "1"',
    ...(digits === undefined ? {} : { mend: [entityTag(Number(digits))] }),
  });
}

/**
 * The key under which a repeated request is known; null where none was sent.
 * @throws AppError `invalidInput` for a key that is not 1 to 200 visible ASCII characters.
 */
export function idempotencyKey(call: Pick<Call, 'header'>): string | null {
  const header = call.header('idempotency-key');
  if (header === undefined) return null;
  if (/^[\x21-\x7e]{1,200}$/.test(header)) return header;
  throw refuse({ field: 'Idempotency-Key', code: 'badFormat', limit: '1–200 个可见 ASCII 字符，不含空格' });
}
