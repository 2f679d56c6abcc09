import type { Caller } from '../../domain/access.js';
import { type Change, type PlainFacts, PROVINCE_CHAIN } from '../../domain/change.js';
import type { WebhookEndpoint } from '../../domain/webhook.js';
import { changeBy } from '../leads/lead-changes.js';

/** What the trail tells of an endpoint: never its address, description or keys. */
export function endpointFacts({ types, signature, state, keys }: WebhookEndpoint): PlainFacts {
  return { types, signature, state, keys: keys.length };
}

/** The change that made this version of the endpoint. */
export function endpointChange(
  caller: Caller,
  at: string,
  type: `endpoint.${'created' | 'updated' | 'rotated' | 'removed' | 'disabled'}`,
  endpoint: WebhookEndpoint,
  before: WebhookEndpoint | null,
): Change {
  return changeBy(caller, {
    type,
    at,
    object: { kind: 'endpoint', id: endpoint.id, version: endpoint.version },
    chains: [endpoint.countyAdcode ?? PROVINCE_CHAIN],
    before: before === null ? null : endpointFacts(before),
    after: type === 'endpoint.removed' ? null : endpointFacts(endpoint),
    scheme: null,
  });
}
