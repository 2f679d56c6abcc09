import { countySchema } from '../schemas/reference-schemas.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { countiesQuery, pageOf } from './queries.js';
import { pageSchema } from './views.js';

/** Counties with their statuses under each scheme. */
export const countyEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/counties`,
    access: { action: 'reference.read', ownership: 'none' },
    tag: '参考数据',
    summary: '县(市、区)列表',
    query: countiesQuery,
    answers: { 200: { description: '一页县', schema: pageSchema(countySchema.meta({ id: 'County' })) } },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const { kind } = call.query;
      return { status: 200, body: await call.useCases.listCounties(kind === undefined ? {} : { kind }, cursor, limit) };
    },
  }),
];
