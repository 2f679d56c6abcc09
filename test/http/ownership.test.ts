import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { may } from '../../src/domain/access.js';
import { FUNNEL_BY } from '../../src/domain/lead-reports.js';
import { ROUTES } from '../../src/http/app.js';
import type { AccessRule, Endpoint, GuardedEndpoint, Ownership } from '../../src/http/endpoint.js';
import {
  actorOf,
  CHAIN_ID,
  EVERYBODY,
  FIRM,
  HOSTS,
  makeOwnershipWorld,
  type Objects,
  PEOPLE,
  type Person,
  parkId,
  SIDES,
  type Side,
  SOURCES,
  type World,
} from './ownership-world.js';
import type { Reply, Sending } from './served.js';

/** What belongs to somebody, so that to others it is as if it were not there. */
const OWNED = [
  'need',
  'report',
  'lead',
  'hold',
  'token',
  'run',
  'endpoint',
  'delivery',
] as const satisfies readonly Ownership[];
type Owned = (typeof OWNED)[number];
const MISSING: Readonly<Record<Owned, string>> = {
  need: 'need_999999999999999999999999',
  report: 'report_999999999999999999999999',
  lead: 'lead_999999999999999999999999',
  hold: 'hold_999999999999999999999999',
  token: 'token_999999999999999999999999',
  endpoint: 'ep_999999999999999999999999',
  delivery: 'evt_999999999999999999999999.ep_999999999999999999999999',
  run: 'run_999999999999999999999999',
};

const isOwned = (ownership: Ownership): ownership is Owned => OWNED.some((owned) => owned === ownership);
const isGuarded = (route: Endpoint): route is GuardedEndpoint => route.access !== 'public';
const GUARDED = ROUTES.filter(isGuarded);
const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;
const mayAsk = (who: Person, { action }: AccessRule): boolean => may(actorOf(who), action);

/** Whose a thing is: the province, the source county, and of what was passed on the host county too. */
function isOf(who: Person, kind: Owned, side: Side): boolean {
  const { countyAdcode } = PEOPLE[who];
  const passedOn = kind === 'lead' || kind === 'hold';
  return countyAdcode === null || countyAdcode === SOURCES[side] || (passedOn && countyAdcode === HOSTS[side]);
}

/** What a request that changes something sends; by who sends it, so that nothing but the id is foreign. */
const CHANGES: Readonly<Record<string, (id: string, who: Person) => Omit<Sending, 'as'>>> = {
  'put /api/v1/needs/{id}': (_id, who) => ({
    headers: { 'if-match': '"1"' },
    body: {
      firm: { name: '丙寅有限公司', countyAdcode: PEOPLE[who].countyAdcode ?? SOURCES.A },
      ...{ title: '改', description: '改', gbt: '3985', investWan: 1, land: { minMu: 1 } },
    },
  }),
  'post /api/v1/needs/{id}/what-if': () => ({ body: { need: { workers: 10 } } }),
  'post /api/v1/leads': (id) => ({ body: { needId: id, parkIds: [parkId('A')] } }),
  'post /api/v1/leads/{id}/moves': () => ({ headers: { 'if-match': '"1"' }, body: { move: 'accept' } }),
  'post /api/v1/leads/{id}/holds': () => ({ body: { kind: 'soft' } }),
  'post /api/v1/holds/{id}/extensions': () => ({ body: { reason: '还需两周' } }),
  'delete /api/v1/holds/{id}': () => ({}),
  'post /api/v1/first-reports/{id}/decision': () => ({
    headers: { 'if-match': '"1"' },
    body: { outcome: 'stands', reason: '不是同一项目' },
  }),
  'delete /api/v1/tokens/{id}': () => ({}),
  'patch /api/v1/webhooks/endpoints/{id}': () => ({ headers: { 'if-match': '"1"' }, body: { state: 'paused' } }),
  'delete /api/v1/webhooks/endpoints/{id}': () => ({}),
  'post /api/v1/webhooks/endpoints/{id}/rotation': () => ({}),
  'post /api/v1/webhooks/endpoints/{id}/test': () => ({}),
  'post /api/v1/webhooks/endpoints/{id}/replay': () => ({ body: { from: '2020-01-01', to: '2100-01-01' } }),
  'post /api/v1/webhooks/deliveries/{id}/replay': () => ({}),
};

