import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import { deliveryFilter, spanInOrder } from '../schemas/webhook-schemas.js';
import { API_BASE, type Call, type Endpoint, endpoint } from './endpoint.js';
import { noQuery, pageOf, pageQuery } from './queries.js';
import { pageSchema } from './views.js';
import {
  deliveryDetailJson,
  deliveryDetailSchema,
  deliveryJson,
  deliverySchema,
  EXAMPLE_DELIVERY,
} from './webhook-view.js';

const tag = '推送';
const path = `${API_BASE}/webhooks/deliveries`;

const deliveriesQuery = z.strictObject({ ...deliveryFilter, ...pageQuery.shape }).superRefine(spanInOrder);

/** `<event id>.<endpoint id>`; the full stop keeps it apart from every other id. */
function deliveryIdOf(call: Pick<Call, 'params'>): string {
  const id = call.params['id'] ?? '';
  if (!/^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64})?$/.test(id)) throw new AppError('notFound');
  return id;
}

/** What was sent, what came of it, and sending it again. */
export const webhookDeliveryRoutes: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    access: { action: 'webhook.manage', ownership: 'none' },
    tag,
    summary: '推送记录',
    description: '新的在前，保留 30 天。',
    query: deliveriesQuery,
    answers: {
      200: {
        description: '一页推送记录',
        schema: pageSchema(deliverySchema),
        example: { items: [deliveryJson(EXAMPLE_DELIVERY)], nextCursor: null },
      },
    },
    problems: ['invalidInput'],
    handle: async (call) => {
      const { endpoint: endpointId, cursor: _cursor, limit: _limit, ...rest } = call.query;
      const filter = { ...rest, ...(endpointId === undefined ? {} : { endpointId }) };
      const { cursor, limit } = pageOf(call.query);
      const page = await call.useCases.listDeliveries(filter, cursor, limit);
      return { status: 200, body: { items: page.items.map(deliveryJson), nextCursor: page.nextCursor } };
    },
  }),
  endpoint({
    method: 'get',
    path: `${path}/{id}`,
    access: { action: 'webhook.manage', ownership: 'delivery' },
    tag,
    summary: '一次推送的正文和历次结果',
    query: noQuery,
    answers: {
      200: {
        description: '推送',
        schema: deliveryDetailSchema,
        example: deliveryDetailJson(EXAMPLE_DELIVERY),
      },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => ({
      status: 200,
      body: deliveryDetailJson(await call.useCases.getDelivery(deliveryIdOf(call))),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${path}/{id}/replay`,
    access: { action: 'webhook.manage', ownership: 'delivery' },
    tag,
    summary: '重送一条',
    description: 'webhook-id 不变，送过的对方会当作重复。',
    query: noQuery,
    answers: {
      202: {
        description: '即将重送',
        schema: deliveryDetailSchema,
        example: deliveryDetailJson(EXAMPLE_DELIVERY),
      },
    },
    problems: ['invalidInput', 'notFound'],
    handle: async (call) => ({
      status: 202,
      body: deliveryDetailJson(await call.useCases.replayDelivery(deliveryIdOf(call))),
    }),
  }),
];
