import { AppError, type FieldIssue } from '../domain/errors.js';
import { isSecretField } from '../domain/secret-fields.js';
import { issueSentence } from '../words/issues.js';
import { PROBLEM_WORDS, type ProblemCode, problemDetail } from '../words/problems.js';

/** The HTTP status of every problem. The only place that decides it. */
export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = {
  invalidInput: 400,
  brokenJson: 400,
  badRequest: 400,
  twoCredentials: 400,
  notSignedIn: 401,
  signInRefused: 401,
  forbidden: 403,
  passwordChangeRequired: 403,
  crossSite: 403,
  csrfRefused: 403,
  notFound: 404,
  routeNotFound: 404,
  methodNotAllowed: 405,
  versionConflict: 409,
  idempotencyConflict: 409,
  moveRefused: 409,
  capacityShort: 409,
  holdRefused: 409,
  bodyTooLarge: 413,
  unsupportedMediaType: 415,
  preconditionRequired: 428,
  tooManyAttempts: 429,
  internal: 500,
  storeUnavailable: 503,
  queueUnavailable: 503,
};

/** When a client may come back after 503, seconds: about as long as a server takes to start again. */
const RETRY_AFTER_S = 5;

/** A failure that only HTTP knows: the route, the method, the form of the body. */
export class HttpError extends Error {
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    code: ProblemCode,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly params?: Readonly<Record<string, string | number>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpError';
    this.code = code;
    this.headers = options.headers ?? {};
    this.params = options.params ?? {};
  }
}

/** RFC 9457 problem details. `detail` is Chinese; `code` is stable. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly instance: string;
  readonly currentVersion?: number;
  readonly errors?: readonly (FieldIssue & { readonly detail: string })[];
}

/** How many issues the detail sentence itself repeats. */
const ISSUES_IN_DETAIL = 3;

/** A secret field is named; what it holds is never shown, whoever raised the issue. */
function withoutSecret(issue: FieldIssue): FieldIssue {
  if (!isSecretField(issue.field)) return issue;
  const { value: _value, ...rest } = issue;
  return rest;
}

/** Errors that express and its body parser raise: a status and a type, and a message that may quote the request. */
function codeOfForeign(error: unknown): ProblemCode {
  if (typeof error !== 'object' || error === null) return 'internal';
  const { type, status } = error as { readonly type?: unknown; readonly status?: unknown };
  if (type === 'entity.too.large') return 'bodyTooLarge';
  if (type === 'encoding.unsupported') return 'unsupportedMediaType';
  return typeof status === 'number' && status >= 400 && status < 500 ? 'badRequest' : 'internal';
}

/** When to come back, and how to say who one is (RFC 9110, section 15.5.2). */
function headersOf(status: number, { retryAfterS }: AppError['params']): Record<string, string> {
  if (status === 503) return { 'Retry-After': String(RETRY_AFTER_S) };
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  return status === 429 && retryAfterS !== undefined ? { 'Retry-After': String(retryAfterS) } : {};
}

/** Turns any failure into a problem and the headers that go with it. Nothing of an unknown error is shown. */
export function toProblem(
  error: unknown,
  requestId: string,
): { readonly problem: Problem; readonly headers: Readonly<Record<string, string>> } {
  const known = error instanceof AppError || error instanceof HttpError;
  const code = known ? error.code : codeOfForeign(error);
  const params = known ? error.params : {};
  const status = PROBLEM_STATUS[code];
  const issues = error instanceof AppError ? error.issues.map(withoutSecret) : [];
  const errors = issues.map((issue) => ({ ...issue, detail: issueSentence(issue) }));
  const named = errors.slice(0, ISSUES_IN_DETAIL).map(({ detail }) => detail);
  const currentVersion = params['currentVersion'];
  return {
    problem: {
      type: `urn:shanhai:problem:${code}`,
      title: PROBLEM_WORDS[code].title,
      status,
      detail: named.length > 0 ? `${named.join('；')}。` : problemDetail(code, params),
      code,
      instance: `urn:shanhai:request:${requestId}`,
      ...(typeof currentVersion === 'number' ? { currentVersion } : {}),
      ...(errors.length > 0 ? { errors } : {}),
    },
    headers: {
      ...headersOf(status, params),
      ...(error instanceof HttpError ? error.headers : {}),
    },
  };
}
