import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Endpoint, HttpDeps } from './endpoint.js';
import { BODY_LIMIT, checkMediaType, readJsonBody } from './json-body.js';
import { HttpError } from './problem.js';
import { stateOf } from './request-state.js';

const readBytes = express.raw({ type: () => true, limit: BODY_LIMIT, inflate: false });

const requireJson: RequestHandler = (req, _res, next) => {
  checkMediaType(req.headers);
  next();
};

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

function handlerOf(route: Endpoint, deps: HttpDeps): RequestHandler {
  return async (req, res) => {
    const answer = await route.handle({
      useCases: deps.useCases,
      today: deps.clock.today(),
      params: plainParams(req.params),
      query: req.query,
      body: route.body === undefined ? undefined : readJsonBody(req.body),
      header: (name) => req.get(name),
      signal: goneSignal(res, deps.stopping),
    });
    if (res.destroyed) return;
    res.status(answer.status).set(answer.headers ?? {});
    if (answer.body instanceof Uint8Array)
      res
        .type(answer.type ?? 'json')
        .send(Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength));
    else res.json(answer.body);
  };
}

/** Puts the routes on the router; a method that a path has not got is answered with those it has. */
export function mount(router: Router, routes: readonly Endpoint[], deps: HttpDeps): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const allow = here.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    const at = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    at.all((_req, res, next) => {
      stateOf(res).route = path;
      if (here.some(({ noStore }) => noStore)) res.set('Cache-Control', 'no-store');
      next();
    });
    for (const route of here) {
      const reading = route.body === undefined ? [] : [requireJson, readBytes];
      at[route.method](...reading, handlerOf(route, deps));
    }
    at.options((_req, res) => {
      res.status(204).set('Allow', allow.join(', ')).end();
    });
    at.all(() => {
      throw new HttpError('methodNotAllowed', { headers: { Allow: allow.join(', ') } });
    });
  }
}
