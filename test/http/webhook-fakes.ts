import { AppError } from '../../src/domain/errors.js';
import { EXAMPLE_DELIVERY, EXAMPLE_ENDPOINT } from '../../src/http/webhook-view.js';
import type { WebhookUseCases } from '../../src/usecases/webhook-use-cases.js';

export const ENDPOINT_ID = EXAMPLE_ENDPOINT.id;
export const DELIVERY_ID = EXAMPLE_DELIVERY.id;
/** What the fake gives as a new secret. */
export const SECRET = 'whsec_bm90IGEgc2VjcmV0LCBvbmx5IGEgdGVzdCBvZiBvbmU=';

async function none(): Promise<never> {
  throw new AppError('notFound');
}
const emptyPage = async () => ({ items: [], nextCursor: null });

/** Nobody is told of anything: lists are empty, and what is asked for by its id is not there. */
export const noWebhooks: WebhookUseCases = {
  createEndpoint: none,
  listEndpoints: emptyPage,
  getEndpoint: none,
  updateEndpoint: none,
  removeEndpoint: none,
  rotateKey: none,
  testEndpoint: none,
  listDeliveries: emptyPage,
  getDelivery: none,
  replayDelivery: none,
  replayDeliveries: none,
};

/** One endpoint and one delivery, as the examples show them. */
export const someWebhooks: WebhookUseCases = {
  createEndpoint: async (input) => ({ endpoint: { ...EXAMPLE_ENDPOINT, ...input }, secret: SECRET }),
  listEndpoints: async () => ({ items: [EXAMPLE_ENDPOINT], nextCursor: 'next' }),
  getEndpoint: async () => EXAMPLE_ENDPOINT,
  updateEndpoint: async (_id, version, change) => ({ ...EXAMPLE_ENDPOINT, ...change, version: version + 1 }),
  removeEndpoint: async () => undefined,
  rotateKey: async () => ({
    endpoint: {
      ...EXAMPLE_ENDPOINT,
      keys: [
        { publicKey: null, createdAt: '2030-02-01T00:00:00.000Z', validUntil: null },
        { publicKey: null, createdAt: EXAMPLE_ENDPOINT.createdAt, validUntil: '2030-02-02T00:00:00.000Z' },
      ],
      version: 2,
    },
    secret: SECRET,
  }),
  testEndpoint: async () => ({ ...EXAMPLE_DELIVERY, attempts: [] }),
  listDeliveries: async () => ({ items: [EXAMPLE_DELIVERY], nextCursor: null }),
  getDelivery: async () => EXAMPLE_DELIVERY,
  replayDelivery: async () => ({ ...EXAMPLE_DELIVERY, state: 'pending' }),
  replayDeliveries: async () => ({ replayed: 12, more: false }),
};
