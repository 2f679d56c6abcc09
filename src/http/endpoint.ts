import type { z } from 'zod';
import type { Action, Caller } from '../domain/access.js';
import { AppError } from '../domain/errors.js';
import type { IsoDate } from '../domain/provenance.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Present } from '../schemas/parse.js';
import { parseWith } from '../schemas/parse.js';
import type { Authenticator, SignedIn } from '../usecases/account-use-cases.js';
import type { PublicUseCases, UseCases } from '../usecases/use-cases.js';
import type { ProblemCode } from '../words/problems.js';

export const API_BASE = '/api/v1';

/** What the server is made of; all that differs between tests and production. */
export interface HttpDeps {
  /** Tells who sends a request. */
  readonly authenticator: Authenticator;
  /** Use cases bound to who sends a request; cheap, asked for once a request. */
  readonly useCasesFor: (caller: Caller) => UseCases;
  readonly publicUseCases: PublicUseCases;
  /** Cookies are for https only and bound to the host by their name's prefix. */
  readonly secureCookies: boolean;
  /** Proxies of ours in front of the server, whose word on the client's address is taken. */
  readonly trustedProxies: number;
  readonly log: Log;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  /** Aborts when the process is about to end: waiting readers are answered at once. */
  readonly stopping?: AbortSignal;
}

/** What every endpoint sees of a request: nothing of express. */
export interface Asked {
  readonly requestId: string;
  readonly today: IsoDate;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  /** The parsed JSON body; undefined where the endpoint takes none. */
  readonly body: unknown;
  header(name: string): string | undefined;
  /** Aborts when the client has gone or the process is about to end. */
  readonly signal: AbortSignal;
}

/** A request of somebody who is signed in and whose role or scopes hold the right that the route asks. */
export interface Call extends Asked {
  readonly useCases: UseCases;
  readonly caller: Caller;
  readonly signedIn: SignedIn;
}

/** A request of anybody. */
export interface PublicCall extends Asked {
  readonly useCases: PublicUseCases;
  readonly authenticator: Authenticator;
  /** The client's address, for throttling only. */
  readonly address: string;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON; bytes are JSON text already, or text of the `type`; undefined is no body. */
  readonly body: unknown;
  /** What bytes are that are no JSON text. */
  readonly type?: 'csv';
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives the browser a session, or takes away the one it has. */
  readonly session?: { readonly secret: string; readonly expiresAt: string } | 'ended';
}

/** Whose the object of a route is; the tests of foreign objects follow it. */
export type Ownership =
  | 'none'
  | 'need'
  | 'run'
  | 'lead'
  | 'hold'
  | 'park'
  | 'report'
  | 'user'
  | 'token'
  | 'session'
  | 'endpoint'
  | 'delivery'
  | 'county'
  | 'chain';

/** Who may use a route: who is signed in and holds the right to `action`. */
export interface AccessRule {
  readonly action: Action;
  readonly ownership: Ownership;
  /** Open to a user who must change the one-time password first. */
  readonly withOneTimePassword?: true;
  /** Changes nothing that a forged request could gain by; asks no `X-CSRF-Token`. */
  readonly withoutCsrfToken?: true;
}

/** What the document says of one answer. */
export interface AnswerDoc {
  readonly description: string;
  /** Absent for an answer without a body. */
  readonly schema?: z.ZodType;
  readonly headers?: readonly ('ETag' | 'Location' | 'Idempotency-Replayed' | 'Next-Cursor' | 'Set-Cookie')[];
  readonly example?: unknown;
  /** An example of the same as a CSV file, where the route gives one. */
  readonly csv?: string;
}

/** One route, and all that the OpenAPI document says of it. */
interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Whole path in OpenAPI form, e.g. `/api/v1/needs/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly headers?: readonly ('If-Match' | 'Idempotency-Key' | 'Idempotency-Key?')[];
  readonly body?: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, unknown>> };
  readonly answers: Readonly<Record<number, AnswerDoc>>;
  /** Those of its own; what every route of its kind may answer is added where the document is made. */
  readonly problems: readonly ProblemCode[];
}

/** A route that anybody may ask. */
export interface PublicEndpoint extends Route {
  readonly access: 'public';
  /** Its answers may change at any time or are for one reader: no cache may keep them. */
  readonly noStore?: boolean;
  readonly handle: (call: PublicCall) => Promise<Answer>;
}

/** A route for who is signed in. No cache keeps its answers. */
export interface GuardedEndpoint extends Route {
  readonly access: AccessRule;
  readonly handle: (call: Call) => Promise<Answer>;
}

export type Endpoint = PublicEndpoint | GuardedEndpoint;

type WithQuery<C extends Asked, Query extends z.ZodObject> = Omit<C, 'query'> & {
  readonly query: Present<z.output<Query>>;
};

/** @throws AppError `invalidInput` for an unknown parameter or a wrong value. */
function checkedQuery<Query extends z.ZodObject>(schema: Query, query: unknown): Present<z.output<Query>> {
  const parsed = parseWith(schema, query);
  if (!parsed.ok) throw new AppError('invalidInput', { issues: parsed.issues });
  return parsed.value;
}

/** Defines a route for who is signed in. Its query is checked: an unknown parameter is refused. */
export function endpoint<Query extends z.ZodObject>(
  parts: Omit<GuardedEndpoint, 'handle' | 'query'> & {
    readonly query: Query;
    readonly handle: (call: WithQuery<Call, Query>) => Promise<Answer>;
  },
): GuardedEndpoint {
  return {
    ...parts,
    handle: (call) => {
      const query = checkedQuery(parts.query, call.query);
      return parts.handle({ ...call, header: (name) => call.header(name), query });
    },
  };
}

/** Defines a route for anybody, its query checked as `endpoint` does. */
export function publicEndpoint<Query extends z.ZodObject>(
  parts: Omit<PublicEndpoint, 'access' | 'handle' | 'query'> & {
    readonly query: Query;
    readonly handle: (call: WithQuery<PublicCall, Query>) => Promise<Answer>;
  },
): PublicEndpoint {
  return {
    ...parts,
    access: 'public',
    handle: (call) => {
      const query = checkedQuery(parts.query, call.query);
      return parts.handle({ ...call, header: (name) => call.header(name), query });
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
