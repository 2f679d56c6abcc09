import { z } from 'zod';
import { API_BASE, type Endpoint, endpoint } from './endpoint.js';
import { failedJobsQuery } from './queries.js';

const failedJobs = z.strictObject({
  total: z.int().min(0),
  items: z.array(
    z.strictObject({
      queue: z.string(),
      jobId: z.string(),
      name: z.string(),
      attempts: z.int().min(0),
      failedAt: z.string(),
      reason: z.string().meta({ description: '失败代码' }),
    }),
  ),
});

/** Jobs that failed for good, for operators. */
export const jobEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/jobs/failed`,
    access: { action: 'operation.read', ownership: 'none' },
    tag: '运维',
    summary: '失败的任务',
    description: '新的在前。',
    query: failedJobsQuery,
    answers: { 200: { description: '失败的任务', schema: failedJobs } },
    problems: ['invalidInput', 'queueUnavailable'],
    handle: async (call) => {
      const { offset, limit } = call.query;
      return { status: 200, body: await call.useCases.listFailedJobs(offset ?? 0, limit ?? 20) };
    },
  }),
];
