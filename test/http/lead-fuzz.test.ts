import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXAMPLE_SCHEME } from '../../src/http/lead-examples.js';
import { HOLD_ID, LEAD_ID, REPORT_ID, someLeads } from './lead-fakes.js';
import { type Served, serve } from './served.js';

let server: Served;
beforeAll(async () => {
  server = await serve(someLeads);
});
afterAll(() => server.close());

const { title, rules } = EXAMPLE_SCHEME;

/** Routes that take a body, each with one that is in order. */
const BODIES: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ['POST', '/api/v1/leads', { needId: 'need_1', parkIds: ['p'], note: 'x' }],
  ['POST', `/api/v1/leads/${LEAD_ID}/moves`, { move: 'decline', reason: 'other', note: 'x' }],
  ['POST', `/api/v1/leads/${LEAD_ID}/holds`, { kind: 'soft', amounts: { factors: { codT: 1 } }, wait: true }],
  ['POST', `/api/v1/holds/${HOLD_ID}/extensions`, { reason: 'x' }],
  ['POST', `/api/v1/first-reports/${REPORT_ID}/decision`, { outcome: 'stands', reason: 'x' }],
  ['PUT', '/api/v1/schemes/zj-pairing', { title, from: '2026-03-01', rules }],
];

it('a body in order is taken', async () => {
  for (const [method, path, body] of BODIES) {
    const reply = await server.call(method, path, { headers: { 'if-match': '"1"' }, body });
    expect({ path, status: reply.status < 300 }).toEqual({ path, status: true });
  }
});

it('whatever stands in one of its fields, the answer is one the document describes and never 500', async () => {
  const spoilt = fc.constantFrom(...BODIES).chain(([method, path, body]) =>
    fc.tuple(fc.constantFrom(...Object.keys(body), 'other'), fc.jsonValue()).map(([field, value]) => ({
      method,
      path,
      body: { ...body, [field]: value },
    })),
  );
  await fc.assert(
    fc.asyncProperty(spoilt, async ({ method, path, body }) => {
      const reply = await server.call(method, path, { headers: { 'if-match': '"1"' }, body });
      expect([200, 201, 400]).toContain(reply.status);
    }),
    { numRuns: 150 },
  );
});

it('whatever is asked for, the answer is no 500', async () => {
  const paths = ['leads', 'inbox', 'reports/funnel', 'schemes', 'audit', `leads/${LEAD_ID}`, 'parks/p/capacity'];
  const names = fc.constantFrom('limit', 'cursor', 'stage', 'from', 'to', 'by', 'format', 'chain', 'county', 'x');
  const query = fc.dictionary(names, fc.string({ unit: 'binary', maxLength: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), query, async (path, parameters) => {
      const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const reply = await server.call('GET', `/api/v1/${path}?${pairs.join('&')}`);
      expect([200, 400]).toContain(reply.status);
    }),
    { numRuns: 150 },
  );
});
