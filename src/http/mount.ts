import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { admit, refuseForeign } from './auth.js';
import { type SessionCookie, sessionCookie } from './cookies.js';
import type { Answer, Asked, Endpoint, HttpDeps } from './endpoint.js';
import { BODY_LIMIT, checkMediaType, readJsonBody } from './json-body.js';
import { HttpError } from './problem.js';
import { stateOf } from './request-state.js';

const readBytes = express.raw({ type: () => true, limit: BODY_LIMIT, inflate: false });

/** The JSON body, where the route takes one. Nothing of it is read before the media type is right. */
async function bodyOf(route: Endpoint, req: Request, res: Response): Promise<unknown> {
  if (route.body === undefined) return undefined;
  checkMediaType(req.headers);
  await new Promise<void>((resolve, reject) => {
    readBytes(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return readJsonBody(req.body);
}

/** A signal that aborts when the client goes away or the process is about to end. */
function goneSignal(res: Response, stopping: AbortSignal | undefined): AbortSignal {
  const gone = new AbortController();
  const abort = () => gone.abort();
  if (stopping?.aborted) abort();
  stopping?.addEventListener('abort', abort, { once: true });
  res.on('close', () => {
    stopping?.removeEventListener('abort', abort);
    abort();
  });
  return gone.signal;
}

/** Path parameters; a repeated one can't stand in our patterns. */
function plainParams(params: Request['params']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Decides who may ask, and gives what answers them. The request's body has not been read then. */
async function answererOf(
  route: Endpoint,
  deps: HttpDeps,
  cookie: SessionCookie,
  req: Request,
  res: Response,
): Promise<(asked: Asked) => Promise<Answer>> {
  const { authenticator } = deps;
  if (route.access === 'public') {
    refuseForeign(req, route);
    const address = req.ip ?? 'unknown';
    return (asked) => route.handle({ ...asked, useCases: deps.publicUseCases, authenticator, address });
  }
  const signedIn = await admit(req, route, authenticator, cookie);
  const { actor } = signedIn;
  const state = stateOf(res);
  state.actor = actor.id;
  const caller = { actor, requestId: state.id };
  return (asked) => route.handle({ ...asked, useCases: deps.useCasesFor(caller), caller, signedIn });
}

/** What the browser is told to do with its session cookie. */
function cookieHeaders(
  { session }: Answer,
  cookie: SessionCookie,
  { clock }: HttpDeps,
): { readonly 'Set-Cookie'?: string } {
  if (session === undefined) return {};
  if (session === 'ended') return { 'Set-Cookie': cookie.takeAway() };
  const leftMs = Date.parse(session.expiresAt) - Date.parse(clock.now());
  return { 'Set-Cookie': cookie.give(session.secret, Math.max(0, Math.floor(leftMs / 1_000))) };
}

function handlerOf(route: Endpoint, deps: HttpDeps, cookie: SessionCookie): RequestHandler {
  return async (req, res) => {
    const answerTo = await answererOf(route, deps, cookie, req, res);
    const body = await bodyOf(route, req, res);
    const answer = await answerTo({
      requestId: stateOf(res).id,
      today: deps.clock.today(),
      params: plainParams(req.params),
      query: req.query,
      body,
      header: (name) => req.get(name),
      signal: goneSignal(res, deps.stopping),
    });
    if (res.destroyed) return;
    res.status(answer.status).set({ ...answer.headers, ...cookieHeaders(answer, cookie, deps) });
    if (answer.body === undefined) res.end();
    else if (answer.body instanceof Uint8Array)
      res
        .type(answer.type ?? 'json')
        .send(Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength));
    else res.json(answer.body);
  };
}

/** What no cache may keep, and what two readers of one address may be answered differently. */
function cacheHeaders(here: readonly Endpoint[]): Readonly<Record<string, string>> {
  const guarded = here.some(({ access }) => access !== 'public');
  if (guarded) return { 'Cache-Control': 'no-store', Vary: 'Cookie, Authorization' };
  return here.some((route) => route.access === 'public' && route.noStore) ? { 'Cache-Control': 'no-store' } : {};
}

/**
 * Puts the routes on the router; a method that a path has not got is answered with those it has. Which methods there
 * are is in the public document and told to anybody.
 */
export function mount(router: Router, routes: readonly Endpoint[], deps: HttpDeps): void {
  const cookie = sessionCookie(deps.secureCookies);
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const allow = here.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    const headers = cacheHeaders(here);
    const at = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    at.all((_req, res, next) => {
      stateOf(res).route = path;
      res.set(headers);
      next();
    });
    for (const route of here) at[route.method](handlerOf(route, deps, cookie));
    at.options((_req, res) => {
      res.status(204).set('Allow', allow.join(', ')).end();
    });
    at.all(() => {
      throw new HttpError('methodNotAllowed', { headers: { Allow: allow.join(', ') } });
    });
  }
}
