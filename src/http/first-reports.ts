import { decisionSchema } from '../schemas/lead-schemas.js';
import type { ReportView } from '../usecases/lead-use-cases.js';
import { type Answer, API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { checkedBody } from './json-body.js';
import { EXAMPLE_REPORT } from './lead-examples.js';
import { entityTag, expectedVersion, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery } from './queries.js';
import { reportJson, reportSchema } from './report-view.js';

const tag = '线索';
const path = `${API_BASE}/first-reports/{id}`;

function current(report: ReportView): Answer {
  return { status: 200, body: reportJson(report), headers: { ETag: entityTag(report.version) } };
}

const answers = {
  200: {
    description: '首报及疑似重复的理由',
    schema: reportSchema,
    headers: ['ETag' as const],
    example: reportJson(EXAMPLE_REPORT),
  },
};

/** First reports: read, decide. */
export const firstReportEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    access: { action: 'lead.read', ownership: 'report' },
    tag,
    summary: '读取首报',
    description: '报出的县和省级协调员可读；不显示别县报送的企业。',
    query: noQuery,
    answers,
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => current(await call.useCases.getReport(idOf(call))),
  }),
  endpoint({
    method: 'post',
    path: `${path}/decision`,
    access: { action: 'report.decide', ownership: 'report' },
    tag,
    summary: '裁定首报',
    description: '省级协调员认定疑似重复的首报有效或重复，须写明理由。If-Match 填读到的 ETag。',
    query: noQuery,
    headers: ['If-Match'],
    body: {
      schema: decisionSchema,
      examples: { 认定有效: { outcome: 'stands', reason: '两个项目的产品和厂址不同，不是同一项目' } },
    },
    answers,
    problems: [...VERSIONED_EDIT_PROBLEMS, 'moveRefused'],
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      return current(await call.useCases.decideReport(id, version, checkedBody(decisionSchema, call.body)));
    },
  }),
];
