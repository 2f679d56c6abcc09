/** Why no answer came, or why it counts as none: `DeliveryAttempt.error`. */
export const SEND_ERRORS = [
  /** The URL itself is refused (`refusalOf` says why); the network was not asked. */
  'refusedUrl',
  /** One of the addresses the name stands for must not be connected to. */
  'refusedAddress',
  /** The name could not be resolved. */
  'dns',
  /** No connection: nobody listens, no way there, or it broke before it stood. */
  'connect',
  /** No secure connection: the certificate or the handshake failed. */
  'tls',
  /** The connection broke before the answer was whole. */
  'reset',
  /** No answer within the time limit. */
  'timeout',
  /** An answer began, and neither ended nor reached 1 kB within the time limit. */
  'tooSlow',
  /** 3xx: redirects are not followed. */
  'redirect',
  /** What came is not HTTP, or its headers are too large. */
  'badAnswer',
  /** The message can't be put into a request: a header with forbidden characters. */
  'unsendable',
  /** The caller called it off, or the sender is closed. */
  'aborted',
] as const;
export type SendError = (typeof SEND_ERRORS)[number];

/** Ends a connection attempt or an exchange with a code of our own. */
export class SendFailure extends Error {
  readonly reason: SendError;

  constructor(reason: SendError) {
    super(reason);
    this.name = 'SendFailure';
    this.reason = reason;
  }
}

const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|SUBJECT_ISSUER_|AKID_|KEYUSAGE_)/;

/**
 * The code for what Node, OpenSSL or undici raised.
 * @param sending Whether the connection stood and the request was being sent or answered.
 */
export function sendErrorOf(error: unknown, sending: boolean): SendError {
  if (error instanceof SendFailure) return error.reason;
  const code = codeOf(error);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return 'unsendable';
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_ABORTED') return 'aborted';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || isNoHttp(error)) return 'badAnswer';
  if (sending) return 'reset';
  return TLS_CODE.test(code) ? 'tls' : 'connect';
}

/** undici's reader of HTTP has no code for most of what it can't read, and two messages for what is not allowed. */
function isNoHttp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'HTTPParserError' || error.message === 'bad response' || error.message === 'bad upgrade';
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return String(error.code);
}
