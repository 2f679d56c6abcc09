import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { newKey, rotated } from '../../../src/usecases/webhooks/endpoint-keys.js';
import { idOf } from '../../support/conformance/lead-records.js';
import { makeDelivery } from '../../support/conformance/webhook-records.js';
import { settled } from '../manual-clock.js';
import { makeWebhookWorld } from './webhook-world.js';

const ID = idOf('ep', 1);
const DAY_MS = 86_400_000;

describe('a turn of an endpoint', () => {
  it('sends what is due, oldest first, signed so that the official library verifies it', async () => {
    const world = makeWebhookWorld({ concurrency: 1 });
    const { url, secret } = await world.endpoint(1);
    const deliveries = await world.pending(1, 3);
    expect(await world.turn(ID)).toBe('done');
    const sent = world.sender.sent(url);
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(deliveries.map(({ eventId }) => eventId));
    expect(sent.map(({ body }) => body)).toEqual(deliveries.map(({ payload }) => payload));
    for (const { body, headers } of sent) {
      const at = Number(headers['webhook-timestamp']) * 1_000;
      expect(Math.abs(at - Date.parse(world.clock.now()))).toBeLessThan(5_000);
      const fresh = Math.floor(Date.now() / 1_000);
      const signature = world.keys.signer.sign([{ scheme: 'v1', key: secret }], {
        id: String(headers['webhook-id']),
        timestampS: at / 1_000,
        body,
      });
      expect(headers['webhook-signature']).toBe(signature);
      // The library refuses old timestamps: the same message, signed now.
      const now = { id: String(headers['webhook-id']), timestampS: fresh, body };
      const resigned = world.keys.signer.sign([{ scheme: 'v1', key: secret }], now);
      const verified = new Webhook(secret).verify(body, {
        ...headers,
        'webhook-timestamp': String(fresh),
        'webhook-signature': resigned,
      });
      expect(verified).toEqual(JSON.parse(body));
    }
    expect(await world.states()).toEqual({ delivered: 3 });
    expect(world.deliverySignal.wakes).toEqual([]);
  });

  it('signs with both keys for a day after a rotation, with the new one alone after that', async () => {
    const world = makeWebhookWorld({ retryS: [2 * 86_400] });
    const { url, keys } = await world.endpoint(1);
    const stored = await world.endpointStore.get(ID);
    if (stored === null) throw new Error('no endpoint');
    const { key } = newKey(world.keys, 'v1', world.clock.now());
    await world.endpointStore.replace({ ...stored, keys: rotated(keys, key, world.clock.now()), version: 2 }, 1, []);
    world.sender.script(url, { status: 500 });
    await world.pending(1, 1);
    await world.turn(ID);
    await world.clock.advance(2 * DAY_MS);
    await world.turn(ID);
    const [first, second] = world.sender.sent(url).map(({ headers }) => headers);
    expect(first?.['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(second?.['webhook-signature']?.split(' ')).toHaveLength(1);
    // The id is the same, the timestamp that of the attempt.
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp'])).toBeGreaterThan(Number(first?.['webhook-timestamp']));
  });

  it('tries again by the schedule, asks to be woken then, and gives up after the last attempt', async () => {
    const world = makeWebhookWorld({ retryS: [5, 300] });
    const { url } = await world.endpoint(1);
    world.sender.answerBy(url, () => ({ status: 503, answer: 'busy', latencyMs: 0 }));
    const [delivery] = await world.pending(1, 1);
    if (delivery === undefined) throw new Error('none');
    await world.turn(ID);
    const after = await world.deliveryStore.get(delivery.id);
    const triedMs = Date.parse(after?.attempts[0]?.at ?? '');
    expect(after).toMatchObject({ state: 'pending', nextAt: new Date(triedMs + 5_000).toISOString() });
    expect(world.deliverySignal.wakes).toEqual([{ endpointId: ID, at: after?.nextAt }]);
    await world.clock.advance(6_000);
    await world.turn(ID);
    expect((await world.deliveryStore.get(delivery.id))?.state).toBe('pending');
    await world.clock.advance(301_000);
    await world.turn(ID);
    expect(await world.deliveryStore.get(delivery.id)).toMatchObject({
      state: 'failed',
      attempts: [{ status: 503, answer: 'busy' }, { status: 503 }, { status: 503 }],
    });
    expect(world.sender.sent(url)).toHaveLength(3);
  });

  it('lets one slow answer hold up nothing else of the endpoint', async () => {
    const world = makeWebhookWorld({ concurrency: 4 });
    const { url } = await world.endpoint(1);
    const deliveries = await world.pending(1, 60);
    const slow = deliveries[0]?.eventId;
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    world.sender.answerBy(url, ({ headers }) => (headers['webhook-id'] === slow ? { after: held } : {}));
    const run = world.deliverer.deliverEndpoint(ID, new AbortController().signal);
    for (let steps = 0; steps < 30; steps += 1) await world.clock.advance(20);
    expect(world.sender.sent(url)).toHaveLength(60);
    expect(await world.states()).toEqual({ delivered: 59, pending: 1 });
    // What comes while the turn still waits for that answer is sent at once.
    await world.deliveryStore.add([makeDelivery(61, 1)]);
    for (let steps = 0; steps < 80; steps += 1) await world.clock.advance(20);
    expect(await world.states()).toEqual({ delivered: 60, pending: 1 });
    answer();
    for (let steps = 0; steps < 120; steps += 1) await world.clock.advance(20);
    expect(await run).toBe('done');
    expect(await world.states()).toEqual({ delivered: 61 });
    expect(world.sender.sent(url)).toHaveLength(61);
  });

  it('has no more on their way than allowed, and no more a second', async () => {
    const world = makeWebhookWorld({ concurrency: 3, perSecond: 20 });
    const { url } = await world.endpoint(1);
    await world.pending(1, 90);
    let now = 0;
    let most = 0;
    const times: number[] = [];
    world.sender.answerBy(url, () => {
      now += 1;
      most = Math.max(most, now);
      times.push(world.clock.monotonicMs());
      const left = (): void => {
        now -= 1;
      };
      return { after: settled().then(left) };
    });
    await world.turn(ID);
    expect(most).toBe(3);
    expect(times).toHaveLength(90);
    for (const [index, at] of times.entries()) {
      const within = times.slice(index).filter((other) => other - at < 1_000).length;
      expect(within).toBeLessThanOrEqual(41);
    }
    // 20 at once, the other 70 at 20 a second.
    expect(times[89]).toBeGreaterThan(3_300);
  });

  it('gives its place away after ten seconds and asks for the next turn', async () => {
    const world = makeWebhookWorld({ concurrency: 1, perSecond: 1 });
    const { url } = await world.endpoint(1);
    await world.pending(1, 100);
    expect(await world.turn(ID, { stepMs: 100 })).toBe('more');
    expect(world.clock.monotonicMs()).toBeLessThan(13_000);
    expect(world.sender.sent(url).length).toBeLessThan(15);
    expect(world.deliverySignal.wakes).toEqual([{ endpointId: ID, at: null }]);
  });

  it('sends nothing to a paused endpoint and keeps what is due to it', async () => {
    const world = makeWebhookWorld();
    await world.endpoint(1, { state: 'paused' });
    await world.pending(1, 2);
    expect(await world.turn(ID)).toBe('notActive');
    expect(world.sender.sent()).toEqual([]);
    expect(await world.states()).toEqual({ pending: 2 });
  });

  it('soon stops when the endpoint is paused in the middle', async () => {
    const world = makeWebhookWorld({ concurrency: 2, perSecond: 10 });
    const { url } = await world.endpoint(1);
    await world.pending(1, 60);
    const run = world.turn(ID);
    run.catch(() => undefined);
    const stored = await world.endpointStore.get(ID);
    if (stored === null) throw new Error('no endpoint');
    await world.endpointStore.replace({ ...stored, state: 'paused', version: 2 }, 1, []);
    await run;
    expect(world.sender.sent(url).length).toBeLessThan(30);
  });

  it('ends what is pending for an endpoint that is gone from the store', async () => {
    const world = makeWebhookWorld();
    await world.pending(1, 2);
    expect(await world.turn(ID)).toBe('missing');
    expect(await world.states()).toEqual({ cancelled: 2 });
  });

  it('disables an endpoint that answers 410, cancels the rest, and tells so', async () => {
    const world = makeWebhookWorld({ concurrency: 1 });
    const { url } = await world.endpoint(1);
    await world.pending(1, 5);
    world.sender.script(url, {}, { status: 410 });
    expect(await world.turn(ID)).toBe('notActive');
    expect(world.sender.sent(url)).toHaveLength(2);
    expect(await world.states()).toEqual({ delivered: 1, cancelled: 4 });
    expect(await world.endpointStore.get(ID)).toMatchObject({
      ...{ state: 'disabled', disabledReason: 'gone', version: 2 },
    });
    const [change] = await world.endpointStore.outbox.of([ID]);
    expect(change).toMatchObject({ type: 'endpoint.disabled', id: `${ID}.2`, chains: ['331102'] });
    expect(JSON.stringify(change)).not.toContain('hooks.example.cn');
    expect(world.changed).toEqual([ID]);
  });

  it('disables an endpoint on which every attempt has failed for five days, and not one that now and then works', async () => {
    const world = makeWebhookWorld({ retryS: [3 * 86_400, 1.5 * 86_400, 86_400, 86_400] });
    const { url } = await world.endpoint(1);
    world.sender.answerBy(url, () => ({ status: null, error: 'timeout' }));
    await world.pending(1, 1);
    await world.turn(ID);
    const since = (await world.endpointStore.get(ID))?.failingSince ?? '';
    expect(since).not.toBe('');
    await world.clock.advance(3 * DAY_MS);
    expect(await world.turn(ID)).toBe('done');
    expect(await world.endpointStore.get(ID)).toMatchObject({ state: 'active', failingSince: since });
    world.sender.script(url, {});
    await world.deliveryStore.add([makeDelivery(2, 1)]);
    await world.turn(ID);
    expect((await world.endpointStore.get(ID))?.failingSince).toBeNull();
    await world.clock.advance(1.5 * DAY_MS);
    await world.turn(ID);
    await world.clock.advance(DAY_MS);
    expect(await world.turn(ID)).toBe('done');
    await world.deliveryStore.add([makeDelivery(3, 1)]);
    await world.clock.advance(4 * DAY_MS);
    expect(await world.turn(ID)).toBe('notActive');
    expect(await world.endpointStore.get(ID)).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
  });

  it('calls off what is under way when the process ends, and takes it for not tried', async () => {
    const world = makeWebhookWorld();
    const { url } = await world.endpoint(1);
    await world.pending(1, 1);
    world.sender.script(url, { after: new Promise(() => undefined) });
    const ending = new AbortController();
    const run = world.turn(ID, { signal: ending.signal });
    run.catch(() => undefined);
    await settled();
    ending.abort();
    await run;
    expect(await world.states()).toEqual({ pending: 1 });
    expect((await world.deliveryStore.get(makeDelivery(1, 1).id))?.attempts).toEqual([]);
  });

  it('begins nothing new while the process drains, and finishes what is under way', async () => {
    const world = makeWebhookWorld({ concurrency: 1 });
    const { url } = await world.endpoint(1);
    await world.pending(1, 5);
    const draining = new AbortController();
    world.sender.answerBy(url, () => {
      draining.abort();
      return {};
    });
    expect(await world.turn(ID, { draining: draining.signal })).toBe('more');
    expect(await world.states()).toEqual({ delivered: 1, pending: 4 });
    expect(world.deliverySignal.wakes).toEqual([{ endpointId: ID, at: null }]);
  });

  it('waits for a store that is away for a moment; after that the message is sent again', async () => {
    const world = makeWebhookWorld();
    const { url } = await world.endpoint(1);
    await world.pending(1, 2);
    const settle = world.deliveryStore.settle.bind(world.deliveryStore);
    let failures = 2;
    world.deliveryStore.settle = async (settlements) => {
      failures -= 1;
      if (failures >= 0) throw new AppError('storeUnavailable');
      return settle(settlements);
    };
    expect(await world.turn(ID)).toBe('done');
    expect(world.sender.sent(url)).toHaveLength(2);
    expect(await world.states()).toEqual({ delivered: 2 });
    await world.deliveryStore.add([makeDelivery(3, 1)]);
    failures = 100;
    await expect(world.turn(ID)).rejects.toMatchObject({ code: 'storeUnavailable' });
    failures = 0;
    expect(await world.turn(ID)).toBe('done');
    expect(world.sender.sent(url)).toHaveLength(4);
    expect(await world.states()).toEqual({ delivered: 3 });
  });

  it('records outcomes of many endpoints by few writes', async () => {
    const world = makeWebhookWorld();
    let writes = 0;
    const settle = world.deliveryStore.settle.bind(world.deliveryStore);
    world.deliveryStore.settle = async (settlements) => {
      writes += 1;
      return settle(settlements);
    };
    const ids = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => idOf('ep', number));
    for (const number of ids.keys()) {
      await world.endpoint(number + 1);
      await world.pending(number + 1, 50);
    }
    await Promise.all(ids.map((id) => world.turn(id)));
    expect(await world.states()).toEqual({ delivered: 400 });
    expect(writes).toBeLessThan(12);
  });

  it('names no address and no content in its log', async () => {
    const world = makeWebhookWorld({ disableAfterMs: 0 });
    const { url } = await world.endpoint(1);
    world.sender.answerBy(url, () => ({ status: 500, answer: 'secret answer' }));
    await world.pending(1, 1);
    await world.turn(ID);
    expect(world.lines.map(({ message }) => message)).toContain('endpoint disabled');
    expect(JSON.stringify(world.lines)).not.toMatch(/hooks\.example|secret answer/);
  });
});
