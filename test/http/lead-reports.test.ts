import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLE_FUNNEL, EXAMPLE_SCHEME } from '../../src/http/lead-examples.js';
import { failing } from './fakes.js';
import { REPORT_ID, someLeads } from './lead-fakes.js';
import { type Served, serve } from './served.js';

let server: Served;
beforeAll(async () => {
  server = await serve(someLeads);
});
afterAll(() => server.close());

describe('GET /inbox', () => {
  it('lists leads and reports that wait, with their limits in Chinese', async () => {
    expect(await server.call('GET', '/api/v1/inbox?limit=2&cursor=abc')).toMatchObject({
      status: 200,
      body: {
        items: [
          { kind: 'lead', dueText: '2026-03-02 24:00', overdue: false, view: { blind: true, firm: null } },
          { kind: 'report', dueAt: null, dueText: null, report: { id: REPORT_ID } },
        ],
        nextCursor: null,
      },
    });
    expect(server.asked.at(-1)).toEqual({ name: 'readInbox', args: ['abc', 2] });
  });

  it.each(['limit=101', 'limit=0', 'cursor=', 'party=host'])('refuses ?%s', async (query) => {
    expect((await server.call('GET', `/api/v1/inbox?${query}`)).status).toBe(400);
  });
});

describe('first reports', () => {
  const REPORT = `/api/v1/first-reports/${REPORT_ID}`;
  const body = { outcome: 'stands', reason: '产品不同' };
  const headers = { 'if-match': '"1"' };

  it('are read with their version as ETag', async () => {
    const reply = await server.call('GET', REPORT);
    expect(reply).toMatchObject({ status: 200, body: { protectedUntilText: '2030-07-01 24:00', decision: null } });
    expect(reply.headers.get('etag')).toBe('"1"');
  });

  it('are decided by the coordinator, on the version that was read', async () => {
    const reply = await server.call('POST', `${REPORT}/decision`, { headers, body });
    expect(reply).toMatchObject({
      status: 200,
      body: { standing: 'first', standingText: '首报有效', decision: { outcomeText: '认定有效', reason: '产品不同' } },
    });
    expect(reply.headers.get('etag')).toBe('"2"');
    expect(server.asked.at(-1)).toEqual({ name: 'decideReport', args: [REPORT_ID, 1, body] });
    expect((await server.call('POST', `${REPORT}/decision`, { body })).status).toBe(428);
    const asked = server.asked.length;
    for (const as of ['sourceStaff', 'hostStaff', 'auditor', 'integration'] as const) {
      expect((await server.call('POST', `${REPORT}/decision`, { as, headers, body })).status).toBe(403);
    }
    expect(server.asked.length).toBe(asked);
  });

  it.each([
    [{ reason: 'x' }, { field: 'outcome', code: 'required' }],
    [
      { ...body, outcome: 'both' },
      { field: 'outcome', code: 'notAllowed', limit: 'stands duplicate' },
    ],
    [
      { ...body, reason: '' },
      { field: 'reason', code: 'empty' },
    ],
    [
      { ...body, reason: '长'.repeat(201) },
      { field: 'reason', code: 'tooLong', limit: 200 },
    ],
    [
      { ...body, by: 'me' },
      { field: 'by', code: 'unknownField' },
    ],
  ])('a decision %j is refused', async (sent, error) => {
    const reply = await server.call('POST', `${REPORT}/decision`, { headers, body: sent });
    expect(reply).toMatchObject({ status: 400, body: { errors: [error] } });
  });
});

