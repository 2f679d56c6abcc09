import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { EXAMPLE_MATCHES } from './examples.js';
import { matchViewSchema } from './match-view.js';
import { matchesQuery } from './queries.js';

/** A need's ranked and excluded parks. */
export const matchEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/needs/{id}/matches`,
    access: { action: 'need.read', ownership: 'need' },
    tag: '匹配',
    summary: '读取匹配结果',
    description:
      '能接收的园区按得分排列，不能接收的园区列出未通过的门槛、缺口和出路。wait 大于 0 时，结果未出会等到出结果或到时为止。',
    query: matchesQuery,
    answers: {
      200: { description: '匹配结果，或其状态', schema: matchViewSchema, example: EXAMPLE_MATCHES },
    },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => {
      const waitMs = (call.query.wait ?? 0) * 1_000;
      return { status: 200, body: await call.useCases.readMatchesJson(idOf(call), waitMs, call.signal) };
    },
  }),
];
