import { type Caller, seesCounty } from '../../domain/access.js';
import type { Adcode } from '../../domain/county.js';
import { AppError } from '../../domain/errors.js';
import { type Delivery, TEST_EVENT, type WebhookEndpoint } from '../../domain/webhook.js';
import type { Clock } from '../../ports/clock.js';
import type { Ids } from '../../ports/ids.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { DeliverySignal, WebhookSender } from '../../ports/webhook-sender.js';
import type { DeliveryFilter, DeliveryStore, EndpointStore } from '../../ports/webhook-store.js';
import type { WebhookUseCases } from '../webhook-use-cases.js';
import { endpointChange } from './endpoint-changes.js';
import { type KeyDeps, newKey, rotated } from './endpoint-keys.js';
import { endpointViewOf } from './endpoint-view.js';

/** Endpoints a county, or the province, may have. */
export const ENDPOINTS_AT_MOST = 20;
const PAGE = 200;
/** Deliveries one call replays at most. */
export const REPLAY_AT_MOST = 10_000;
/** How often an edit that another one overtook is tried again where no version was asked for. */
const TRIES = 5;

export interface WebhookDeps extends KeyDeps {
  readonly endpointStore: EndpointStore;
  readonly deliveryStore: DeliveryStore;
  readonly deliverySignal: DeliverySignal;
  readonly sender: Pick<WebhookSender, 'refusalOf'>;
  readonly changes: ChangeSignal;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'newId'>;
  /** The counties there are. */
  readonly adcodes: () => Promise<ReadonlySet<Adcode>>;
}

const missing = (what: string): AppError => new AppError('notFound', { params: { what } });
const refuse = (field: string, code: string, limit?: number): AppError =>
  new AppError('invalidInput', { issues: [{ field, code, ...(limit === undefined ? {} : { limit }) }] });