describe('GET /reports/funnel', () => {
  const FUNNEL = '/api/v1/reports/funnel';

  it('covers the last 365 days unless told', async () => {
    const reply = await server.call('GET', `${FUNNEL}?by=pair`);
    expect(reply).toMatchObject({
      status: 200,
      body: { byText: '结对', total: { landedRate: 0.08, landedRateText: '8%' }, baseline: { pushed: 50, landed: 4 } },
    });
    expect(server.asked.at(-1)?.args).toEqual([{ by: 'pair', from: '2025-03-02', to: '2026-03-01' }]);
    await server.call('GET', `${FUNNEL}?by=chain&from=2026-01-01&to=2026-02-01`);
    expect(server.asked.at(-1)?.args).toEqual([{ by: 'chain', from: '2026-01-01', to: '2026-02-01' }]);
    await server.call('GET', `${FUNNEL}?by=county&to=2025-01-01`);
    expect(server.asked.at(-1)?.args).toEqual([{ by: 'county', from: '2024-01-03', to: '2025-01-01' }]);
  });

  it('as CSV: a row a key and the total last, names that cannot begin a formula', async () => {
    const row = { ...EXAMPLE_FUNNEL.total, key: 'x', label: '=1+1', landedRate: null };
    const sly = await serve({ ...someLeads, readFunnel: async () => ({ ...EXAMPLE_FUNNEL, rows: [row] }) });
    const reply = await sly.call('GET', `${FUNNEL}?by=scheme&format=csv`);
    expect(reply.headers.get('content-disposition')).toContain('funnel-scheme-2025-03-02-2026-03-01.csv');
    const lines = reply.text.trimEnd().split('\r\n');
    expect(lines[1]).toBe("x,'=1+1,50,20,6,4,10,0.4,0.12,,2,45.5,");
    expect(lines[2]).toMatch(/^total,合计,50,/);
    expect(lines).toHaveLength(3);
    await sly.close();
  });

  it.each([
    ['', { field: 'by', code: 'required' }],
    ['by=firm', { field: 'by', code: 'notAllowed', limit: 'pair county scheme chain' }],
    ['by=pair&from=2026-02-02&to=2026-02-01', { field: 'from', code: 'fromAfterTo' }],
    ['by=pair&from=yesterday', { field: 'from', code: 'notADate' }],
    ['by=pair&limit=5', { field: 'limit', code: 'unknownField' }],
  ])('refuses ?%s', async (query, error) => {
    expect(await server.call('GET', `${FUNNEL}?${query}`)).toMatchObject({ status: 400, body: { errors: [error] } });
  });
});

