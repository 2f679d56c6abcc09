import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { RematchSchedule } from '../domain/rematch.js';
import { scheduleBodySchema } from '../schemas/rematch-schemas.js';
import type { RunView } from '../usecases/rematch-use-cases.js';
import { RUN_REASON_WORDS, RUN_STATE_WORDS } from '../words/rematch.js';
import { API_BASE, type Call, type Endpoint, endpoint, idOf } from './endpoint.js';
import { checkedBody } from './json-body.js';
import { entityTag, expectedVersionOrNone, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery, pageOf, pageQuery } from './queries.js';
import { EXAMPLE_RUN, EXAMPLE_SCHEDULE } from './rematch-examples.js';
import { pageSchema } from './views.js';

const tag = '重匹配';
const words = z.string().meta({ description: '中文' });
const isoTime = z.string().meta({ format: 'date-time' });
const count = z.int().min(0);

const runSchema = z
  .strictObject({
    id: z.string(),
    reason: z.enum(['nightly', 'edition', 'day', 'manual']),
    reasonText: words,
    countyAdcode: z.string().nullable().meta({ description: '哪个县的需求；null 为全省' }),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    stateText: words,
    total: count.meta({ description: '共几条需求；开始后才知道' }),
    done: count,
    changed: count.meta({ description: '结果有变的需求数' }),
    percent: z.number().min(0).max(100),
    needsPerSecond: z.number().nullable().meta({ description: '每秒几条，按工作时间计' }),
    startedAt: isoTime,
    updatedAt: isoTime,
    finishedAt: isoTime.nullable(),
    links: z.strictObject({ self: z.string() }),
  })
  .meta({ id: 'RematchRun', description: '一次全部重匹配，以及到了哪里；中断后从原处接着做' });

const runPath = (id: string): string => `${API_BASE}/jobs/rematch/${id}`;

function runJson({ cursor: _cursor, workedMs: _workedMs, ...run }: RunView) {
  return {
    ...run,
    reasonText: RUN_REASON_WORDS[run.reason],
    stateText: RUN_STATE_WORDS[run.state],
    links: { self: runPath(run.id) },
  };
}

const scheduleSchema = z
  .strictObject({
    countyAdcode: z.string(),
    cron: z.string().meta({ description: '5 段 cron，UTC' }),
    version: z.int().min(0).meta({ description: '0 为没有自己的时间表，用的是默认的' }),
  })
  .meta({ id: 'RematchSchedule', description: '一个县的需求何时全部重匹配' });

/** @throws AppError `notFound` for what can't be an adcode. */
function countyOf(call: Pick<Call, 'params'>): string {
  const adcode = call.params['adcode'] ?? '';
  if (!/^\d{6}$/.test(adcode)) throw new AppError('notFound');
  return adcode;
}

const scheduleJson = ({ countyAdcode, cron, version }: RematchSchedule) => ({ countyAdcode, cron, version });

/** Rematching of all needs: runs, and when they are due. */
export const rematchEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/jobs/rematch`,
    access: { action: 'need.read', ownership: 'none' },
    tag,
    summary: '历次全部重匹配',
    description: '本县的和全省的，新的在前。只有数目，没有需求的内容。',
    query: pageQuery,
    answers: {
      200: {
        description: '一页',
        schema: pageSchema(runSchema),
        example: { items: [runJson(EXAMPLE_RUN)], nextCursor: null },
      },
    },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.listRuns(cursor, limit);
      return { status: 200, body: { items: page.items.map(runJson), nextCursor: page.nextCursor } };
    },
  }),
  endpoint({
    method: 'post',
    path: `${API_BASE}/jobs/rematch`,
    access: { action: 'rematch.manage', ownership: 'none' },
    tag,
    summary: '发起全部重匹配',
    description: '已有一次在等待或进行时，答复的就是那一次。',
    query: noQuery,
    answers: {
      202: {
        description: '已安排，进度见 Location',
        schema: runSchema,
        headers: ['Location'],
        example: runJson(EXAMPLE_RUN),
      },
    },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const run = await call.useCases.startRematch();
      return { status: 202, body: runJson(run), headers: { Location: runPath(run.id) } };
    },
  }),
  endpoint({
    method: 'get',
    path: `${API_BASE}/jobs/rematch/{id}`,
    access: { action: 'need.read', ownership: 'run' },
    tag,
    summary: '全部重匹配的进度',
    query: noQuery,
    answers: { 200: { description: '进度', schema: runSchema, example: runJson(EXAMPLE_RUN) } },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => ({ status: 200, body: runJson(await call.useCases.getRun(idOf(call))) }),
  }),
  endpoint({
    method: 'get',
    path: `${API_BASE}/rematch-schedules`,
    access: { action: 'need.read', ownership: 'none' },
    tag,
    summary: '各县全部重匹配的时间表',
    description: '看得到的每个县一项，按区划代码；没有自己的时间表的县用默认的，版本为 0。',
    query: noQuery,
    answers: {
      200: {
        description: '时间表',
        schema: z.strictObject({ items: z.array(scheduleSchema) }),
        example: { items: [EXAMPLE_SCHEDULE] },
      },
    },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => ({
      status: 200,
      body: { items: (await call.useCases.listSchedules()).map(scheduleJson) },
    }),
  }),
  endpoint({
    method: 'put',
    path: `${API_BASE}/rematch-schedules/{adcode}`,
    access: { action: 'rematch.manage', ownership: 'county' },
    tag,
    summary: '修改一个县的时间表',
    description: 'If-Match 填读到的版本，如 "1"；还没有自己的时间表时填 "0"。',
    query: noQuery,
    headers: ['If-Match'],
    body: { schema: scheduleBodySchema, examples: { 每日北京时间两点: { cron: '0 18 * * *' } } },
    answers: {
      200: { description: '新的时间表', schema: scheduleSchema, headers: ['ETag'], example: EXAMPLE_SCHEDULE },
    },
    problems: VERSIONED_EDIT_PROBLEMS,
    handle: async (call) => {
      const county = countyOf(call);
      const version = expectedVersionOrNone(call);
      const { cron } = checkedBody(scheduleBodySchema, call.body);
      const schedule = await call.useCases.putSchedule(county, version, cron);
      return { status: 200, body: scheduleJson(schedule), headers: { ETag: entityTag(schedule.version) } };
    },
  }),
];
