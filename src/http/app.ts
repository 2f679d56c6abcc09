import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { auditEndpoints } from './audit.js';
import { chainEndpoints } from './chains.js';
import { countyEndpoints } from './counties.js';
import { coverageEndpoints } from './coverage.js';
import { mountDocsPage, withDocument } from './docs.js';
import type { Endpoint, HttpDeps } from './endpoint.js';
import { feedbackEndpoints } from './feedback.js';
import { firstReportEndpoints } from './first-reports.js';
import { funnelEndpoints } from './funnel.js';
import { healthEndpoints } from './health.js';
import { historyEndpoints } from './history.js';
import { holdEndpoints } from './holds.js';
import { inboxEndpoints } from './inbox.js';
import { industryEndpoints } from './industries.js';
import { jobEndpoints } from './jobs.js';
import { leadMoveEndpoints } from './lead-moves.js';
import { leadEndpoints } from './leads.js';
import { matchEndpoints } from './matches.js';
import { mount } from './mount.js';
import { needEndpoints } from './needs.js';
import { parkEndpoints } from './parks.js';
import { HttpError, toProblem } from './problem.js';
import { rematchEndpoints } from './rematch.js';
import { stateOf, trackRequests } from './request-state.js';
import { schemeEndpoints } from './schemes.js';
import { sessionEndpoints } from './session.js';
import { tokenEndpoints } from './tokens.js';
import { userEndpoints } from './users.js';
import { webhookDeliveryRoutes } from './webhook-deliveries.js';
import { webhookEndpointRoutes } from './webhook-endpoints.js';
import { whatIfEndpoints } from './what-if.js';

/** Every route there is, the document's own included. */
export const ROUTES: readonly Endpoint[] = withDocument([
  ...sessionEndpoints,
  ...userEndpoints,
  ...tokenEndpoints,
  ...needEndpoints,
  ...matchEndpoints,
  ...historyEndpoints,
  ...whatIfEndpoints,
  ...parkEndpoints,
  ...leadEndpoints,
  ...leadMoveEndpoints,
  ...holdEndpoints,
  ...inboxEndpoints,
  ...firstReportEndpoints,
  ...funnelEndpoints,
  ...schemeEndpoints,
  ...webhookEndpointRoutes,
  ...webhookDeliveryRoutes,
  ...auditEndpoints,
  ...countyEndpoints,
  ...chainEndpoints,
  ...coverageEndpoints,
  ...feedbackEndpoints,
  ...industryEndpoints,
  ...jobEndpoints,
  ...rematchEndpoints,
  ...healthEndpoints,
]);

/** Pages may load scripts, styles and pictures of this server and nothing else; the docs page has styles in its text. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
    },
  },
});

function problemHandler({ log }: HttpDeps): ErrorRequestHandler {
  return (error, _req, res, next) => {
    const state = stateOf(res);
    const { problem, headers } = toProblem(error, state.id);
    state.problem = problem.code;
    if (problem.status >= 500) {
      const fields = { requestId: state.id, route: state.route, problem: problem.code, err: error };
      if (problem.code === 'internal') log.error(fields, 'request failed');
      else log.warn(fields, 'request failed');
    }
    if (res.headersSent) return next(error);
    res.status(problem.status).set(headers).set('Cache-Control', 'no-store');
    res.set('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem));
  };
}

/** Builds the HTTP application. It opens no port and holds no state besides what its dependencies hold. */
export function createApp(deps: HttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  // The only entity tags are the versions that If-Match takes.
  app.disable('etag');
  app.enable('case sensitive routing');
  // Which of the addresses in X-Forwarded-For is the client's.
  app.set('trust proxy', deps.trustedProxies);
  app.use(trackRequests(deps), securityHeaders);
  mount(app, ROUTES, deps);
  mountDocsPage(app);
  app.use(() => {
    throw new HttpError('routeNotFound');
  });
  app.use(problemHandler(deps));
  return app;
}
