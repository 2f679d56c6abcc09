/** One thing wrong with one field of what was sent. Values of firm fields are never put in `value`. */
export interface FieldIssue {
  /** Path as in JSON, e.g. `land.phases[1].mu`. */
  readonly field: string;
  /** Stable code, e.g. `tooLarge`. */
  readonly code: string;
  /** What was sent, shortened; absent for secret or unprintable values. */
  readonly value?: string | number | boolean | null;
  /** The limit or the allowed set. */
  readonly limit?: string | number;
  /** The likely mend, a code or a value (e.g. the nearest GB/T codes). */
  readonly mend?: readonly string[];
}

/** Stable error codes. The HTTP status is decided in one place in `http/`, the words where they are shown. */
export type ErrorCode =
  | 'invalidInput'
  | 'notFound'
  | 'versionConflict'
  | 'idempotencyConflict'
  /** Nobody is signed in, or the session or token has ended. */
  | 'notSignedIn'
  /** Wrong name or password; which of the two is not said. */
  | 'signInRefused'
  /** Too many attempts; params: retryAfterS. */
  | 'tooManyAttempts'
  /** The one-time password must be replaced first. */
  | 'passwordChangeRequired'
  /** The role has no right to this; params: action. */
  | 'forbidden'
  /** The stage, the party or a missing precondition stands against the move; the issues say which. */
  | 'moveRefused'
  /** The park has not all of it free; issues: what, asked, free. */
  | 'capacityShort'
  /** The hold can't be placed, changed or released now; the issues say why. */
  | 'holdRefused'
  | 'preconditionRequired'
  | 'storeUnavailable'
  | 'queueUnavailable'
  | 'internal';

/** Every failure the product raises on purpose. `params` never holds firm data. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly issues: readonly FieldIssue[];

  constructor(
    code: ErrorCode,
    options: {
      readonly params?: Readonly<Record<string, string | number>>;
      readonly issues?: readonly FieldIssue[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.params = options.params ?? {};
    this.issues = options.issues ?? [];
  }
}
