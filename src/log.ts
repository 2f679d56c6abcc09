import { type DestinationStream, type Logger, pino } from 'pino';
import { AppError } from './domain/errors.js';
import type { Log } from './ports/log.js';

/** Fields that hold a firm's trade secrets. Nothing should log them; if something does, they are taken out here. */
const FIRM_FIELDS = ['firm', 'name', 'creditCode', 'title', 'description', 'contact', 'need', 'body'] as const;

/** How deep in a logged object firm fields are looked for. */
const DEPTH = 4;

const REDACTED_PATHS = Array.from({ length: DEPTH }, (_, depth) =>
  FIRM_FIELDS.map((field) => '*.'.repeat(depth) + field),
).flat();

/**
 * What is logged of an error: kind, code and where. Not the message: a parser's or a store's message may quote what it
 * was given. `AppError` carries codes only, so its parameters are kept.
 */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.constructor.name,
    ...('code' in error && ['string', 'number'].includes(typeof error.code) ? { code: error.code } : {}),
    ...(error instanceof AppError ? { params: error.params } : {}),
    stack: frames.slice(0, 12).join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Settings of the log of a process. */
export interface LogSettings {
  readonly level: string;
  /** Name of the process: `api`, `matching`. */
  readonly process: string;
  /** Where the lines go; standard output if absent. */
  readonly destination?: DestinationStream;
}

/** The pino logger of a process: one JSON line an entry, firm fields redacted, error messages left out. */
function createPino(settings: LogSettings): Logger {
  const options = {
    level: settings.level,
    base: { process: settings.process, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
  };
  return settings.destination === undefined ? pino(options) : pino(options, settings.destination);
}

/** A pino logger as the port that the product logs through. */
export function logOf(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => logOf(logger.child(fields)),
  };
}

/** The log of a process. */
export function createLog(settings: LogSettings): Log {
  return logOf(createPino(settings));
}
