import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/webhook.js';
import { EXAMPLE_DELIVERY, EXAMPLE_ENDPOINT } from '../../src/http/webhook-view.js';
import type { EndpointView } from '../../src/usecases/webhook-use-cases.js';
import { failing } from './fakes.js';
import { type Served, serve } from './served.js';
import { DELIVERY_ID, ENDPOINT_ID, SECRET, someWebhooks } from './webhook-fakes.js';

const ENDPOINTS = '/api/v1/webhooks/endpoints';
const ENDPOINT = `${ENDPOINTS}/${ENDPOINT_ID}`;
const DELIVERIES = '/api/v1/webhooks/deliveries';
const DELIVERY = `${DELIVERIES}/${DELIVERY_ID}`;
const URL = 'https://zs.example.gov.cn/hook';

let server: Served;
beforeAll(async () => {
  server = await serve(someWebhooks);
});
afterAll(() => server.close());

/** What the last request asked the use cases for. */
const lastAsked = () => server.asked.at(-1);

/** An endpoint of a use case that forgot to take the sealed keys out. */
const forgetful: EndpointView = {
  ...EXAMPLE_ENDPOINT,
  keys: EXAMPLE_ENDPOINT.keys.map((key) => ({ ...key, sealed: 'box1.sealed' })),
};

describe('POST /webhooks/endpoints', () => {
  it('takes an address alone: all types, signed with a shared secret, of the caller’s county', async () => {
    const reply = await server.call('POST', ENDPOINTS, { as: 'hostStaff', body: { url: URL } });
    expect(reply).toMatchObject({ status: 201, body: { endpoint: { id: ENDPOINT_ID, url: URL }, secret: SECRET } });
    expect(lastAsked()).toEqual({
      name: 'createEndpoint',
      args: [{ url: URL, types: [], description: '', signature: 'v1', countyAdcode: '331102' }],
    });
    expect(reply.headers.get('location')).toBe(ENDPOINT);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('takes all there is to say', async () => {
    const body = {
      url: ` ${URL} `,
      types: ['lead.pushed', 'hold.expiring'],
      description: '区平台',
      signature: 'v1a',
      countyAdcode: '331102',
    };
    expect(await server.call('POST', ENDPOINTS, { body })).toMatchObject({ status: 201 });
    expect(lastAsked()?.args).toEqual([{ ...body, url: URL }]);
  });

  it.each([
    [{}, 'url', 'required'],
    [{ url: 7 }, 'url', 'wrongType'],
    [{ url: `https://${'a'.repeat(2_000)}.cn` }, 'url', 'tooLong'],
    [{ url: 'https://a.cn/\u0007x' }, 'url', 'controlCharacter'],
    [{ url: URL, types: ['lead.gone'] }, 'types[0]', 'notAllowed'],
    [{ url: URL, types: ['endpoint.test'] }, 'types[0]', 'notAllowed'],
    [{ url: URL, types: ['lead.pushed', 'lead.pushed'] }, 'types[1]', 'duplicate'],
    [{ url: URL, signature: 'v2' }, 'signature', 'notAllowed'],
    [{ url: URL, description: 'x'.repeat(201) }, 'description', 'tooLong'],
    [{ url: URL, countyAdcode: '33' }, 'countyAdcode', 'badFormat'],
    [{ url: URL, secret: SECRET }, 'secret', 'unknownField'],
  ])('refuses %j', async (body, field, code) => {
    const reply = await server.call('POST', ENDPOINTS, { body });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [{ field, code }] } });
  });

  it('says in Chinese why an address must not be sent to', async () => {
    const refusing = await serve({
      ...someWebhooks,
      createEndpoint: failing('invalidInput', { issues: [{ field: 'url', code: 'address' }] }),
    });
    const reply = await refusing.call('POST', ENDPOINTS, { body: { url: 'https://10.0.0.1/' } });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'url', code: 'address' }] } });
    expect(reply.text).toContain('接收地址(url)：指向本机、内网或保留的地址');
    await refusing.close();
  });
});

