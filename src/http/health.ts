import { z } from 'zod';
import type { Readiness } from '../usecases/use-cases.js';
import { API_BASE, type Endpoint, publicEndpoint } from './endpoint.js';
import { noQuery } from './queries.js';

const alive = z.strictObject({ status: z.literal('ok') });
const readiness: z.ZodType<Readiness> = z
  .strictObject({
    ready: z.boolean(),
    checks: z.strictObject({ mongo: z.boolean(), redis: z.boolean(), workers: z.boolean() }),
  })
  .meta({ id: 'Readiness' });

function healthAt(base: string): Endpoint[] {
  return [
    publicEndpoint({
      method: 'get',
      path: `${base}/healthz`,
      tag: '运维',
      summary: '进程是否在运行',
      query: noQuery,
      answers: { 200: { description: '在运行', schema: alive, example: { status: 'ok' } } },
      problems: ['invalidInput'],
      noStore: true,
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    publicEndpoint({
      method: 'get',
      path: `${base}/readyz`,
      tag: '运维',
      summary: '数据库、队列和匹配进程是否就绪',
      query: noQuery,
      answers: {
        200: { description: '就绪', schema: readiness },
        503: { description: '未就绪', schema: readiness },
      },
      problems: ['invalidInput'],
      noStore: true,
      handle: async (call) => {
        const body = await call.useCases.readiness();
        return { status: body.ready ? 200 : 503, body };
      },
    }),
  ];
}

/** Health of the process and of what it needs, at the root for orchestrators and under the API for people. */
export const healthEndpoints: readonly Endpoint[] = [...healthAt(''), ...healthAt(API_BASE)];
