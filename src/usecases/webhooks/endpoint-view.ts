import type { WebhookEndpoint } from '../../domain/webhook.js';
import type { EndpointView } from '../webhook-use-cases.js';

/** An endpoint without what signs. */
export function endpointViewOf({ keys, ...rest }: WebhookEndpoint): EndpointView {
  return { ...rest, keys: keys.map(({ sealed: _sealed, ...shown }) => shown) };
}