describe('endpoints', () => {
  it('are listed, a page at a time', async () => {
    const reply = await server.call('GET', `${ENDPOINTS}?cursor=abc&limit=5`);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        items: [{ id: ENDPOINT_ID, stateText: '启用', signatureText: '共享密钥(HMAC-SHA256)' }],
        nextCursor: 'next',
      },
    });
    expect(lastAsked()).toEqual({ name: 'listEndpoints', args: ['abc', 5] });
  });

  it('are read with their version as the entity tag, and no description as null', async () => {
    const plain = await serve({ ...someWebhooks, getEndpoint: async () => ({ ...EXAMPLE_ENDPOINT, description: '' }) });
    const reply = await plain.call('GET', ENDPOINT);
    expect(reply).toMatchObject({ status: 200, body: { description: null, disabledReasonText: null } });
    expect(reply.headers.get('etag')).toBe('"1"');
    await plain.close();
  });

  it.each([
    ['gone', '对方答 410，表示不再接收'],
    ['failing', '连续多日没有一次送达'],
  ] as const)('say why they are disabled: %s', async (disabledReason, disabledReasonText) => {
    const view: EndpointView = { ...EXAMPLE_ENDPOINT, state: 'disabled', disabledReason };
    const disabled = await serve({ ...someWebhooks, getEndpoint: async () => view });
    expect(await disabled.call('GET', ENDPOINT)).toMatchObject({
      body: { stateText: '已停用', disabledReason, disabledReasonText },
    });
    await disabled.close();
  });

  it('never show a sealed key, whatever a use case gives', async () => {
    const careless = await serve({
      createEndpoint: async () => ({ endpoint: forgetful, secret: SECRET }),
      rotateKey: async () => ({ endpoint: forgetful, secret: SECRET }),
      listEndpoints: async () => ({ items: [forgetful], nextCursor: null }),
      getEndpoint: async () => forgetful,
      updateEndpoint: async () => forgetful,
    });
    const headers = { 'if-match': '"1"' };
    for (const [method, path, sent] of [
      ['POST', ENDPOINTS, { body: { url: URL } }],
      ['GET', ENDPOINTS, {}],
      ['GET', ENDPOINT, {}],
      ['PATCH', ENDPOINT, { headers, body: { state: 'paused' } }],
      ['POST', `${ENDPOINT}/rotation`, {}],
    ] as const) {
      const reply = await careless.call(method, path, sent);
      expect({ path, ok: reply.status < 300, shown: reply.text.includes('sealed') }).toEqual({
        path,
        ok: true,
        shown: false,
      });
    }
    expect(JSON.stringify(careless.lines)).not.toMatch(/whsec_|sealed/);
    await careless.close();
  });

  it('are changed on a version', async () => {
    const headers = { 'if-match': '"3"' };
    const body = { url: URL, types: [], description: null, state: 'active' };
    const reply = await server.call('PATCH', ENDPOINT, { headers, body });
    expect(reply).toMatchObject({ status: 200, body: { url: URL, version: 4, description: null } });
    expect(reply.headers.get('etag')).toBe('"4"');
    expect(lastAsked()).toEqual({
      name: 'updateEndpoint',
      args: [ENDPOINT_ID, 3, { url: URL, types: [], description: '', state: 'active' }],
    });
    expect(await server.call('PATCH', ENDPOINT, { headers, body: { state: 'paused' } })).toMatchObject({ status: 200 });
    expect(lastAsked()?.args.at(-1)).toEqual({ state: 'paused' });
  });

  it.each([
    [{ 'if-match': '"1"' }, {}, 400, 'invalidInput'],
    [{ 'if-match': '"1"' }, { state: 'disabled' }, 400, 'invalidInput'],
    [{ 'if-match': '"1"' }, { signature: 'v1a' }, 400, 'invalidInput'],
    [{ 'if-match': 'W/"1"' }, { state: 'paused' }, 400, 'invalidInput'],
    [{}, { state: 'paused' }, 428, 'preconditionRequired'],
  ])('a change with %j and %j is refused', async (headers: Record<string, string>, body, status, code) => {
    expect(await server.call('PATCH', ENDPOINT, { headers, body })).toMatchObject({ status, body: { code } });
  });

  it('are removed', async () => {
    expect(await server.call('DELETE', ENDPOINT)).toMatchObject({ status: 204, text: '' });
    expect(lastAsked()).toEqual({ name: 'removeEndpoint', args: [ENDPOINT_ID] });
  });

  it('get a new key, the old one good for a while', async () => {
    const reply = await server.call('POST', `${ENDPOINT}/rotation`);
    expect(reply).toMatchObject({
      status: 200,
      body: { secret: SECRET, endpoint: { keys: [{ validUntil: null }, { validUntil: '2030-02-02T00:00:00.000Z' }] } },
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('get a test message', async () => {
    const reply = await server.call('POST', `${ENDPOINT}/test`);
    expect(reply).toMatchObject({ status: 202, body: { id: DELIVERY_ID, typeText: '测试消息', attempts: [] } });
    expect(reply.headers.get('location')).toBe(DELIVERY);
  });

  it('what can be no id is not there, and reaches no use case', async () => {
    const before = server.asked.length;
    for (const id of ['a.b', '%7B%7D', 'x'.repeat(65)]) {
      expect((await server.call('GET', `${ENDPOINTS}/${id}`)).status).toBe(404);
    }
    for (const id of ['a.b.c', '.a', 'a.', 'a%2Fb', `${'x'.repeat(65)}.y`]) {
      expect((await server.call('GET', `${DELIVERIES}/${id}`)).status).toBe(404);
    }
    expect(server.asked.length).toBe(before);
  });
});

describe('POST /webhooks/endpoints/{id}/replay', () => {
  it.each([
    ['2030-01-02', '2030-01-02', '2030-01-01T16:00:00.000Z', '2030-01-02T15:59:59.999Z'],
    ['2030-01-02T08:00:00+08:00', '2030-01-02T00:30Z', '2030-01-02T00:00:00.000Z', '2030-01-02T00:30:00.000Z'],
  ])('from %s to %s', async (from, to, first, last) => {
    const reply = await server.call('POST', `${ENDPOINT}/replay`, { body: { from, to, failedOnly: true } });
    expect(reply).toMatchObject({ status: 202, body: { replayed: 12, more: false } });
    expect(lastAsked()?.args).toEqual([{ endpointId: ENDPOINT_ID, from: first, to: last, failedOnly: true }]);
  });

  it('replays all unless told', async () => {
    await server.call('POST', `${ENDPOINT}/replay`, { body: { from: '2030-01-02', to: '2030-01-03' } });
    expect(lastAsked()?.args).toMatchObject([{ failedOnly: false }]);
  });

  it.each([
    [{ from: '2030-01-02' }, 'to', 'required'],
    [{ from: '2030-02-30', to: '2030-03-01' }, 'from', 'notATime'],
    [{ from: '2030-01-02T08:00:00', to: '2030-03-01' }, 'from', 'notATime'],
    [{ from: '2030-01-02T25:00Z', to: '2030-03-01' }, 'from', 'notATime'],
    [{ from: '1999-12-31', to: '2030-03-01' }, 'from', 'notATime'],
    [{ from: '2030-01-03', to: '2030-01-02' }, 'from', 'fromAfterTo'],
    [{ from: '2030-01-02', to: '2030-01-03', failedOnly: 'yes' }, 'failedOnly', 'wrongType'],
  ])('refuses %j', async (body, field, code) => {
    const reply = await server.call('POST', `${ENDPOINT}/replay`, { body });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });
});

describe('deliveries', () => {
  it('are listed without their bodies, the last attempt in words', async () => {
    const reply = await server.call('GET', DELIVERIES);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            ...{ id: DELIVERY_ID, stateText: '待送', attemptCount: 1 },
            lastAttempt: { status: 503, error: null, errorText: '对方答复 503', latencyMs: 84 },
          },
        ],
      },
    });
    expect(reply.text).not.toMatch(/payload|维护中/);
    expect(lastAsked()).toEqual({ name: 'listDeliveries', args: [{}, null, 20] });
  });

  it('are filtered by endpoint, type, state and time', async () => {
    const query = `endpoint=${ENDPOINT_ID}&type=lead.pushed&state=failed&from=2030-01-02&to=2030-01-03T00:00Z&limit=5`;
    expect((await server.call('GET', `${DELIVERIES}?${query}`)).status).toBe(200);
    expect(lastAsked()?.args).toEqual([
      {
        endpointId: ENDPOINT_ID,
        ...{ type: 'lead.pushed', state: 'failed' },
        ...{ from: '2030-01-01T16:00:00.000Z', to: '2030-01-03T00:00:00.000Z' },
      },
      null,
      5,
    ]);
  });

  it.each(['type=lead.gone', 'state=sent', 'from=x', 'from=2030-01-03&to=2030-01-02', 'county=331102', 'endpoint=a.b'])(
    'refuse ?%s',
    async (query) => expect((await server.call('GET', `${DELIVERIES}?${query}`)).status).toBe(400),
  );

  it('each type may be asked for', async () => {
    for (const type of [...EVENT_TYPES, 'endpoint.test'])
      expect((await server.call('GET', `${DELIVERIES}?type=${type}`)).status).toBe(200);
  });

  it('are read with the very text that was sent and every attempt', async () => {
    const attempts = [
      { at: '2030-01-02T03:04:06.000Z', status: null, error: 'timeout', latencyMs: 15_000, answer: '' },
      { at: '2030-01-02T03:04:22.000Z', status: 302, error: 'redirect', latencyMs: 5, answer: '' },
      { at: '2030-01-02T03:09:22.000Z', status: null, error: 'of-tomorrow', latencyMs: 5, answer: '' },
      { at: '2030-01-02T03:39:22.000Z', status: 204, error: null, latencyMs: 5, answer: '' },
    ];
    const tried = await serve({ ...someWebhooks, getDelivery: async () => ({ ...EXAMPLE_DELIVERY, attempts }) });
    expect(await tried.call('GET', DELIVERY)).toMatchObject({
      status: 200,
      body: {
        payload: EXAMPLE_DELIVERY.payload,
        attempts: [
          { errorText: '对方没有按时答复' },
          { errorText: '对方要转到别的地址，不跟随' },
          { errorText: 'of-tomorrow' },
          { errorText: null },
        ],
      },
    });
    expect(tried.asked.at(-1)?.args).toEqual([DELIVERY_ID]);
    await tried.close();
  });

  it('are sent again, one by one', async () => {
    expect(await server.call('POST', `${DELIVERY}/replay`)).toMatchObject({ status: 202, body: { state: 'pending' } });
    expect(lastAsked()).toEqual({ name: 'replayDelivery', args: [DELIVERY_ID] });
  });
});

it('the inbox tells of an endpoint that was disabled, and not its address', async () => {
  const endpoint = { ...forgetful, state: 'disabled', disabledReason: 'gone', failingSince: null } as const;
  const items = [{ kind: 'endpoint', dueAt: null, overdue: false, endpoint } as const];
  const told = await serve({ readInbox: async () => ({ items, nextCursor: null }) });
  const reply = await told.call('GET', '/api/v1/inbox');
  expect(reply).toMatchObject({
    status: 200,
    body: {
      items: [
        {
          kind: 'endpoint',
          endpoint: { id: ENDPOINT_ID, stateText: '已停用', disabledReasonText: expect.any(String) },
        },
      ],
    },
  });
  expect(reply.text).not.toMatch(/https?:|sealed/);
  await told.close();
});
