import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLE_LEAD_VIEW, EXAMPLE_PLAN } from '../../src/http/lead-examples.js';
import { bearer } from './fake-accounts.js';
import { failing } from './fakes.js';
import { disclosedView, forgetfulView, LEAD_ID, SECRETS, someLeads } from './lead-fakes.js';
import { type Reply, type Served, serve } from './served.js';

const LEADS = '/api/v1/leads';
const NEED = 'need_0123456789abcdefghijklmn';

let server: Served;
beforeAll(async () => {
  server = await serve(someLeads);
});
afterAll(() => server.close());

const lastAsked = () => server.asked.at(-1);

/** Every text and key in a JSON value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...textsIn(child)]);
}

function tellsNothing(reply: Reply): void {
  const texts = textsIn(reply.body).join('\n') + reply.text;
  for (const secret of [...Object.values(SECRETS), '甲乙丙']) expect(texts).not.toContain(secret);
}

describe('GET /leads', () => {
  it('gives a page with words beside the codes', async () => {
    const reply = await server.call('GET', LEADS);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        nextCursor: 'next',
        items: [
          {
            blind: true,
            firm: null,
            lead: {
              stage: 'pushed',
              stageText: '推送',
              clocks: [{ kind: 'response', kindText: '响应时限', dueText: '2030-01-03 24:00' }],
              history: [{ move: 'push', moveText: '推送', partyText: '企业所在县', atText: '2030-01-02 11:04' }],
              waitsFor: { party: 'host', partyText: '承接县', dueText: '2030-01-03 24:00' },
            },
            moves: [{ move: 'accept', moveText: '受理', refusals: [] }, { move: 'decline' }],
          },
          {
            blind: false,
            firm: { name: SECRETS.name },
            moves: [
              { move: 'beginTalk', refusals: [{ code: 'needsHold', text: '首谈前须有有效的要素预留' }] },
              { move: 'end' },
            ],
          },
        ],
      },
    });
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('hands filters on, days as times in China', async () => {
    await server.call(
      'GET',
      `${LEADS}?stage=signed&need=${NEED}&county=331102&from=2026-01-01&to=2026-01-31&limit=7&cursor=abc`,
    );
    expect(lastAsked()).toEqual({
      name: 'listLeads',
      args: [
        {
          stage: 'signed',
          needId: NEED,
          county: '331102',
          from: '2025-12-31T16:00:00.000Z',
          to: '2026-01-31T15:59:59.999Z',
        },
        'abc',
        7,
      ],
    });
    await server.call('GET', LEADS);
    expect(lastAsked()?.args).toEqual([{}, null, 20]);
  });

  it.each([
    ['stage=landed', { field: 'stage', code: 'notAllowed' }],
    ['need=a%20b', { field: 'need', code: 'badFormat' }],
    ['county=33', { field: 'county', code: 'badFormat' }],
    ['from=2026-02-30', { field: 'from', code: 'notADate' }],
    ['to=1999-12-31', { field: 'to', code: 'dateTooEarly' }],
    ['from=2026-02-02&to=2026-02-01', { field: 'from', code: 'fromAfterTo', limit: '2026-02-01' }],
    ['limit=0', { field: 'limit', code: 'tooSmall' }],
    ['limit=101', { field: 'limit', code: 'tooLarge', limit: 100 }],
    ['cursor=', { field: 'cursor', code: 'empty' }],
    ['format=xlsx', { field: 'format', code: 'notAllowed', limit: 'json csv' }],
    ['firm=x', { field: 'firm', code: 'unknownField' }],
    ['q=x', { field: 'q', code: 'unknownField' }],
    ['sort=firm.name', { field: 'sort', code: 'unknownField' }],
  ])('refuses ?%s', async (query, error) => {
    const before = server.asked.length;
    const reply = await server.call('GET', `${LEADS}?${query}`);
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [error] } });
    expect(server.asked.length).toBe(before);
  });
});

describe('a blind lead', () => {
  let forgetful: Served;
  beforeAll(async () => {
    forgetful = await serve({
      ...someLeads,
      getLead: async () => forgetfulView,
      listLeads: async () => ({ items: [forgetfulView], nextCursor: null }),
      moveLead: async () => forgetfulView,
      registerLeads: async () => ({
        report: await someLeads.getReport(''),
        leads: [forgetfulView],
      }),
      readInbox: async () => ({
        items: [{ kind: 'lead', dueAt: null, overdue: false, view: forgetfulView }],
        nextCursor: null,
      }),
      readPlan: async () => ({ ...EXAMPLE_PLAN, view: forgetfulView }),
    });
  });
  afterAll(() => forgetful.close());

  it.each([
    ['GET', LEADS, undefined],
    ['GET', `${LEADS}?format=csv`, undefined],
    ['GET', `${LEADS}/${LEAD_ID}`, undefined],
    ['GET', `${LEADS}/${LEAD_ID}/plan`, undefined],
    ['GET', '/api/v1/inbox', undefined],
    ['POST', LEADS, { needId: NEED, parkIds: ['331102-01'] }],
    ['POST', `${LEADS}/${LEAD_ID}/moves`, { move: 'accept' }],
  ])('%s %s tells nothing of the firm, even if the use case forgot to hide it', async (method, path, body) => {
    const headers = { 'if-match': '"5"' };
    const reply = await forgetful.call(method, path, { as: 'coordinator', headers, body });
    expect(reply.status).toBeLessThan(300);
    tellsNothing(reply);
  });

  it('the check can fail: a disclosed lead shows its firm', async () => {
    const open = await serve({ ...someLeads, getLead: async () => disclosedView });
    const reply = await open.call('GET', `${LEADS}/${LEAD_ID}`);
    expect(() => tellsNothing(reply)).toThrow();
    await open.close();
  });
});

describe('the ledger', () => {
  it('is a CSV file that Excel reads as UTF-8, of every page', async () => {
    const pages: (string | null)[] = [];
    const paged = await serve({
      ...someLeads,
      listLeads: async (_filter, cursor) => {
        pages.push(cursor);
        return { items: [EXAMPLE_LEAD_VIEW, disclosedView], nextCursor: cursor === null ? 'second' : null };
      },
    });
    const response = await fetch(`${paged.url}${LEADS}?format=csv`, {
      headers: { authorization: `Bearer ${bearer('coordinator')}` },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="leads-2026-03-01.csv"');
    expect(response.headers.get('next-cursor')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
    const rows = new TextDecoder().decode(bytes).trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + 4);
    expect(rows[0]).toMatch(/^线索编号,阶段,/);
    expect(rows[1]).toContain('推送');
    expect(rows[1]).toContain('未披露');
    expect(rows[2]).toContain(SECRETS.name);
    expect(pages).toEqual([null, 'second']);
    expect((await paged.call('GET', `${LEADS}?format=csv`)).status).toBe(200);
    await paged.close();
  });

  it('says where it stopped when there are too many leads', async () => {
    const items = Array.from({ length: 100 }, () => EXAMPLE_LEAD_VIEW);
    let asked = 0;
    const endless = await serve({
      ...someLeads,
      listLeads: async () => {
        asked += 1;
        return { items, nextCursor: `c${asked}` };
      },
    });
    const reply = await endless.call('GET', `${LEADS}?format=csv`);
    expect(asked).toBe(20);
    expect(reply.headers.get('next-cursor')).toBe('c20');
    expect(reply.headers.get('content-disposition')).toContain('leads-2026-03-01-part.csv');
    expect(reply.text.trimEnd().split('\r\n')).toHaveLength(2_001);
    await endless.close();
  });

  it('cannot begin a formula', async () => {
    const firm = { name: '=HYPERLINK("http://x","y")', countyAdcode: '330782' };
    const sly = { ...disclosedView, firm, title: '@SUM(1)\r\n-1', lead: { ...disclosedView.lead, chainId: '+1' } };
    const injected = await serve({ ...someLeads, listLeads: async () => ({ items: [sly], nextCursor: null }) });
    const { text } = await injected.call('GET', `${LEADS}?format=csv`);
    expect(text).toContain(`,"'=HYPERLINK(""http://x"",""y"")",`);
    expect(text).toContain(`,"'@SUM(1)\r\n-1",`);
    expect(text).toContain(",'+1,");
    await injected.close();
  });
});

describe('POST /leads', () => {
  const body = { needId: NEED, parkIds: ['331102-01', '331121-01'], note: ' 请尽快\n研判 ' };

  it('gives the report and the leads', async () => {
    const reply = await server.call('POST', LEADS, { body });
    expect(reply).toMatchObject({
      status: 201,
      body: {
        report: {
          standing: 'candidate',
          standingText: '疑似重复，待裁定',
          candidates: [{ reasons: [{ text: '企业名称相近(93%)' }, { text: '项目内容相近(71%)' }] }],
        },
        leads: [{ lead: { id: LEAD_ID } }],
      },
    });
    expect(lastAsked()?.args).toEqual([{ ...body, note: '请尽快\n研判' }]);
    await server.call('POST', LEADS, { body: { needId: NEED, parkIds: ['p'] } });
    expect(lastAsked()?.args).toEqual([{ needId: NEED, parkIds: ['p'], note: null }]);
  });

  describe('refuses', () => {
    let before = 0;
    beforeEach(() => {
      before = server.asked.length;
    });
    afterEach(() => expect(server.asked.length).toBe(before));

    it.each([
      [{ needId: undefined }, { field: 'needId', code: 'required', detail: '需求编号：没有填写' }],
      [{ needId: '有 空格' }, { field: 'needId', code: 'badFormat' }],
      [{ parkIds: [] }, { field: 'parkIds', code: 'tooFew', limit: 1 }],
      [{ parkIds: ['1', '2', '3', '4', '5', '6'] }, { field: 'parkIds', code: 'tooMany', limit: 5 }],
      [{ parkIds: ['1', '1'] }, { field: 'parkIds[1]', code: 'duplicate' }],
      [{ parkIds: ['$where'] }, { field: 'parkIds[0]', code: 'badFormat' }],
      [{ parkIds: '331102-01' }, { field: 'parkIds', code: 'wrongType' }],
      [
        { note: '字'.repeat(501) },
        { field: 'note', code: 'tooLong', limit: 500, detail: '备注：超过 500 个字符；请精简' },
      ],
      [{ note: 'a\u0000b' }, { field: 'note', code: 'controlCharacter' }],
      [{ note: 'a\u202eb' }, { field: 'note', code: 'controlCharacter' }],
      [{ firm: { name: 'x' } }, { field: 'firm', code: 'unknownField' }],
    ])('%j', async (change, error) => {
      const reply = await server.call('POST', LEADS, { body: { ...body, ...change } });
      expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [error] } });
    });
  });
});

describe('GET /leads/{id} and its plan', () => {
  it('carries the version as ETag', async () => {
    const reply = await server.call('GET', `${LEADS}/${LEAD_ID}`);
    expect(reply).toMatchObject({ status: 200, body: { links: { plan: `${LEADS}/${LEAD_ID}/plan` } } });
    expect(reply.headers.get('etag')).toBe('"2"');
  });

  it('a lead of others is as if there were none', async () => {
    const none = await serve({ ...someLeads, getLead: failing('notFound'), readPlan: failing('notFound') });
    const foreign = await none.call('GET', `${LEADS}/${LEAD_ID}`);
    const odd = await none.call('GET', `${LEADS}/a%20b`);
    const { instance: _, ...told } = foreign.body as Record<string, unknown>;
    const { instance: __, ...oddTold } = odd.body as Record<string, unknown>;
    expect(told).toEqual(oddTold);
    expect((await none.call('GET', `${LEADS}/${LEAD_ID}/plan`)).status).toBe(404);
    await none.close();
  });

  it('the plan says in Chinese what is open, what could be claimed and what comes next', async () => {
    expect(await server.call('GET', `${LEADS}/${LEAD_ID}/plan`)).toMatchObject({
      status: 200,
      body: {
        openGates: [
          { gate: 'energyTce', text: expect.stringMatching(/^能耗指标待确认，要 8,000 吨标煤\/年，现有 未知；办法：/) },
        ],
        policies: [{ amountText: null, amountShownText: '每年不超过 500 万元' }],
        hold: {
          kindText: '软预留',
          untilText: '2030-02-09 24:00',
          amountsText: expect.stringContaining('地块 A-01 100 亩'),
        },
        people: [{ partyText: '承接县', displayNames: ['莲都招商一科'] }],
        share: { taxWan: { total: 10_000, source: 5_000, host: 5_000 }, basis: [{ whatText: '产值' }] },
        nextStep: { text: '承接县受理，期限 2030-01-03 24:00' },
      },
    });
  });
});
