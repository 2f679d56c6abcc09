import { z } from 'zod';
import type { InboxItem } from '../usecases/lead-use-cases.js';
import type { EndpointView } from '../usecases/webhook-use-cases.js';
import { dueText } from '../words/times.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { EXAMPLE_LEAD_VIEW, EXAMPLE_REPORT } from './lead-examples.js';
import { leadViewJson, leadViewSchema } from './lead-view.js';
import { pageOf, pageQuery } from './queries.js';
import { reportJson, reportSchema } from './report-view.js';
import { pageSchema } from './views.js';
import { EXAMPLE_ENDPOINT, endpointJson, endpointSchema } from './webhook-view.js';

/** What of an endpoint stands in the inbox: not its address, which those who only read along need not know. */
const noticeSchema = endpointSchema.pick({
  id: true,
  countyAdcode: true,
  description: true,
  state: true,
  stateText: true,
  disabledReason: true,
  disabledReasonText: true,
  failingSince: true,
});

function noticeJson(endpoint: EndpointView): z.output<typeof noticeSchema> {
  const { id, countyAdcode, description, state, stateText, ...rest } = endpointJson(endpoint);
  const { disabledReason, disabledReasonText, failingSince } = rest;
  return { id, countyAdcode, description, state, stateText, disabledReason, disabledReasonText, failingSince };
}

const itemSchema = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('lead'),
        dueAt: z.string().nullable(),
        dueText: z.string().nullable(),
        overdue: z.boolean(),
        view: leadViewSchema,
      })
      .meta({ id: 'InboxLead', description: '轮到你方办理的线索' }),
    z
      .strictObject({
        kind: z.literal('report'),
        dueAt: z.null(),
        dueText: z.null(),
        overdue: z.literal(false),
        report: reportSchema,
      })
      .meta({ id: 'InboxReport', description: '待裁定的首报' }),
    z
      .strictObject({
        kind: z.literal('endpoint'),
        dueAt: z.null(),
        dueText: z.null(),
        overdue: z.literal(false),
        endpoint: noticeSchema,
      })
      .meta({ id: 'InboxEndpoint', description: '被停用的推送地址；改为 active 即恢复' }),
  ])
  .meta({ id: 'InboxItem' });

function itemJson(item: InboxItem) {
  const { dueAt, overdue } = item;
  if (item.kind === 'report') {
    return { kind: item.kind, dueAt, dueText: null, overdue, report: reportJson(item.report) };
  }
  if (item.kind === 'endpoint') {
    return { kind: item.kind, dueAt, dueText: null, overdue, endpoint: noticeJson(item.endpoint) };
  }
  const text = item.dueAt === null ? null : dueText(item.dueAt);
  return { kind: item.kind, dueAt, dueText: text, overdue, view: leadViewJson(item.view) };
}

const EXAMPLES: readonly InboxItem[] = [
  { kind: 'lead', dueAt: '2030-01-03T16:00:00.000Z', overdue: false, view: EXAMPLE_LEAD_VIEW },
  { kind: 'report', dueAt: null, overdue: false, report: EXAMPLE_REPORT },
  {
    kind: 'endpoint',
    dueAt: null,
    overdue: false,
    endpoint: {
      ...EXAMPLE_ENDPOINT,
      state: 'disabled',
      disabledReason: 'failing',
      failingSince: '2030-01-02T03:04:05.678Z',
    },
  },
];

/** What waits for the caller. */
export const inboxEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/inbox`,
    access: { action: 'inbox.read', ownership: 'none' },
    tag: '线索',
    summary: '待办',
    description: '轮到你方办理的线索、待裁定的首报和被停用的推送地址；期限近的在前，没有期限的在后。',
    query: pageQuery,
    answers: {
      200: {
        description: '一页待办',
        schema: pageSchema(itemSchema),
        example: { items: EXAMPLES.map(itemJson), nextCursor: null },
      },
    },
    problems: ['invalidInput'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.readInbox(cursor, limit);
      return { status: 200, body: { items: page.items.map(itemJson), nextCursor: page.nextCursor } };
    },
  }),
];
