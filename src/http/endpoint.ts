import type { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { IsoDate } from '../domain/provenance.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Present } from '../schemas/parse.js';
import { parseWith } from '../schemas/parse.js';
import type { UseCases } from '../usecases/use-cases.js';
import type { ProblemCode } from '../words/problems.js';

export const API_BASE = '/api/v1';

/** What the server is made of; all that differs between tests and production. */
export interface HttpDeps {
  readonly useCases: UseCases;
  readonly log: Log;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  /** Aborts when the process is about to end: waiting readers are answered at once. */
  readonly stopping?: AbortSignal;
}

/** One request as an endpoint sees it: nothing of express. */
export interface Call {
  readonly useCases: UseCases;
  readonly today: IsoDate;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  /** The parsed JSON body; undefined where the endpoint takes none. */
  readonly body: unknown;
  header(name: string): string | undefined;
  /** Aborts when the client has gone or the process is about to end. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; bytes are JSON text already. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the document says of one answer. */
export interface AnswerDoc {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly headers?: readonly ('ETag' | 'Location' | 'Idempotency-Replayed')[];
  readonly example?: unknown;
}

/** One route: what it does, and all that the OpenAPI document says of it. */
export interface Endpoint {
  readonly method: 'get' | 'post' | 'put' | 'patch';
  /** Whole path in OpenAPI form, e.g. `/api/v1/needs/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly ('If-Match' | 'Idempotency-Key' | 'Idempotency-Key?')[];
  readonly body?: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, unknown>> };
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  readonly problems: readonly ProblemCode[];
  /** Answers of this route may hold firm data or change at any time: no cache may keep them. */
  readonly noStore?: boolean;
  readonly handle: (call: Call) => Promise<Answer>;
}

/** Defines a route whose query is checked: an unknown parameter is refused. */
export function endpoint<Query extends z.ZodObject>(
  parts: Omit<Endpoint, 'handle' | 'query'> & {
    readonly query: Query;
    readonly handle: (call: Omit<Call, 'query'> & { readonly query: Present<z.output<Query>> }) => Promise<Answer>;
  },
): Endpoint {
  return {
    ...parts,
    handle: (call) => {
      const parsed = parseWith(parts.query, call.query);
      if (!parsed.ok) throw new AppError('invalidInput', { issues: parsed.issues });
      return parts.handle({ ...call, header: (name) => call.header(name), query: parsed.value });
    },
  };
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The id in the path.
 * @throws AppError `notFound` for what can't be an id, so that no such text reaches a store or a log.
 */
export function idOf(call: Pick<Call, 'params'>): string {
  const id = call.params['id'] ?? '';
  if (!ID.test(id)) throw new AppError('notFound');
  return id;
}
