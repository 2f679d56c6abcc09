import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { minimalNeed, NEED_ID, PARK_ID } from './fakes.js';
import { type Served, serve } from './served.js';

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

const ROUTES = [
  ['POST', '/api/v1/needs', {}],
  ['PUT', `/api/v1/needs/${NEED_ID}`, { 'if-match': '"1"' }],
  ['PATCH', `/api/v1/parks/${PARK_ID}/inventory`, { 'if-match': '"1"' }],
] as const;

const anyJson = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom(...Object.keys(minimalNeed()), 'factors', 'parcels', 'workers'), fc.jsonValue()),
  fc.tuple(fc.constantFrom(...Object.keys(minimalNeed())), fc.jsonValue()).map(([field, value]) => ({
    ...minimalNeed(),
    [field]: value,
  })),
);

it('whatever JSON is sent, the answer is one the document describes and never 500', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ROUTES), anyJson, async ([method, path, headers], body) => {
      const reply = await server.call(method, path, { headers, body });
      expect([200, 202, 400]).toContain(reply.status);
    }),
    { numRuns: 200 },
  );
});

it('whatever bytes are sent, the answer is a problem and never 500', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ROUTES),
      fc.uint8Array({ maxLength: 200 }),
      async ([method, path, extra], bytes) => {
        const headers = { ...extra, 'content-type': 'application/json' };
        const reply = await server.raw(method, path, Uint8Array.from(bytes), headers);
        expect(reply.status).toBe(400);
      },
    ),
    { numRuns: 100 },
  );
});

it('whatever is asked for, the answer is no 500', async () => {
  const paths = ['/api/v1/needs', '/api/v1/parks', '/api/v1/counties', '/api/v1/industries', '/api/v1/jobs/failed'];
  const names = fc.constantFrom('limit', 'cursor', 'q', 'kind', 'county', 'offset', 'wait', 'x');
  const query = fc.dictionary(names, fc.string({ unit: 'binary', maxLength: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), query, async (path, parameters) => {
      const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const reply = await server.call('GET', `${path}?${pairs.join('&')}`);
      expect([200, 400]).toContain(reply.status);
    }),
    { numRuns: 150 },
  );
});
