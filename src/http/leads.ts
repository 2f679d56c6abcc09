import { z } from 'zod';
import { registerLeadsSchema } from '../schemas/lead-schemas.js';
import type { LeadView } from '../usecases/lead-use-cases.js';
import { csvText } from './csv.js';
import { type Answer, API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { BODY_PROBLEMS, checkedBody } from './json-body.js';
import { EXAMPLE_LEAD, EXAMPLE_LEAD_VIEW, EXAMPLE_PLAN, EXAMPLE_REPORT } from './lead-examples.js';
import { LEDGER_HEADER, ledgerAnswer, ledgerRows } from './lead-ledger.js';
import { leadsQuery, timesOf } from './lead-queries.js';
import { leadViewJson, leadViewSchema } from './lead-view.js';
import { planJson, planSchema } from './plan-view.js';
import { entityTag } from './preconditions.js';
import { noQuery, pageOf } from './queries.js';
import { reportJson, reportSchema } from './report-view.js';
import { pageSchema } from './views.js';

const tag = '线索';
const path = `${API_BASE}/leads`;

const registeredSchema = z
  .strictObject({ report: reportSchema, leads: z.array(leadViewSchema) })
  .meta({ id: 'RegisteredLeads', description: '首报，以及每个承接县一条线索' });

/** One lead with its version as entity tag. */
export function currentLead(view: LeadView): Answer {
  return { status: 200, body: leadViewJson(view), headers: { ETag: entityTag(view.lead.version) } };
}

/** Leads: list and ledger, register, read, plan. */
export const leadEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    access: { action: 'lead.read', ownership: 'none' },
    tag,
    summary: '线索列表，线索台账',
    description:
      '本县报出的和推送到本县的线索，新的在前。企业披露之前，承接县只看到匿名画像。' +
      'format=csv 下载台账：从 cursor 起最多 2000 条，没列完时文件名带 part，响应头 Next-Cursor 是下一份的 cursor。',
    query: leadsQuery,
    answers: {
      200: {
        description: '一页线索，或台账',
        schema: pageSchema(leadViewSchema),
        headers: ['Next-Cursor'],
        example: { items: [leadViewJson(EXAMPLE_LEAD_VIEW)], nextCursor: null },
        csv: csvText(LEDGER_HEADER, ledgerRows([EXAMPLE_LEAD_VIEW])),
      },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => {
      const { stage, need, county, format } = call.query;
      const filter = {
        ...(stage === undefined ? {} : { stage }),
        ...(need === undefined ? {} : { needId: need }),
        ...(county === undefined ? {} : { county }),
        ...timesOf(call.query),
      };
      const { cursor, limit } = pageOf(call.query);
      if (format === 'csv') return ledgerAnswer(call.useCases, filter, cursor, call.today, call.signal);
      const page = await call.useCases.listLeads(filter, cursor, limit);
      return { status: 200, body: { items: page.items.map(leadViewJson), nextCursor: page.nextCursor } };
    },
  }),
  endpoint({
    method: 'post',
    path,
    access: { action: 'lead.write', ownership: 'need' },
    tag,
    summary: '报送需求并推送给园区所在的县',
    description:
      '第一次报送时登记首报，并与在先的报送比对；每个园区所在的县成为一条线索，可推送的随即推送。' +
      '疑似重复的首报须先由省级协调员裁定，线索留在登记阶段。再报同一需求和同一县，得到已有的线索。',
    query: noQuery,
    body: {
      schema: registerLeadsSchema,
      examples: { 推送到莲都: { needId: EXAMPLE_LEAD.needId, parkIds: ['331102-01'], note: '一期先用 50 亩。' } },
    },
    answers: {
      201: {
        description: '首报和线索',
        schema: registeredSchema,
        example: { report: reportJson(EXAMPLE_REPORT), leads: [leadViewJson(EXAMPLE_LEAD_VIEW)] },
      },
    },
    problems: [...BODY_PROBLEMS, 'notFound'],
    handle: async (call) => {
      const { needId, parkIds, note = null } = checkedBody(registerLeadsSchema, call.body);
      const { report, leads } = await call.useCases.registerLeads({ needId, parkIds, note });
      return { status: 201, body: { report: reportJson(report), leads: leads.map(leadViewJson) } };
    },
  }),
  endpoint({
    method: 'get',
    path: `${path}/{id}`,
    access: { action: 'lead.read', ownership: 'lead' },
    tag,
    summary: '读取线索',
    description: 'moves 是现阶段你方可办的步骤，以及每一步还差什么。',
    query: noQuery,
    answers: {
      200: {
        description: '线索',
        schema: leadViewSchema,
        headers: ['ETag'],
        example: leadViewJson(EXAMPLE_LEAD_VIEW),
      },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => currentLead(await call.useCases.getLead(idOf(call))),
  }),
  endpoint({
    method: 'get',
    path: `${path}/{id}/plan`,
    access: { action: 'lead.read', ownership: 'lead' },
    tag,
    summary: '一项目一方案',
    description: '一条线索的全部情况：匹配理由、未过的门槛、可申报的政策、预留、时限、经办人、分成测算和下一步。',
    query: noQuery,
    answers: { 200: { description: '方案', schema: planSchema, example: planJson(EXAMPLE_PLAN) } },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => ({ status: 200, body: planJson(await call.useCases.readPlan(idOf(call))) }),
  }),
];
