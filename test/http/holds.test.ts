import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shortfallIssues } from '../../src/capacity/available.js';
import { NEVER } from '../../src/domain/hold.js';
import { EXAMPLE_CAPACITY, EXAMPLE_HOLD, EXAMPLE_LEAD, EXAMPLE_WAIT } from '../../src/http/lead-examples.js';
import { failing } from './fakes.js';
import { HOLD_ID, LEAD_ID, someLeads } from './lead-fakes.js';
import { type Served, serve } from './served.js';

const HOLDS = `/api/v1/leads/${LEAD_ID}/holds`;
const parkId = EXAMPLE_LEAD.parkId;

let server: Served;
beforeAll(async () => {
  server = await serve(someLeads);
});
afterAll(() => server.close());

describe('POST /leads/{id}/holds', () => {
  it('answers 201 for what is held', async () => {
    const reply = await server.call('POST', HOLDS, { body: { kind: 'soft' } });
    expect(reply).toMatchObject({
      status: 201,
      body: {
        status: 'held',
        parkId,
        hold: {
          id: HOLD_ID,
          kindText: '软预留',
          amountsText: '地块 A-01 100 亩、能耗指标 8,000 吨标煤/年、化学需氧量(COD) 6 吨/年',
          untilText: '2030-02-09 24:00',
        },
        lead: { id: LEAD_ID, stageText: '推送' },
      },
    });
    expect(server.asked.at(-1)?.args).toEqual([LEAD_ID, { kind: 'soft', wait: false }]);
  });

  it('answers 202 for a place on the waitlist', async () => {
    const waiting = await serve({
      ...someLeads,
      placeHold: async () => ({ status: 'waiting', entry: EXAMPLE_WAIT, position: 2, parkId, lead: EXAMPLE_LEAD }),
    });
    const amounts = { parcels: [{ parcelId: '甲-01', mu: 12.5 }] };
    const reply = await waiting.call('POST', HOLDS, { body: { kind: 'firm', amounts, wait: true } });
    expect(reply).toMatchObject({ status: 202, body: { status: 'waiting', position: 2, entry: { leadId: LEAD_ID } } });
    expect(waiting.asked.at(-1)?.args).toEqual([
      LEAD_ID,
      { kind: 'firm', wait: true, amounts: { ...amounts, factors: {} } },
    ]);
    await waiting.close();
  });

  it('what is short is listed with what is asked and what is free', async () => {
    const issues = shortfallIssues([
      { what: 'parcel:A-01', asked: 60, free: 12.5, unit: 'mu' },
      { what: 'energyTce', asked: 8_000, free: 0, unit: 'tce/a' },
      { what: 'vocT', asked: 1, free: null, unit: 't/a' },
    ]);
    const short = await serve({ ...someLeads, placeHold: failing('capacityShort', { issues }) });
    expect(await short.call('POST', HOLDS, { body: { kind: 'soft' } })).toMatchObject({
      status: 409,
      body: {
        code: 'capacityShort',
        errors: [
          { value: 60, limit: 12.5, detail: '地块 A-01(亩)：要 60，可用只有 12.5' },
          { value: 8_000, limit: 0, detail: '能耗指标(吨标煤/年)：要 8,000，可用只有 0' },
          { detail: '挥发性有机物(吨/年)：园区现有多少没有填报，不能预留；请先请园区填报' },
        ],
      },
    });
    await short.close();
  });

  it.each([
    [
      { field: 'lead', code: 'wrongStage', value: 'pushed', mend: ['accepted', 'assessed'] },
      '线索：现在是“推送”阶段，不能办这一步，须在以下阶段：受理、研判',
    ],
    [{ field: 'lead', code: 'hasHold' }, '线索：已有预留；要改类别或数量，请先释放'],
    [{ field: 'park', code: 'othersWait', limit: 2 }, '园区：前面有 2 条线索在排队；wait 填 true 可一起排队'],
    [{ field: 'hold', code: 'extendedTooOften', limit: 2 }, '预留：已延期 2 次，到了规则的上限'],
  ])('a refused hold says why: %j', async (issue, detail) => {
    const refused = await serve({ ...someLeads, placeHold: failing('holdRefused', { issues: [issue] }) });
    expect(await refused.call('POST', HOLDS, { body: { kind: 'soft' } })).toMatchObject({
      status: 409,
      body: { code: 'holdRefused', errors: [{ detail }] },
    });
    await refused.close();
  });

  it.each([
    [{}, { field: 'kind', code: 'required' }],
    [{ kind: 'used' }, { field: 'kind', code: 'notAllowed', limit: 'soft firm' }],
    [
      { kind: 'soft', amounts: {} },
      { field: 'amounts', code: 'nothingToHold' },
    ],
    [
      { kind: 'soft', amounts: { parcels: [], factors: { codT: 0 } } },
      { field: 'amounts', code: 'nothingToHold' },
    ],
    [
      { kind: 'soft', amounts: { factors: { codT: -1 } } },
      { field: 'amounts.factors.codT', code: 'tooSmall' },
    ],
    [
      { kind: 'soft', amounts: { factors: { energyTce: 1e12 } } },
      { field: 'amounts.factors.energyTce', code: 'tooLarge' },
    ],
    [
      { kind: 'soft', amounts: { factors: { codT: 1, energy: 1 } } },
      { field: 'amounts.factors.energy', code: 'unknownField' },
    ],
    [
      { kind: 'soft', amounts: { parcels: [{ parcelId: 'A', mu: 0 }] } },
      { field: 'amounts.parcels[0].mu', code: 'tooSmall', detail: '预留的面积(亩)第1项：0低于下限 0.01' },
    ],
    [
      { kind: 'soft', amounts: { parcels: [{ parcelId: 'A/B', mu: 1 }] } },
      { field: 'amounts.parcels[0].parcelId', code: 'badFormat' },
    ],
    [
      { kind: 'soft', amounts: { parcels: Array(2).fill({ parcelId: 'A', mu: 1 }) } },
      { field: 'amounts.parcels[1].parcelId', code: 'duplicate' },
    ],
    [
      { kind: 'soft', wait: 'yes' },
      { field: 'wait', code: 'wrongType', limit: 'boolean' },
    ],
    [
      { kind: 'soft', until: '2030-01-01' },
      { field: 'until', code: 'unknownField' },
    ],
  ])('refuses %j', async (body, error) => {
    const before = server.asked.length;
    const reply = await server.call('POST', HOLDS, { body });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalidInput', errors: [error] } });
    expect(server.asked.length).toBe(before);
  });
});

