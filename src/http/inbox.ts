import { z } from 'zod';
import type { InboxItem } from '../usecases/lead-use-cases.js';
import { dueText } from '../words/times.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { EXAMPLE_LEAD_VIEW, EXAMPLE_REPORT } from './lead-examples.js';
import { leadViewJson, leadViewSchema } from './lead-view.js';
import { pageOf, pageQuery } from './queries.js';
import { reportJson, reportSchema } from './report-view.js';
import { pageSchema } from './views.js';

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
  ])
  .meta({ id: 'InboxItem' });

function itemJson(item: InboxItem) {
  const { dueAt, overdue } = item;
  if (item.kind === 'report') {
    return { kind: item.kind, dueAt, dueText: null, overdue, report: reportJson(item.report) };
  }
  const text = item.dueAt === null ? null : dueText(item.dueAt);
  return { kind: item.kind, dueAt, dueText: text, overdue, view: leadViewJson(item.view) };
}

const EXAMPLES: readonly InboxItem[] = [
  { kind: 'lead', dueAt: '2030-01-03T16:00:00.000Z', overdue: false, view: EXAMPLE_LEAD_VIEW },
  { kind: 'report', dueAt: null, overdue: false, report: EXAMPLE_REPORT },
];

/** What waits for the caller. */
export const inboxEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/inbox`,
    access: { action: 'inbox.read', ownership: 'none' },
    tag: '线索',
    summary: '待办',
    description: '轮到你方办理的线索和待裁定的首报；期限近的在前，没有期限的在后。',
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