/** Further ways to ask for one thing. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = { 'get /api/v1/needs/{id}/matches': ['', '?wait=5'] };

const both = <T>(of: (side: Side) => T): readonly T[] => SIDES.map(of);
const counties = [...Object.values(SOURCES), ...Object.values(HOSTS)];
const chains = [...counties, '330000'];

/** Every way to read what is of no single owner: all filters, pages and exports. */
const LISTS: Readonly<Record<string, (objects: World['objects']) => readonly string[]>> = {
  'get /api/v1/session': () => [],
  'get /api/v1/users': () => ['', '?limit=1'],
  'get /api/v1/tokens': () => ['', '?limit=1'],
  'get /api/v1/needs': () => ['', '?limit=1'],
  'get /api/v1/leads': (objects) => [
    ...['', '?limit=1', '?format=csv', '?stage=accepted', '?from=2020-01-01&to=2100-01-01'],
    ...both((side) => `?need=${objects[side].need}`),
    ...counties.flatMap((adcode) => [`?county=${adcode}`, `?county=${adcode}&format=csv`]),
  ],
  'get /api/v1/inbox': () => ['', '?limit=1'],
  'get /api/v1/reports/funnel': () => FUNNEL_BY.flatMap((by) => [`?by=${by}`, `?by=${by}&format=csv`]),
  'get /api/v1/audit': (objects) => [
    ...['', '?limit=1', '?type=lead.pushed'],
    // A delivery is no object of the trail.
    ...both((side) => Object.entries(objects[side]))
      .flat()
      .flatMap(([kind, id]) => (kind === 'delivery' ? [] : [`?object=${id}`])),
    ...chains.map((adcode) => `?chain=${adcode}`),
  ],
  'get /api/v1/schemes': () => [''],
  'get /api/v1/parks': () => ['', ...both((side) => `?county=${HOSTS[side]}`)],
  'get /api/v1/parks/{id}': () => both((side) => `/${parkId(side)}`),
  'get /api/v1/parks/{id}/capacity': () => both((side) => `/${parkId(side)}/capacity`),
  'get /api/v1/counties': () => [''],
  'get /api/v1/counties/{adcode}/feedback': () => counties.map((adcode) => `/${adcode}/feedback`),
  'get /api/v1/chains': () => [''],
  'get /api/v1/chains/{id}/coverage': () => counties.map((adcode) => `/${CHAIN_ID}/coverage?county=${adcode}`),
  'get /api/v1/industries': () => ['?q=3985', '?q=%E7%94%B2%E5%AD%90'],
  'get /api/v1/jobs/failed': () => [''],
  'get /api/v1/webhooks/endpoints': () => ['', '?limit=1'],
  'get /api/v1/webhooks/deliveries': (objects) => [
    ...['', '?limit=1', '?type=endpoint.test', '?state=pending', '?from=2020-01-01&to=2100-01-01'],
    ...both((side) => `?endpoint=${objects[side].endpoint}`),
  ],
  'get /api/v1/jobs/rematch': () => ['', '?limit=1'],
  'get /api/v1/rematch-schedules': () => [''],
};

/** What must not stand in anything that somebody is answered. */
function hiddenFrom(who: Person, objects: World['objects']): readonly string[] {
  return SIDES.flatMap((side) => {
    const { need, report, lead, token, run, endpoint, delivery }: Objects = objects[side];
    const { name, title, description } = FIRM[side];
    return [
      ...(isOf(who, 'need', side) ? [] : [name, title, description, name.slice(0, 2)]),
      ...(isOf(who, 'lead', side) ? [] : [need, report, lead]),
      ...(isOf(who, 'token', side) ? [] : [token]),
      ...(isOf(who, 'endpoint', side) ? [] : [endpoint, delivery]),
      ...(isOf(who, 'run', side) ? [] : [run]),
    ];
  });
}

