import { z } from 'zod';
import { extensionSchema, holdAmounts, holdSchema as holdBody } from '../schemas/hold-schemas.js';
import type { HoldOutcome } from '../usecases/lead-use-cases.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { capacityJson, capacitySchema, holdJson, holdSchema, waitJson, waitSchema } from './hold-view.js';
import { BODY_PROBLEMS, checkedBody } from './json-body.js';
import { EXAMPLE_CAPACITY, EXAMPLE_HOLD, EXAMPLE_LEAD, EXAMPLE_WAIT } from './lead-examples.js';
import { leadJson, leadSchema } from './lead-view.js';
import { noQuery } from './queries.js';

const tag = '预留';

const heldSchema = z
  .strictObject({ status: z.literal('held'), hold: holdSchema, parkId: z.string(), lead: leadSchema })
  .meta({ id: 'Held', description: '已预留' });
const waitingSchema = z
  .strictObject({
    status: z.literal('waiting'),
    entry: waitSchema,
    position: z.int().min(1).meta({ description: '排在第几位' }),
    parkId: z.string(),
    lead: leadSchema,
  })
  .meta({ id: 'Waiting', description: '余量不够，已排队' });

function outcomeJson(outcome: HoldOutcome) {
  const { status, parkId } = outcome;
  const lead = leadJson(outcome.lead);
  return outcome.status === 'held'
    ? { status, hold: holdJson(outcome.hold), parkId, lead }
    : { status, entry: waitJson(outcome.entry), position: outcome.position, parkId, lead };
}

const HELD: HoldOutcome = { status: 'held', hold: EXAMPLE_HOLD, parkId: EXAMPLE_LEAD.parkId, lead: EXAMPLE_LEAD };
const WAITING: HoldOutcome = {
  status: 'waiting',
  entry: EXAMPLE_WAIT,
  position: 1,
  parkId: EXAMPLE_LEAD.parkId,
  lead: EXAMPLE_LEAD,
};

/** Holds: place, extend, give back; and what a park has free. */
export const holdEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: `${API_BASE}/leads/{id}/holds`,
    access: { action: 'hold.write', ownership: 'lead' },
    tag,
    summary: '为线索预留园区要素',
    description:
      '要么全部预留，要么一项也不留。soft 用于首谈，firm 用于签约；已有软预留时，firm 把它转为硬预留。' +
      '不够时答 409 capacityShort，逐项说明要多少、可用多少；wait 为 true 时改为排队，答 202。' +
      '不填 amounts 时按推送的那一版需求预留。',
    query: noQuery,
    body: {
      schema: holdBody,
      examples: {
        软预留: { kind: 'soft' },
        指定数量并排队: {
          kind: 'soft',
          amounts: { parcels: [{ parcelId: 'A-01', mu: 50 }], factors: { energyTce: 4_000, codT: 3 } },
          wait: true,
        },
      },
    },
    answers: {
      201: { description: '已预留', schema: heldSchema, example: outcomeJson(HELD) },
      202: { description: '已排队', schema: waitingSchema, example: outcomeJson(WAITING) },
    },
    problems: [...BODY_PROBLEMS, 'notFound', 'capacityShort', 'holdRefused'],
    handle: async (call) => {
      const id = idOf(call);
      const { kind, amounts, wait = false } = checkedBody(holdBody, call.body);
      const outcome = await call.useCases.placeHold(id, {
        kind,
        wait,
        ...(amounts === undefined ? {} : { amounts: holdAmounts(amounts) }),
      });
      return { status: outcome.status === 'held' ? 201 : 202, body: outcomeJson(outcome) };
    },
  }),
  endpoint({
    method: 'post',
    path: `${API_BASE}/holds/{id}/extensions`,
    access: { action: 'hold.write', ownership: 'hold' },
    tag,
    summary: '延长预留',
    description: '延期次数以规则为限；已到期的不能延长。',
    query: noQuery,
    body: { schema: extensionSchema, examples: { 延期: { reason: '环评批复还需两周' } } },
    answers: { 200: { description: '延长之后的预留', schema: holdSchema, example: holdJson(EXAMPLE_HOLD) } },
    problems: [...BODY_PROBLEMS, 'notFound', 'capacityShort', 'holdRefused'],
    handle: async (call) => {
      const id = idOf(call);
      const { reason } = checkedBody(extensionSchema, call.body);
      return { status: 200, body: holdJson(await call.useCases.extendHold(id, reason)) };
    },
  }),
  endpoint({
    method: 'delete',
    path: `${API_BASE}/holds/{id}`,
    access: { action: 'hold.write', ownership: 'hold' },
    tag,
    summary: '释放预留，或退出排队',
    description: '空出的要素随即归还，由排队的依次补上。',
    query: noQuery,
    answers: { 204: { description: '已释放' } },
    problems: ['invalidInput', 'notFound', 'holdRefused'],
    handle: async (call) => {
      await call.useCases.releaseHold(idOf(call));
      return { status: 204, body: undefined };
    },
  }),
  endpoint({
    method: 'get',
    path: `${API_BASE}/parks/{id}/capacity`,
    access: { action: 'park.read', ownership: 'park' },
    tag,
    summary: '园区的可用要素和预留',
    description: '可用 = 现有 − 预留。别县看得到数量，看不到是哪条线索。',
    query: noQuery,
    answers: {
      200: { description: '可用要素和预留', schema: capacitySchema, example: capacityJson(EXAMPLE_CAPACITY) },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => ({ status: 200, body: capacityJson(await call.useCases.readCapacity(idOf(call))) }),
  }),
];
