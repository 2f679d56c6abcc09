import { z } from 'zod';
import { type SessionHeaders, signIn } from '../../src/cli/sign-in.js';
import { matchViewSchema } from '../../src/http/match-view.js';
import type { MatchView } from '../../src/usecases/use-cases.js';

/** A need as a client sends it: what the tests change is typed, the rest is carried along. */
export const requestNeedSchema = z.looseObject({
  title: z.string(),
  workers: z.number().optional(),
  energyTce: z.number().optional(),
});
export type RequestNeed = z.infer<typeof requestNeedSchema>;

const storedSchema = z.looseObject({
  id: z.string(),
  version: z.number(),
  status: z.string(),
  need: requestNeedSchema,
});
/** A need as the API shows it. */
export type ShownNeed = z.infer<typeof storedSchema>;

const problemSchema = z.looseObject({ status: z.number(), code: z.string(), detail: z.string() });

/** An answer with its parsed JSON body. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Sessions by API: requests to it are sent under the one that was opened last, unless they bring their own. */
const sessions = new Map<string, SessionHeaders>();

/** Signs in and sends further requests to this API under the session. */
export async function openSession(api: string, loginName: string, password: string): Promise<SessionHeaders> {
  const session = await signIn(api, loginName, password);
  sessions.set(api, session);
  return session;
}

/** Sends one request. @throws where nobody answers within the time, or the answer breaks off. */
export async function call(
  url: string,
  options: {
    readonly method?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
  } = {},
): Promise<Answered> {
  const { method = 'GET', body, headers = {}, timeoutMs = 15_000 } = options;
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers: { ...sessions.get(new URL(url).origin), ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: response.status === 204 ? null : await response.json(),
  };
}

/** `POST /needs` under an idempotency key. */
export function postNeed(api: string, need: unknown, key?: string, timeoutMs?: number): Promise<Answered> {
  return call(`${api}/api/v1/needs`, {
    method: 'POST',
    body: need,
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

/** The need of an answer. @throws if it does not hold one. */
export const needOf = (answer: Answered): ShownNeed => storedSchema.parse(answer.body);

/** The problem of an answer. @throws if it does not hold one. */
export function problemOf(answer: Answered): z.infer<typeof problemSchema> {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) throw new Error('not a problem');
  return problemSchema.parse(answer.body);
}

/** `GET /needs/:id/matches`, its body checked against the schema of the API. */
export async function matchesOf(api: string, id: string, waitS = 10): Promise<MatchView> {
  const answer = await call(`${api}/api/v1/needs/${id}/matches?wait=${waitS}`);
  if (answer.status !== 200) throw new Error(`/matches answered ${answer.status}`);
  return matchViewSchema.parse(answer.body);
}

/** The ready result of a need. @throws if it failed or is not there within the time. */
export async function readyMatchesOf(
  api: string,
  id: string,
  withinMs = 40_000,
): Promise<Extract<MatchView, { status: 'ready' }>> {
  const until = performance.now() + withinMs;
  for (;;) {
    const leftS = Math.ceil((until - performance.now()) / 1_000);
    const view = await matchesOf(api, id, Math.min(10, Math.max(0, leftS)));
    if (view.status === 'ready') return view;
    if (view.status === 'failed') throw new Error(`need failed: ${view.failure}`);
    if (performance.now() > until) throw new Error(`not ready within ${withinMs} ms`);
  }
}