const leaked = (reply: Reply, hidden: readonly string[]) => hidden.filter((marker) => reply.text.includes(marker));

/** Everything of an answer that its reader could tell from another one; both were asked under one request id. */
function seen({ status, text, headers }: Reply): unknown {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') };
}

let world: World;
beforeAll(async () => {
  world = await makeOwnershipWorld();
});
afterAll(() => world.close());

/** Asks for one thing by a route. */
function ask(who: Person, route: GuardedEndpoint, id: string, variant = ''): Promise<Reply> {
  const { headers, ...sent } = CHANGES[nameOf(route)]?.(id, who) ?? {};
  const path = route.path.replace('{id}', id) + variant;
  const traced = { ...headers, 'x-request-id': 'one-and-the-same' };
  return world.send(who, route.method.toUpperCase(), path, { ...sent, headers: traced });
}

const ownedRoutes = GUARDED.flatMap((route) => {
  const { ownership } = route.access;
  return isOwned(ownership) ? [{ name: nameOf(route), route, kind: ownership }] : [];
});

let cells = 0;

describe('what is of others is as if it were not there', () => {
  it('every changing route has a request here', () => {
    const changing = ownedRoutes.filter(({ route }) => route.method !== 'get').map(({ name }) => name);
    expect(changing.sort()).toEqual(Object.keys(CHANGES).sort());
  });

  it.each(ownedRoutes)('$name', async ({ name, route, kind }) => {
    let foreign = 0;
    for (const who of EVERYBODY.filter((one) => mayAsk(one, route.access))) {
      for (const side of SIDES) {
        for (const variant of VARIANTS[name] ?? ['']) {
          const id = world.objects[side][kind];
          cells += 1;
          if (!isOf(who, kind, side)) {
            foreign += 1;
            const startedMs = performance.now();
            const there = await ask(who, route, id, variant);
            expect({ who, side, ms: performance.now() - startedMs < 1_000 }).toEqual({ who, side, ms: true });
            const none = await ask(who, route, MISSING[kind], variant);
            expect({ who, side, ...(seen(there) as object) }).toEqual({ who, side, ...(seen(none) as object) });
            expect({ who, side, status: there.status }).toEqual({ who, side, status: 404 });
          } else if (route.method === 'get') {
            const own = await ask(who, route, id, variant);
            expect({ who, side, status: own.status }).toEqual({ who, side, status: 200 });
            expect({ who, side, leaked: leaked(own, hiddenFrom(who, world.objects)) }).toEqual({
              who,
              side,
              leaked: [],
            });
          }
        }
      }
    }
    // Decisions on reports are the coordinator's alone, to whom nothing is foreign.
    expect(foreign > 0).toBe(route.access.action !== 'report.decide');
  });

  it('a park is everybody’s to read and its county’s to change', async () => {
    const headers = { 'if-match': '"1"', 'x-request-id': 'one-and-the-same' };
    for (const who of EVERYBODY.filter((one) => may(actorOf(one), 'park.write'))) {
      for (const side of SIDES) {
        cells += 1;
        const { countyAdcode } = PEOPLE[who];
        if (countyAdcode === null || countyAdcode === HOSTS[side]) continue;
        const path = `/api/v1/parks/${parkId(side)}/inventory`;
        const reply = await world.send(who, 'PATCH', path, { headers, body: { wageYuanPerMonth: 1 } });
        expect({ who, side, status: reply.status }).toEqual({ who, side, status: 403 });
      }
    }
  });
});

