import { describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../../src/domain/webhook.js';
import { MemoryDeliveryStore } from '../../../src/memory/delivery-store.js';
import { MemoryEndpointStore } from '../../../src/memory/endpoint-store.js';
import { systemIds } from '../../../src/system.js';
import { createWebhookSink } from '../../../src/usecases/webhooks/webhook-sink.js';
import { makeChange } from '../../support/conformance/changes.js';
import { idOf } from '../../support/conformance/lead-records.js';
import { makeEndpoint } from '../../support/conformance/webhook-records.js';
import { recordingSignal } from './webhook-world.js';

const [SOURCE, HOST] = ['330782', '331102'];

const pushed = (number: number) =>
  makeChange(2, {
    objectId: idOf('lead', number),
    type: 'lead.pushed',
    object: { kind: 'lead', id: idOf('lead', number), version: 2 },
    chains: [SOURCE, HOST],
    before: { stage: 'registered', hostAdcode: HOST },
    after: { stage: 'pushed', hostAdcode: HOST, parkId: 'p1' },
  });
const registered = makeChange(1, { type: 'lead.registered', chains: [SOURCE] });

async function world(endpoints: readonly WebhookEndpoint[]) {
  const [endpointStore, deliveryStore] = [new MemoryEndpointStore(), new MemoryDeliveryStore()];
  for (const endpoint of endpoints) await endpointStore.insert(endpoint, []);
  const deliverySignal = recordingSignal();
  let looks = 0;
  const counted = {
    subscribed: () => {
      looks += 1;
      return endpointStore.subscribed();
    },
  };
  const sink = createWebhookSink({ endpointStore: counted, deliveryStore, deliverySignal, ids: systemIds });
  return {
    ...{ endpointStore, deliveryStore, sink },
    woken: () => deliverySignal.wakes.map(({ endpointId }) => endpointId).sort(),
    looks: () => looks,
    told: async () => (await deliveryStore.list({ countyAdcode: null }, null, 100)).items,
  };
}

describe('the sink of webhooks', () => {
  it('leaves a delivery for each endpoint concerned, of one event and the same bytes, and wakes it', async () => {
    const { sink, told, woken } = await world([
      makeEndpoint(1, { countyAdcode: HOST }),
      makeEndpoint(2, { countyAdcode: SOURCE, types: ['lead.pushed'] }),
      makeEndpoint(3, { countyAdcode: null }),
      makeEndpoint(4, { countyAdcode: HOST, types: ['hold.placed'] }),
      makeEndpoint(5, { countyAdcode: '331123' }),
      makeEndpoint(6, { countyAdcode: HOST, state: 'paused' }),
      makeEndpoint(7, { countyAdcode: HOST, state: 'disabled', disabledReason: 'gone' }),
    ]);
    await sink([registered, pushed(1)]);
    const deliveries = await told();
    expect(deliveries.map(({ endpointId }) => endpointId).sort()).toEqual([1, 2, 3, 6].map((n) => idOf('ep', n)));
    expect(new Set(deliveries.map(({ payload }) => payload)).size).toBe(1);
    expect(new Set(deliveries.map(({ eventId }) => eventId)).size).toBe(1);
    expect(deliveries).toContainEqual(
      expect.objectContaining({
        id: `${systemIds.idFor('evt', pushed(1).id)}.${idOf('ep', 1)}`,
        ...{ countyAdcode: HOST, type: 'lead.pushed', state: 'pending', createdAt: pushed(1).at, nextAt: pushed(1).at },
      }),
    );
    // What is paused waits in the store.
    expect(woken()).toEqual([1, 2, 3].map((number) => idOf('ep', number)));
  });

  it('makes nothing new of the same changes', async () => {
    const { sink, told, deliveryStore } = await world([makeEndpoint(1, { countyAdcode: HOST })]);
    await sink([pushed(1), pushed(2)]);
    const [delivery] = await told();
    if (delivery === undefined) throw new Error('nothing told');
    const attempt = { at: pushed(1).at, status: 204, error: null, latencyMs: 1, answer: '' };
    await deliveryStore.settle([{ delivery, attempt, next: { state: 'delivered' } }]);
    await sink([pushed(2), pushed(1)]);
    await Promise.all([sink([pushed(1)]), sink([pushed(2)])]);
    expect((await told()).map(({ state }) => state).sort()).toEqual(['delivered', 'pending']);
  });

  it('tells an endpoint that was made a moment ago, and none that was removed', async () => {
    const { sink, told, endpointStore } = await world([makeEndpoint(1, { countyAdcode: HOST })]);
    await sink([pushed(1)]);
    await endpointStore.insert(makeEndpoint(2, { countyAdcode: HOST }), []);
    await endpointStore.remove(idOf('ep', 1), 1, []);
    await sink([pushed(2)]);
    expect((await told()).map(({ endpointId }) => endpointId).sort()).toEqual([idOf('ep', 1), idOf('ep', 2)]);
  });

  it('reads no subscriptions where there is nothing to tell', async () => {
    const { sink, looks } = await world([]);
    await sink([registered]);
    await sink([]);
    expect(looks()).toBe(0);
    await sink([pushed(1), pushed(2)]);
    expect(looks()).toBe(1);
  });
});
