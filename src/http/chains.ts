import { chainSchema } from '../schemas/reference-schemas.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { pageOf, pageQuery } from './queries.js';
import { pageSchema } from './views.js';

/** Industry chains with their links. */
export const chainEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/chains`,
    access: { action: 'reference.read', ownership: 'none' },
    tag: '参考数据',
    summary: '产业链及环节',
    query: pageQuery,
    answers: { 200: { description: '一页产业链', schema: pageSchema(chainSchema.meta({ id: 'Chain' })) } },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      return { status: 200, body: await call.useCases.listChains(cursor, limit) };
    },
  }),
];
