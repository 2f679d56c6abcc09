import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Action, may, ROLES, type Role, TOKEN_SCOPES } from '../../src/domain/access.js';
import { ROUTES } from '../../src/http/app.js';
import type { Endpoint } from '../../src/http/endpoint.js';
import { actorOf, bearer, csrfToken, scopeBearer, sessionSecret } from './fake-accounts.js';
import { fakeUseCases, NEED_ID } from './fakes.js';
import { type Reply, type Served, serve } from './served.js';

/** What anybody may ask; a route that joins them must be named here too. */
const PUBLIC = [
  'get /api/v1/healthz',
  'get /api/v1/openapi.json',
  'get /api/v1/readyz',
  'get /healthz',
  'get /readyz',
  'post /api/v1/session',
];

/** Somebody who asks: nobody, a role, or a token with one scope. */
interface Asker {
  readonly name: string;
  readonly headers: Record<string, string>;
  /** Null: not signed in. */
  readonly holds: ((action: Action) => boolean) | null;
}

const bearing = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** People come with a session, programs with a token. */
function credentialsOf(role: Role): Record<string, string> {
  if (role === 'integration') return bearing(bearer(role));
  const secret = sessionSecret(role);
  return { cookie: `shanhai-session=${secret}`, 'x-csrf-token': csrfToken(secret) };
}

const ASKERS: readonly Asker[] = [
  { name: 'nobody', headers: {}, holds: null },
  { name: 'an unknown token', headers: bearing('shm_unknown'), holds: null },
  { name: 'an ended session', headers: { cookie: 'shanhai-session=ended' }, holds: null },
  ...ROLES.map((role: Role) => ({
    name: role,
    headers: credentialsOf(role),
    holds: (action: Action) => may(actorOf(role), action),
  })),
  ...TOKEN_SCOPES.map((scope) => ({
    name: `a token for ${scope}`,
    headers: bearing(scopeBearer(scope)),
    holds: (action: Action) => action === scope,
  })),
];

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

/** What is wrong with the answer; null if it is what the table says. A body is never sent: it must not be looked at. */
function fault(route: Endpoint, asker: Asker, reply: Reply, bound: number): string | null {
  const code = (reply.body as { readonly code?: unknown } | null)?.code;
  const told = `${asker.name}: ${reply.status} ${String(code)}`;
  if (route.access === 'public') return ['notSignedIn', 'forbidden'].includes(String(code)) ? told : null;
  const expected =
    asker.holds === null ? [401, 'notSignedIn'] : asker.holds(route.access.action) ? null : [403, 'forbidden'];
  if (expected === null) return reply.status === 401 || reply.status === 403 ? told : null;
  if (bound > 0) return `${told}, after use cases were made for the caller`;
  return reply.status === expected[0] && code === expected[1] ? null : told;
}

let server: Served;
let bound = 0;
beforeAll(async () => {
  const { useCases } = fakeUseCases();
  server = await serve(
    {},
    {
      useCasesFor: () => {
        bound += 1;
        return useCases;
      },
    },
  );
});
afterAll(() => server.close());

describe('every route states who may use it', () => {
  it('a route is public by name only', () => {
    const open = ROUTES.filter(({ access }) => access === 'public').map(nameOf);
    expect(open.sort()).toEqual(PUBLIC);
  });

  it('a route without a rule is none', () => {
    for (const route of ROUTES) {
      const { access } = route;
      expect({ route: nameOf(route), stated: access === 'public' || access.action.length > 0 }).toEqual({
        route: nameOf(route),
        stated: true,
      });
    }
  });

  it('an id in the path says whose it is', () => {
    const silent = ROUTES.filter(
      ({ path, access }) => path.includes('{') && (access === 'public' || access.ownership === 'none'),
    );
    // A scheme is the province's, and everybody's to read.
    expect(silent.map(nameOf).filter((name) => !name.includes('/schemes/'))).toEqual([]);
  });
});

let cells = 0;
describe(`${ROUTES.length} routes x ${ASKERS.length} askers`, () => {
  it.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const path = route.path.replaceAll(/\{\w+\}/g, NEED_ID);
    const faults: string[] = [];
    for (const asker of ASKERS) {
      bound = 0;
      const reply = await server.call(route.method.toUpperCase(), path, { as: null, headers: asker.headers });
      const wrong = fault(route, asker, reply, bound);
      if (wrong !== null) faults.push(wrong);
      cells += 1;
    }
    expect(faults).toEqual([]);
  });

  it(`all ${ROUTES.length * ASKERS.length} cells were asked`, () => {
    expect(cells).toBeGreaterThan(0);
    expect(cells).toBe(ROUTES.length * ASKERS.length);
  });
});

describe('the check of the matrix can fail', () => {
  const route: Endpoint | undefined = ROUTES.find(
    ({ access }) => access !== 'public' && access.action === 'user.manage',
  );
  const reply = (status: number, code: string): Reply => ({ status, headers: new Headers(), text: '', body: { code } });
  const asker = (name: string): Asker | undefined => ASKERS.find((one) => one.name === name);

  it.each([
    ['nobody', 200, 'none', 1],
    ['nobody', 403, 'forbidden', 0],
    ['auditor', 404, 'notFound', 1],
    ['auditor', 403, 'forbidden', 1],
    ['coordinator', 403, 'forbidden', 0],
  ] as const)('%s answered %i %s', (name, status, code, made) => {
    const one = asker(name);
    if (route === undefined || one === undefined) throw new Error('no such route or asker');
    expect(fault(route, one, reply(status, code), made)).not.toBeNull();
  });
});
