import { z } from 'zod';
import { industrySchema } from '../schemas/reference-schemas.js';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { industriesQuery } from './queries.js';

const hits = z.strictObject({
  items: z.array(
    z.strictObject({
      industry: industrySchema.meta({ id: 'Industry' }),
      score: z.number().min(0).max(1).meta({ description: '相似度，大的在前' }),
    }),
  ),
});

/** Search of industry codes. */
export const industryEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/industries`,
    access: { action: 'reference.read', ownership: 'none' },
    tag: '参考数据',
    summary: '检索行业代码',
    description: '按代码开头，或按中文名称、产品。',
    query: industriesQuery,
    answers: { 200: { description: '最相近的行业', schema: hits } },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const { q, limit } = call.query;
      return { status: 200, body: { items: await call.useCases.searchIndustries(q, limit ?? 10) } };
    },
  }),
];
