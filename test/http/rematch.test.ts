import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { EXAMPLE_HISTORY, EXAMPLE_RUN } from '../../src/http/rematch-examples.js';
import type { UseCases } from '../../src/usecases/use-cases.js';
import { bearer } from './fake-accounts.js';
import { type Asked, fakeUseCases, NEED_ID } from './fakes.js';
import { type Served, serve } from './served.js';

let server: Served;
let asked: readonly Asked[] = [];
let over: Partial<UseCases> = {};

beforeAll(async () => {
  server = await serve(
    {},
    {
      useCasesFor: () => {
        const made = fakeUseCases(over);
        asked = made.asked;
        return made.useCases;
      },
    },
  );
});
afterAll(() => server.close());

const RUN = `/api/v1/jobs/rematch/${EXAMPLE_RUN.id}`;

describe('GET /needs/{id}/history', () => {
  it('tells each change and each move in Chinese, and hands paging on', async () => {
    over = { readHistory: async () => ({ items: [EXAMPLE_HISTORY], nextCursor: 'next' }) };
    const reply = await server.call('GET', `/api/v1/needs/${NEED_ID}/history?cursor=abc&limit=5`);
    expect(reply.status).toBe(200);
    expect(asked).toEqual([{ name: 'readHistory', args: [NEED_ID, 'abc', 5] }]);
    expect(reply.body).toMatchObject({
      nextCursor: 'next',
      items: [
        {
          position: 2,
          atText: '2026-11-23 10:15',
          changes: [{ fact: 'energyTce', text: '园区 331102-01 的能耗指标：5,000 吨标煤/年 → 450 吨标煤/年' }],
          difference: {
            first: { text: '首选由 331102-01 变为 331127-01' },
            ranks: [{ text: '331127-01 由第 2 名变为第 1 名' }, { text: '331102-01 原为第 1 名，现不在列出的名次内' }],
            gates: [{ text: '331102-01 的门槛“能耗指标”由通过变为不通过' }],
            statuses: [{ text: '331102-01 由可落地变为不能接收' }],
            label: { text: '把握由稳固变为倾向' },
          },
          announcedText: '已通知：没有园区能接收了',
        },
      ],
    });
    expect(reply.text).not.toContain('needId');
  });

  it('tells a first answer without a difference', async () => {
    const first = {
      ...EXAMPLE_HISTORY,
      position: 1,
      changes: [],
      changesTotal: 0,
      fromResultId: null,
      difference: null,
    };
    over = { readHistory: async () => ({ items: [first], nextCursor: null }) };
    const reply = await server.call('GET', `/api/v1/needs/${NEED_ID}/history`);
    expect(reply.body).toMatchObject({ items: [{ fromResultId: null, difference: null, changes: [] }] });
  });

  it.each([
    ['notFound', 404],
    ['storeUnavailable', 503],
  ] as const)('answers %s with %i', async (code, status) => {
    over = { readHistory: () => Promise.reject(new AppError(code)) };
    expect((await server.call('GET', `/api/v1/needs/${NEED_ID}/history`)).status).toBe(status);
  });
});

describe('runs of rematching', () => {
  it('are started, and say where their progress is read', async () => {
    over = {};
    const reply = await server.call('POST', '/api/v1/jobs/rematch');
    expect(reply.status).toBe(202);
    expect(reply.headers.get('location')).toBe(RUN);
    expect(reply.body).toMatchObject({ id: EXAMPLE_RUN.id, stateText: '进行中', reasonText: '人工发起' });
  });

  it('tell how far they have come, and nothing of single needs', async () => {
    over = { getRun: async () => EXAMPLE_RUN, listRuns: async () => ({ items: [EXAMPLE_RUN], nextCursor: null }) };
    for (const path of [RUN, '/api/v1/jobs/rematch']) {
      const reply = await server.call('GET', path);
      expect(reply.status).toBe(200);
      expect(reply.text).toContain('"percent":62.5,"needsPerSecond":89.3');
      expect(reply.text).not.toContain('need_');
    }
  });

  it('are not there under another id', async () => {
    over = {};
    expect((await server.call('GET', RUN)).status).toBe(404);
  });

  it.each(['sourceStaff', 'hostStaff', 'auditor', 'integration'] as const)('are not started by %s', async (role) => {
    over = {};
    const headers = { authorization: `Bearer ${bearer(role)}` };
    for (const [method, path] of [
      ['POST', '/api/v1/jobs/rematch'],
      ['PUT', '/api/v1/rematch-schedules/330782'],
    ] as const) {
      const reply = await server.call(method, path, { as: null, headers, body: { cron: '0 18 * * *' } });
      expect(reply.status).toBe(403);
    }
  });
});

describe('schedules of rematching', () => {
  const PATH = '/api/v1/rematch-schedules/330782';
  const body = { cron: '0 18 * * *' };

  it('are listed by county', async () => {
    const items = [{ countyAdcode: '330782', cron: '0 18 * * *', version: 0 }];
    over = { listSchedules: async () => items };
    expect((await server.call('GET', '/api/v1/rematch-schedules')).body).toEqual({ items });
  });

  it.each([0, 3])('take a change that rests on version %i', async (version) => {
    over = {};
    const reply = await server.call('PUT', PATH, { headers: { 'if-match': `"${version}"` }, body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe(`"${version + 1}"`);
    expect(asked).toEqual([{ name: 'putSchedule', args: ['330782', version, '0 18 * * *'] }]);
  });

  it.each([
    ['no version', {}, PATH, body, 428],
    ['a weak version', { 'if-match': 'W/"0"' }, PATH, body, 400],
    ['a version with a nought before it', { 'if-match': '"01"' }, PATH, body, 400],
    ['no schedule', { 'if-match': '"0"' }, PATH, {}, 400],
    ['a field too many', { 'if-match': '"0"' }, PATH, { ...body, tz: 'UTC' }, 400],
    ['no county', { 'if-match': '"0"' }, '/api/v1/rematch-schedules/everywhere', body, 404],
  ] as const)('are not changed with %s', async (_what, headers, path, sent, status) => {
    over = {};
    const reply = await server.call('PUT', path, { headers, body: sent });
    expect(reply.status).toBe(status);
    expect(asked).toEqual([]);
  });

  it('say in words what is wrong with a schedule, and what version there is', async () => {
    const issues = [{ field: 'cron', code: 'tooOften', value: '*/5 * * * *', limit: 60 }];
    over = { putSchedule: () => Promise.reject(new AppError('invalidInput', { issues })) };
    const refused = await server.call('PUT', PATH, { headers: { 'if-match': '"0"' }, body });
    expect(refused.text).toContain('太频繁；两次至少相隔 60 分钟');
    over = { putSchedule: () => Promise.reject(new AppError('versionConflict', { params: { currentVersion: 2 } })) };
    expect((await server.call('PUT', PATH, { headers: { 'if-match': '"1"' }, body })).status).toBe(409);
  });
});