describe('schemes', () => {
  const SCHEME = '/api/v1/schemes/zj-pairing';
  const headers = { 'if-match': '"1"' };
  const { title, rules } = EXAMPLE_SCHEME;
  const body = { title, from: '2026-03-01', rules };

  it('are shown with each rule in Chinese and its source', async () => {
    const reply = await server.call('GET', '/api/v1/schemes', { as: 'hostStaff' });
    const { items } = reply.body as { items: readonly { rulesText: readonly Record<string, string>[] }[] };
    expect(items[0]?.rulesText).toHaveLength(Object.keys(rules).length);
    expect(items[0]?.rulesText).toContainEqual({
      rule: 'taxShare',
      name: '税收分成',
      text: '企业所在县 50%，承接县 50%',
      source: '示例协议第三条',
    });
    expect(items[0]?.rulesText).toContainEqual(expect.objectContaining({ rule: 'tieRule', text: '先登记者为首报' }));
  });

  it('are published as the next version of the newest', async () => {
    const reply = await server.call('PUT', SCHEME, { headers, body });
    expect(reply).toMatchObject({ status: 200, body: { id: 'zj-pairing', version: 2, from: '2026-03-01' } });
    expect(reply.headers.get('etag')).toBe('"2"');
    expect(server.asked.at(-1)).toEqual({ name: 'publishScheme', args: ['zj-pairing', 1, body] });
    expect((await server.call('PUT', SCHEME, { body })).status).toBe(428);
    expect((await server.call('PUT', SCHEME, { as: 'sourceStaff', headers, body })).status).toBe(403);
    const raced = await serve({
      ...someLeads,
      publishScheme: failing('versionConflict', { params: { currentVersion: 3 } }),
    });
    expect(await raced.call('PUT', SCHEME, { headers, body })).toMatchObject({
      status: 409,
      body: { currentVersion: 3 },
    });
    await raced.close();
  });

  const { provenance } = rules.feedbackDays;
  const changed = (rule: keyof typeof rules, value: unknown) => ({
    ...body,
    rules: { ...rules, [rule]: { value, provenance } },
  });

  it.each([
    [
      { ...body, title: undefined },
      { field: 'title', code: 'required' },
    ],
    [
      { ...body, from: '2026-02-28' },
      { field: 'from', code: 'dateInPast', limit: '2026-03-01' },
    ],
    [
      { ...body, rules: { ...rules, feedbackDays: undefined } },
      { field: 'rules.feedbackDays', code: 'required' },
    ],
    [
      { ...body, rules: { ...rules, feedbackDays: { value: 7 } } },
      { field: 'rules.feedbackDays.provenance', code: 'required', detail: '反馈时限(日)的出处：没有填写' },
    ],
    [
      { ...body, rules: { ...rules, feedbackDays: { value: 7, provenance: { ...provenance, asOf: '2026-03-02' } } } },
      { field: 'rules.feedbackDays.provenance.asOf', code: 'dateInFuture' },
    ],
    [changed('responseWorkingDays', 0), { field: 'rules.responseWorkingDays.value', code: 'tooSmall', limit: 1 }],
    [changed('progressDays', 366), { field: 'rules.progressDays.value', code: 'tooLarge', limit: 365 }],
    [changed('assessmentWorkingDays', 1.5), { field: 'rules.assessmentWorkingDays.value', code: 'notWhole' }],
    [changed('minInvestWan', -1), { field: 'rules.minInvestWan.value', code: 'tooSmall' }],
    [changed('tieRule', 'lottery'), { field: 'rules.tieRule.value', code: 'notAllowed' }],
    [changed('countsExpansionsOfLanded', 'no'), { field: 'rules.countsExpansionsOfLanded.value', code: 'wrongType' }],
    [
      changed('taxShare', { source: 0.5, host: 0.4 }),
      { field: 'rules.taxShare.value', code: 'sharesDontAddUp', detail: '税收分成的数值：两县的份额合计 0.9，应为 1' },
    ],
    [changed('taxShare', { source: 1.5, host: -0.5 }), { field: 'rules.taxShare.value.source', code: 'tooLarge' }],
    [
      { ...body, rules: { ...rules, bonus: 1 } },
      { field: 'rules.bonus', code: 'unknownField' },
    ],
    [
      { ...body, version: 9 },
      { field: 'version', code: 'unknownField' },
    ],
  ])('a version that is not in order is refused (%#)', async (sent, error) => {
    const before = server.asked.length;
    const reply = await server.call('PUT', SCHEME, { headers, body: sent });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: expect.any(Array) } });
    expect((reply.body as { errors: readonly unknown[] }).errors[0]).toMatchObject(error);
    expect(server.asked.length).toBe(before);
  });
});

describe('GET /audit', () => {
  it('shows who did what when, and hands the filters on', async () => {
    const query = 'chain=330782&object=lead_1&type=lead.pushed&from=2026-01-01&to=2026-01-01&limit=5';
    expect(await server.call('GET', `/api/v1/audit?${query}`)).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            position: 7,
            typeText: '线索推送',
            objectText: '线索',
            atText: '2030-01-02 11:04',
            actorText: '工业大县工作人员 user_0123456789abcdefghijklmn',
          },
        ],
      },
    });
    expect(server.asked.at(-1)?.args).toEqual([
      {
        chain: '330782',
        objectId: 'lead_1',
        type: 'lead.pushed',
        from: '2025-12-31T16:00:00.000Z',
        to: '2026-01-01T15:59:59.999Z',
      },
      null,
      5,
    ]);
    await server.call('GET', '/api/v1/audit');
    expect(server.asked.at(-1)?.args).toEqual([{ chain: null }, null, 20]);
  });

  it.each([
    'chain=33',
    'type=drop',
    'type=LEAD.pushed',
    'object=%E4%BC%81%E4%B8%9A',
    'from=1',
    'limit=1000',
    'actor=x',
  ])('refuses ?%s', async (query) => {
    expect((await server.call('GET', `/api/v1/audit?${query}`)).status).toBe(400);
  });

  it("another county's chain is as if there were none", async () => {
    const none = await serve({ ...someLeads, listAudit: failing('notFound') });
    expect((await none.call('GET', '/api/v1/audit?chain=331102')).status).toBe(404);
    await none.close();
  });
});
