import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueOf } from '../../src/usecases/leads/move-lead.js';
import { failing } from './fakes.js';
import { LEAD_ID, someLeads } from './lead-fakes.js';
import { type Served, serve } from './served.js';

const MOVES = `/api/v1/leads/${LEAD_ID}/moves`;
const headers = { 'if-match': '"2"' };

let server: Served;
beforeAll(async () => {
  server = await serve(someLeads);
});
afterAll(() => server.close());

describe('POST /leads/{id}/moves', () => {
  it('makes the move on the version that was read', async () => {
    const body = { move: 'decline', reason: 'energyShort', note: '今年已用完' };
    const reply = await server.call('POST', MOVES, { headers, body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('"3"');
    expect(server.asked.at(-1)).toEqual({ name: 'moveLead', args: [LEAD_ID, 2, body] });
  });

  it('wants If-Match, of the current version', async () => {
    const body = { move: 'accept' };
    expect((await server.call('POST', MOVES, { body })).status).toBe(428);
    for (const tag of ['*', 'W/"2"', '2', '"1", "2"', '"0"']) {
      expect((await server.call('POST', MOVES, { headers: { 'if-match': tag }, body })).status).toBe(400);
    }
    const raced = await serve({
      ...someLeads,
      moveLead: failing('versionConflict', { params: { currentVersion: 4 } }),
    });
    expect(await raced.call('POST', MOVES, { headers, body })).toMatchObject({
      status: 409,
      body: { code: 'versionConflict', currentVersion: 4 },
    });
    await raced.close();
  });

  it('a refused move lists every refusal, each in Chinese', async () => {
    const request = { move: 'transfer' } as const;
    const refusals = [
      { code: 'wrongStage', params: { stage: 'signed', allowed: 'pushed,accepted' } },
      { code: 'firstCountyHasIt', params: { hostAdcode: '331102', dueAt: '2026-11-24T16:00:00.000Z' } },
      { code: 'reportDoesNotStand', params: {} },
      { code: 'tooManyPushes', params: { open: 3, atMost: 3 } },
      { code: 'needsPark', params: {} },
    ] as const;
    const issues = refusals.map((refusal) => issueOf(refusal, request));
    const refused = await serve({
      ...someLeads,
      moveLead: failing('moveRefused', { params: { move: 'transfer', stage: 'signed' }, issues }),
    });
    const reply = await refused.call('POST', MOVES, { headers, body: request });
    expect(reply).toMatchObject({ status: 409, body: { code: 'moveRefused' } });
    const { errors, detail } = reply.body as { errors: readonly { code: string; detail: string }[]; detail: string };
    expect(errors.map(({ code }) => code)).toEqual(refusals.map(({ code }) => code));
    expect(errors.map((error) => error.detail)).toEqual([
      '流转：现在是“签约”阶段，不能办这一步',
      '流转：首家县的时限到 2026-11-24 24:00 为止，此前须其退回或同意才能流转',
      '流转：首报疑似重复或已让位，须先由省级协调员裁定',
      '流转：同时推送的县已到规则的上限(3 个)',
      '流转：须写明流转到哪个园区',
    ]);
    expect(detail).toContain('首家县的时限到 2026-11-24 24:00 为止');
    await refused.close();
  });

  it.each([
    [{}, { field: 'move', code: 'required', detail: '办理的步骤：没有填写' }],
    [{ move: 'jump' }, { field: 'move', code: 'notAllowed' }],
    [
      { move: 'decline', reason: '不想要' },
      { field: 'reason', code: 'notAllowed' },
    ],
    [
      { move: 'accept', note: 'a'.repeat(501) },
      { field: 'note', code: 'tooLong', limit: 500 },
    ],
    [
      { move: 'accept', note: 'a\u0007' },
      { field: 'note', code: 'controlCharacter' },
    ],
    [
      { move: 'transfer', parkId: '../x' },
      { field: 'parkId', code: 'badFormat' },
    ],
    [
      { move: 'giveFeedback', outcome: 'maybe' },
      { field: 'outcome', code: 'notAllowed', limit: 'proceed stop' },
    ],
    [
      { move: 'accept', to: 'signed' },
      { field: 'to', code: 'unknownField' },
    ],
  ])('refuses %j', async (body, error) => {
    const before = server.asked.length;
    const reply = await server.call('POST', MOVES, { headers, body });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [error] } });
    expect(server.asked.length).toBe(before);
  });
});
