import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Role } from '../../src/domain/access.js';
import { createApp, ROUTES } from '../../src/http/app.js';
import type { HttpDeps } from '../../src/http/endpoint.js';
import { openApiDocument } from '../../src/http/openapi.js';
import { startServer } from '../../src/http/server.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { realClock } from '../support/real-clock.js';
import { type LoggedLine, recordingLog } from '../support/recording-log.js';
import { bearer, fakeAuthenticator } from './fake-accounts.js';
import { type Asked, fakeUseCases, plainPublic, TODAY } from './fakes.js';

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface Media {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export const DOCUMENT = openApiDocument(ROUTES) as OpenApi;

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'https://document.test/', components: DOCUMENT.components });
const compiled = new WeakMap<object, ValidateFunction>();

/** What a schema of the document finds wrong with a value; empty if nothing. */
export function violations(schema: object, value: unknown): readonly string[] {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"https://document.test/#/')) as object;
    validate = ajv.compile(absolute);
    compiled.set(schema, validate);
  }
  validate(value);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

function operationOf(method: string, path: string): Operation | undefined {
  const pathname = path.split('?')[0] ?? '';
  const pattern = Object.keys(DOCUMENT.paths).find((known) =>
    new RegExp(`^${known.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  return pattern === undefined ? undefined : DOCUMENT.paths[pattern]?.[method.toLowerCase()];
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null where it is empty or no JSON. */
  readonly body: unknown;
}

/** Who sends a request: a role by its token (a coordinator unless told), or nobody (null). */
export interface Sending {
  readonly as?: Role | null;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface Served {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly lines: readonly LoggedLine[];
  /** Sends a request; an answer that the document does not describe fails the test. */
  call(method: string, path: string, options?: Sending): Promise<Reply>;
  /** As `call`, with a body of exactly this text or these bytes, declared as JSON unless told. */
  raw(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  close(): Promise<void>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Holds an answer against the document: its status, its media type and its body must be described there. */
function holdAgainstDocument(method: string, path: string, reply: Reply): void {
  const operation = operationOf(method, path);
  if (operation === undefined) return;
  const described = operation.responses[String(reply.status)];
  if (described === undefined) throw new Error(`${method} ${path}: status ${reply.status} is not in the document`);
  const type = (reply.headers.get('content-type') ?? '').split(';')[0] ?? '';
  if (described.content === undefined && reply.text === '') return;
  const media = described.content?.[type];
  if (media === undefined) throw new Error(`${method} ${path} ${reply.status}: ${type} is not in the document`);
  const wrong = violations(media.schema, type === 'text/csv' ? reply.text : reply.body);
  if (wrong.length > 0) throw new Error(`${method} ${path} ${reply.status}: ${wrong.join('; ')}\n${reply.text}`);
}

/** What a server over fakes is made of. */
export function fakeDeps(useCases: UseCases): HttpDeps {
  let count = 0;
  return {
    authenticator: fakeAuthenticator().authenticator,
    useCasesFor: () => useCases,
    publicUseCases: plainPublic,
    secureCookies: false,
    trustedProxies: 0,
    log: recordingLog().log,
    clock: { ...realClock, today: () => TODAY },
    newRequestId: () => {
      count += 1;
      return `request-${count}`;
    },
  };
}

/** Headers that say who sends; those that say it themselves are left alone. */
function withSender(headers: Record<string, string>, as: Role | null = 'coordinator'): Record<string, string> {
  const said = as === null || 'authorization' in headers || 'cookie' in headers;
  return said ? headers : { ...headers, authorization: `Bearer ${bearer(as)}` };
}

/** A real server on loopback over fake use cases. */
export async function serve(over: Partial<UseCases> = {}, deps: Partial<HttpDeps> = {}): Promise<Served> {
  const { useCases, asked } = fakeUseCases(over);
  const { log, lines } = recordingLog();
  const app = createApp({ ...fakeDeps(useCases), log, ...deps });
  const server = await startServer(app, '127.0.0.1', 0);
  const url = `http://127.0.0.1:${server.port}`;
  const send = async (method: string, path: string, init: RequestInit): Promise<Reply> => {
    const response = await fetch(url + path, { ...init, method, redirect: 'manual' });
    const text = await response.text();
    const reply = { status: response.status, headers: response.headers, text, body: parsed(text) };
    holdAgainstDocument(method, path, reply);
    return reply;
  };
  return {
    url,
    asked,
    lines,
    call: (method, path, options = {}) => {
      const json = options.body === undefined ? {} : { 'content-type': 'application/json' };
      const headers = withSender({ ...json, ...options.headers }, options.as);
      return send(method, path, {
        headers,
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
    },
    raw: (method, path, body, headers = { 'content-type': 'application/json' }) =>
      send(method, path, { headers: withSender(headers), body }),
    close: async () => {
      await server.close(2_000);
    },
  };
}