describe('extending and giving back', () => {
  const EXTENSIONS = `/api/v1/holds/${HOLD_ID}/extensions`;

  it('extends with a reason', async () => {
    const reply = await server.call('POST', EXTENSIONS, { body: { reason: '环评未批' } });
    expect(reply).toMatchObject({
      status: 200,
      body: { extensions: [{ reason: '环评未批', atText: '2030-02-01 09:00' }] },
    });
    expect(server.asked.at(-1)).toEqual({ name: 'extendHold', args: [HOLD_ID, '环评未批'] });
  });

  it.each([
    [{}, { field: 'reason', code: 'required', detail: '理由：没有填写' }],
    [{ reason: ' ' }, { field: 'reason', code: 'empty' }],
    [{ reason: 'x'.repeat(201) }, { field: 'reason', code: 'tooLong', limit: 200 }],
    [{ reason: 'a\nb' }, { field: 'reason', code: 'controlCharacter' }],
  ])('refuses %j', async (body, error) => {
    expect(await server.call('POST', EXTENSIONS, { body })).toMatchObject({ status: 400, body: { errors: [error] } });
  });

  it('gives back without a word', async () => {
    const reply = await server.call('DELETE', `/api/v1/holds/${HOLD_ID}`);
    expect({ status: reply.status, text: reply.text }).toEqual({ status: 204, text: '' });
    expect(server.asked.at(-1)).toEqual({ name: 'releaseHold', args: [HOLD_ID] });
    const used = { issues: [{ field: 'hold', code: 'used' }] };
    const refused = await serve({ ...someLeads, releaseHold: failing('holdRefused', used) });
    expect(await refused.call('DELETE', `/api/v1/holds/${HOLD_ID}`)).toMatchObject({
      status: 409,
      body: { errors: [{ detail: '预留：已供地使用，不再变动' }] },
    });
    await refused.close();
  });
});

describe('GET /parks/{id}/capacity', () => {
  it('shows amounts in Chinese, and of leads only what the use case shows', async () => {
    const reply = await server.call('GET', `/api/v1/parks/${parkId}/capacity`);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        parcels: [{ parcelId: 'A-01', freeMu: 40 }],
        factors: [
          { factor: 'energyTce', factorText: '能耗指标', free: 4_000, unitText: '吨标煤/年' },
          { factor: 'codT', stock: null, free: null },
        ],
        waiting: [{ leadId: null }],
      },
    });
  });

  it('what is used for good has no end', async () => {
    const used = { ...EXAMPLE_HOLD, kind: 'used' as const, until: NEVER };
    const full = await serve({ ...someLeads, readCapacity: async () => ({ ...EXAMPLE_CAPACITY, holds: [used] }) });
    expect(await full.call('GET', `/api/v1/parks/${parkId}/capacity`)).toMatchObject({
      body: { holds: [{ kindText: '已使用', untilText: '长期' }] },
    });
    await full.close();
  });
});
