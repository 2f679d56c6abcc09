import { moveSchema } from '../schemas/lead-schemas.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { checkedBody } from './json-body.js';
import { EXAMPLE_LEAD_VIEW } from './lead-examples.js';
import { leadViewJson, leadViewSchema } from './lead-view.js';
import { currentLead } from './leads.js';
import { expectedVersion, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery } from './queries.js';

/** The state machine's door. */
export const leadMoveEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: `${API_BASE}/leads/{id}/moves`,
    access: { action: 'lead.write', ownership: 'lead' },
    tag: '线索',
    summary: '办理一步',
    description:
      '推送、受理、退回、研判、反馈、披露、首谈、签约、供地、开工、竣工、投产、报进展、同意流转、流转、终止。' +
      '不能办的答 409 moveRefused，errors 逐条说明原因。If-Match 填读到的 ETag。',
    query: noQuery,
    headers: ['If-Match'],
    body: {
      schema: moveSchema,
      examples: {
        受理: { move: 'accept' },
        退回: { move: 'decline', reason: 'energyShort', note: '今年能耗指标已用完。' },
        反馈: { move: 'giveFeedback', outcome: 'proceed' },
        流转: { move: 'transfer', parkId: '331121-01' },
      },
    },
    answers: {
      200: {
        description: '办理之后的线索',
        schema: leadViewSchema,
        headers: ['ETag'],
        example: leadViewJson(EXAMPLE_LEAD_VIEW),
      },
    },
    problems: [...VERSIONED_EDIT_PROBLEMS, 'moveRefused'],
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      return currentLead(await call.useCases.moveLead(id, version, checkedBody(moveSchema, call.body)));
    },
  }),
];
