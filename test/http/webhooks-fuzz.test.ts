import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Served, serve } from './served.js';
import { DELIVERY_ID, ENDPOINT_ID, someWebhooks } from './webhook-fakes.js';

let server: Served;
beforeAll(async () => {
  server = await serve(someWebhooks);
});
afterAll(() => server.close());

const ENDPOINTS = '/api/v1/webhooks/endpoints';

/** Routes that take a body, each with one that is in order. */
const BODIES: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ['POST', ENDPOINTS, { url: 'https://a.cn/', types: ['lead.pushed'], description: 'x', signature: 'v1' }],
  ['PATCH', `${ENDPOINTS}/${ENDPOINT_ID}`, { url: 'https://a.cn/', types: [], description: null, state: 'active' }],
  ['POST', `${ENDPOINTS}/${ENDPOINT_ID}/replay`, { from: '2030-01-02', to: '2030-01-02', failedOnly: true }],
];

it('a body in order is taken', async () => {
  for (const [method, path, body] of BODIES) {
    const reply = await server.call(method, path, { headers: { 'if-match': '"1"' }, body });
    expect({ path, status: reply.status < 300 }).toEqual({ path, status: true });
  }
});

it('whatever stands in one of its fields, the answer is one the document describes and never 500', async () => {
  const spoilt = fc.constantFrom(...BODIES).chain(([method, path, body]) =>
    fc.tuple(fc.constantFrom(...Object.keys(body), 'countyAdcode', 'other'), fc.jsonValue()).map(([field, value]) => ({
      method,
      path,
      body: { ...body, [field]: value },
    })),
  );
  await fc.assert(
    fc.asyncProperty(spoilt, async ({ method, path, body }) => {
      const reply = await server.call(method, path, { headers: { 'if-match': '"1"' }, body });
      expect([200, 201, 202, 400]).toContain(reply.status);
    }),
    { numRuns: 120 },
  );
});

it('whatever is asked for, the answer is no 500', async () => {
  const paths = ['endpoints', 'deliveries', `endpoints/${ENDPOINT_ID}`, `deliveries/${DELIVERY_ID}`];
  const names = fc.constantFrom('limit', 'cursor', 'endpoint', 'type', 'state', 'from', 'to', 'x');
  const query = fc.dictionary(names, fc.string({ unit: 'binary', maxLength: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), query, async (path, parameters) => {
      const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const reply = await server.call('GET', `/api/v1/webhooks/${path}?${pairs.join('&')}`);
      expect([200, 400]).toContain(reply.status);
    }),
    { numRuns: 120 },
  );
});