/** Binds webhooks to a caller: a county manages its own, the province all. */
export function createWebhookUseCases(deps: WebhookDeps, caller: Caller): WebhookUseCases {
  const { endpointStore, deliveryStore, deliverySignal, changes, clock, ids } = deps;
  const { actor } = caller;

  function checkUrl(url: string): void {
    const refusal = deps.sender.refusalOf(url);
    if (refusal !== null) throw refuse('url', refusal);
  }

  async function countyFor(asked: Adcode | null): Promise<Adcode | null> {
    if (asked === null || asked === actor.countyAdcode) return actor.countyAdcode ?? asked;
    if (!seesCounty(actor, asked)) throw refuse('countyAdcode', 'notYourCounty');
    if (!(await deps.adcodes()).has(asked)) throw refuse('countyAdcode', 'unknownCounty');
    return asked;
  }

  /** The province's own stand among everybody's: all pages are looked through. */
  async function countOf(county: Adcode | null): Promise<number> {
    let count = 0;
    let cursor: string | null = null;
    do {
      const page = await endpointStore.list(county, cursor, PAGE);
      count += page.items.filter((one) => one.countyAdcode === county).length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    return count;
  }

  function isMine(owner: Adcode | null): boolean {
    return actor.countyAdcode === null || owner === actor.countyAdcode;
  }

  async function own(id: string): Promise<WebhookEndpoint> {
    const endpoint = await endpointStore.get(id);
    if (endpoint === null || !isMine(endpoint.countyAdcode)) throw missing('endpoint');
    return endpoint;
  }

  async function ownDelivery(id: string): Promise<Delivery> {
    const delivery = await deliveryStore.get(id);
    if (delivery === null || !isMine(delivery.countyAdcode)) throw missing('delivery');
    return delivery;
  }

  /** Changes an endpoint that nobody else changes meanwhile, or tries again. */
  async function change(
    id: string,
    type: 'endpoint.updated' | 'endpoint.rotated',
    edit: (endpoint: WebhookEndpoint) => WebhookEndpoint,
  ): Promise<WebhookEndpoint> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await own(id);
      const next = { ...edit(before), version: before.version + 1 };
      if (
        !(await endpointStore.replace(next, before.version, [endpointChange(caller, clock.now(), type, next, before)]))
      )
        continue;
      changes.changed('endpoint', id);
      return next;
    }
    throw new AppError('storeUnavailable');
  }

  return {
    async createEndpoint({ url, types, description, signature, countyAdcode }) {
      const county = await countyFor(countyAdcode);
      checkUrl(url);
      if ((await countOf(county)) >= ENDPOINTS_AT_MOST) throw refuse('url', 'tooManyEndpoints', ENDPOINTS_AT_MOST);
      const now = clock.now();
      const { key, secret } = newKey(deps, signature, now);
      const endpoint: WebhookEndpoint = {
        id: ids.newId('ep'),
        countyAdcode: county,
        url,
        types: [...new Set(types)],
        description,
        signature,
        keys: [key],
        state: 'active',
        disabledReason: null,
        failingSince: null,
        createdBy: actor.id,
        createdAt: now,
        version: 1,
      };
      await endpointStore.insert(endpoint, [endpointChange(caller, now, 'endpoint.created', endpoint, null)]);
      changes.changed('endpoint', endpoint.id);
      return { endpoint: endpointViewOf(endpoint), secret };
    },

    async listEndpoints(cursor, limit) {
      const page = await endpointStore.list(actor.countyAdcode, cursor, limit);
      return { items: page.items.map(endpointViewOf), nextCursor: page.nextCursor };
    },

    getEndpoint: async (id) => endpointViewOf(await own(id)),

    async updateEndpoint(id, expectedVersion, { url, types, description, state }) {
      const before = await own(id);
      const stale = (currentVersion: number) => new AppError('versionConflict', { params: { currentVersion } });
      if (before.version !== expectedVersion) throw stale(before.version);
      if (url !== undefined) checkUrl(url);
      const next: WebhookEndpoint = {
        ...before,
        ...(url === undefined ? {} : { url }),
        ...(types === undefined ? {} : { types: [...new Set(types)] }),
        ...(description === undefined ? {} : { description }),
        ...(state === undefined ? {} : { state, disabledReason: null, failingSince: null }),
        version: before.version + 1,
      };
      const told = endpointChange(caller, clock.now(), 'endpoint.updated', next, before);
      if (!(await endpointStore.replace(next, expectedVersion, [told]))) throw stale((await own(id)).version);
      changes.changed('endpoint', id);
      // What waited while it was paused or disabled is sent now.
      if (next.state === 'active') await deliverySignal.wake(id);
      return endpointViewOf(next);
    },

    async removeEndpoint(id) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const endpoint = await own(id);
        const gone = { ...endpoint, version: endpoint.version + 1 };
        const told = endpointChange(caller, clock.now(), 'endpoint.removed', gone, endpoint);
        if (!(await endpointStore.remove(id, endpoint.version, [told]))) continue;
        changes.changed('endpoint', id);
        await deliveryStore.cancel(id);
        return;
      }
      throw new AppError('storeUnavailable');
    },

    async rotateKey(id) {
      const now = clock.now();
      let secret: string | null = null;
      const endpoint = await change(id, 'endpoint.rotated', (present) => {
        const made = newKey(deps, present.signature, now);
        secret = made.secret;
        return { ...present, keys: rotated(present.keys, made.key, now) };
      });
      return { endpoint: endpointViewOf(endpoint), secret };
    },

    async testEndpoint(id) {
      const endpoint = await own(id);
      const now = clock.now();
      const eventId = ids.newId('evt');
      const delivery: Delivery = {
        id: `${eventId}.${endpoint.id}`,
        eventId,
        endpointId: endpoint.id,
        countyAdcode: endpoint.countyAdcode,
        type: TEST_EVENT,
        payload: JSON.stringify({ type: TEST_EVENT, timestamp: now, data: { endpointId: endpoint.id } }),
        createdAt: now,
        state: 'pending',
        attempts: [],
        nextAt: now,
      };
      await deliveryStore.add([delivery]);
      await deliverySignal.wake(id);
      return delivery;
    },

    listDeliveries: (filter, cursor, limit) =>
      deliveryStore.list({ ...filter, countyAdcode: actor.countyAdcode }, cursor, limit),

    getDelivery: (id) => ownDelivery(id),

    async replayDelivery(id) {
      const { endpointId } = await ownDelivery(id);
      const now = clock.now();
      await deliveryStore.replay({ countyAdcode: actor.countyAdcode, ids: [id] }, now, 1);
      await deliverySignal.wake(endpointId);
      return ownDelivery(id);
    },

    async replayDeliveries({ endpointId, from, to, failedOnly }) {
      await own(endpointId);
      const filter: DeliveryFilter = {
        countyAdcode: actor.countyAdcode,
        endpointId,
        from,
        to,
        ...(failedOnly ? { state: 'failed' as const } : {}),
      };
      const replayed = await deliveryStore.replay(filter, clock.now(), REPLAY_AT_MOST);
      await deliverySignal.wake(endpointId);
      return { replayed, more: replayed === REPLAY_AT_MOST };
    },
  };
}
