import type { RequestHandler, Response } from 'express';
import type { HttpDeps } from './endpoint.js';

/** What is known of a request in hand. */
export interface RequestState {
  readonly id: string;
  /** The pattern of the route, never the address itself: an address may hold what a person typed. */
  route: string;
  /** Code of the problem it was answered with. */
  problem: string | null;
  /** Id of who sent it; null until that is known. */
  actor: string | null;
}

const states = new WeakMap<Response, RequestState>();
const UNSTARTED: RequestState = { id: 'unknown', route: 'unmatched', problem: null, actor: null };

export function stateOf(res: Response): RequestState {
  return states.get(res) ?? UNSTARTED;
}

/** Ids of the caller are kept where they are plain, so that one id runs through several systems. */
const PLAIN_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** Gives the request its id, and logs one line when it is over: route pattern, status and time, nothing of its content. */
export function trackRequests({ log, clock, newRequestId, stopping }: HttpDeps): RequestHandler {
  return (req, res, next) => {
    const sent = req.get('x-request-id');
    const state: RequestState = {
      id: sent !== undefined && PLAIN_ID.test(sent) ? sent : newRequestId(),
      route: 'unmatched',
      problem: null,
      actor: null,
    };
    states.set(res, state);
    res.set('X-Request-Id', state.id);
    if (stopping?.aborted) res.set('Connection', 'close');
    const startedMs = clock.monotonicMs();
    res.on('close', () => {
      const ended = res.writableFinished;
      log.info(
        {
          requestId: state.id,
          method: req.method,
          route: state.route,
          status: ended ? res.statusCode : null,
          ms: Math.round((clock.monotonicMs() - startedMs) * 10) / 10,
          ...(state.actor === null ? {} : { actor: state.actor }),
          ...(state.problem === null ? {} : { problem: state.problem }),
          ...(ended ? {} : { clientGone: true }),
        },
        'request',
      );
    });
    next();
  };
}
