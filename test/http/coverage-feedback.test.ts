import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failing } from './fakes.js';
import { type Served, serve } from './served.js';

const COVERAGE = '/api/v1/chains/semiconductor-opto/coverage';
const FEEDBACK = '/api/v1/counties/330802/feedback';

let server: Served;
beforeAll(async () => {
  server = await serve();
});
afterAll(() => server.close());

describe('coverage of a chain', () => {
  it('asks with county, cursor and bound, and is kept by no cache', async () => {
    const reply = await server.call('GET', `${COVERAGE}?county=330802&scan=500&cursor=abc`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toMatchObject({ present: [], missing: [], wanted: [], scanned: 0, truncated: false });
    expect(server.asked.at(-1)).toEqual({ name: 'readCoverage', args: ['semiconductor-opto', '330802', 'abc', 500] });
    await server.call('GET', `${COVERAGE}?county=330802`);
    expect(server.asked.at(-1)?.args).toEqual(['semiconductor-opto', '330802', null, 100]);
  });

  it.each([
    ['', 'county', 'required'],
    ['?county=3308', 'county', 'badFormat'],
    ['?county=330802&scan=501', 'scan', 'tooLarge'],
    ['?county=330802&scan=0', 'scan', 'tooSmall'],
    ['?county=330802&limit=5', 'limit', 'unknownField'],
  ])('refuses %s', async (query, field, code) => {
    const reply = await server.call('GET', COVERAGE + query);
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [{ field, code }] } });
  });

  it('says that a chain is not there, in Chinese', async () => {
    const other = await serve({ readCoverage: failing('notFound') });
    const reply = await other.call('GET', `${COVERAGE}?county=330802`);
    expect(reply).toMatchObject({ status: 404, body: { code: 'notFound' } });
    await other.close();
  });
});

describe('feedback for a county', () => {
  it('asks with cursor and bound', async () => {
    const reply = await server.call('GET', `${FEEDBACK}?scan=20`);
    expect(reply).toMatchObject({ status: 200, body: { factors: [], totals: { needs: 0 } } });
    expect(server.asked.at(-1)).toEqual({ name: 'readFeedback', args: ['330802', null, 20] });
  });

  it('what cannot be a county is not found, and is asked of nobody', async () => {
    const before = server.asked.length;
    const reply = await server.call('GET', '/api/v1/counties/33080x/feedback');
    expect(reply).toMatchObject({ status: 404, body: { code: 'notFound' } });
    expect(server.asked.length).toBe(before);
  });
});