describe('lists, filters, counts and exports hold nothing of others', () => {
  const lists = GUARDED.filter(({ method, access }) => method === 'get' && !isOwned(access.ownership));

  it('every reading route is asked here', () => {
    expect(lists.map(nameOf).sort()).toEqual(Object.keys(LISTS).sort());
  });

  it.each(lists.map((route) => ({ name: nameOf(route), route })))('$name', async ({ name, route }) => {
    for (const who of EVERYBODY.filter((one) => mayAsk(one, route.access))) {
      const hidden = hiddenFrom(who, world.objects);
      for (const variant of LISTS[name]?.(world.objects) ?? []) {
        cells += 1;
        const reply = await world.send(who, 'GET', route.path.replace(/\/\{\w+\}.*/, '') + variant);
        expect({ who, variant, usual: [200, 404].includes(reply.status) }).toEqual({ who, variant, usual: true });
        expect({ who, variant, leaked: leaked(reply, hidden) }).toEqual({ who, variant, leaked: [] });
      }
    }
  });

  const items = ({ body }: Reply) => (body as { readonly items: readonly unknown[] }).items.length;
  it.each([
    ['province', 2, 2, 2],
    ['auditor', 2, 2, 2],
    ['sourceA', 1, 1, 1],
    ['sourceB', 1, 1, 1],
    ['hostA', 0, 1, 1],
    ['hostB', 0, 1, 1],
    ['programOfHostA', 0, 1, 1],
  ] as const)('%s counts %i needs, %i leads, %i pushed', async (who, needs, leads, pushed) => {
    expect(items(await world.send(who, 'GET', '/api/v1/needs'))).toBe(needs);
    expect(items(await world.send(who, 'GET', '/api/v1/leads'))).toBe(leads);
    const funnel = await world.send(who, 'GET', '/api/v1/reports/funnel?by=pair');
    expect(funnel.body).toMatchObject({ total: { pushed }, counted: pushed });
  });

  it('a chain of another county is not there', async () => {
    for (const who of EVERYBODY.filter((one) => may(actorOf(one), 'audit.read'))) {
      for (const chain of chains) {
        cells += 1;
        const { countyAdcode } = PEOPLE[who];
        const reply = await world.send(who, 'GET', `/api/v1/audit?chain=${chain}`);
        const own = countyAdcode === null || countyAdcode === chain;
        expect({ who, chain, status: reply.status }).toEqual({ who, chain, status: own ? 200 : 404 });
      }
    }
    const own = await world.send('hostA', 'GET', '/api/v1/audit');
    expect(items(own)).toBeGreaterThan(0);
    expect(own.text).toContain(world.objects.A.lead);
  });

  it('capacity tells everybody how much is held, and for which lead those who see it', async () => {
    for (const who of EVERYBODY) {
      const reply = await world.send(who, 'GET', `/api/v1/parks/${parkId('A')}/capacity`);
      const leadId = isOf(who, 'lead', 'A') ? world.objects.A.lead : null;
      expect(reply.body).toMatchObject({ holds: [{ leadId }] });
    }
  });
});

describe('what is sent says nothing of others either', () => {
  it('a county enters needs of its own firms only', async () => {
    const { name, title, description } = FIRM.B;
    const body = {
      firm: { name, countyAdcode: SOURCES.B },
      title,
      description,
      gbt: '3985',
      investWan: 1,
      land: { minMu: 1 },
    };
    for (const who of ['sourceA', 'programOfSourceA'] as const) {
      const reply = await world.send(who, 'POST', '/api/v1/needs', { body });
      expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'firm.countyAdcode' }] } });
    }
  });

  it('an Idempotency-Key of another county is not known', async () => {
    const body = (side: Side) => ({
      firm: { name: FIRM[side].name, countyAdcode: SOURCES[side] },
      ...{ title: '另一项目', description: '另一项目', gbt: '3985', investWan: 1, land: { minMu: 1 } },
    });
    const headers = { 'idempotency-key': 'the-same-key' };
    const first = await world.send('sourceA', 'POST', '/api/v1/needs', { headers, body: body('A') });
    const second = await world.send('sourceB', 'POST', '/api/v1/needs', { headers, body: body('B') });
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.headers.get('idempotency-replayed')).toBeNull();
  });

  it('all cells were asked', () => {
    expect(cells).toBeGreaterThan(700);
  });
});
