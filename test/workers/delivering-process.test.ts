import type { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { CATALOGUE, type DeliverPayload, type JobKind } from '../../src/queue/catalogue.js';
import { BullDeliverySignal } from '../../src/queue/delivery-signal.js';
import { startDeliveryWorker } from '../../src/queue/delivery-worker.js';
import { BullJobBoard } from '../../src/queue/job-board.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { createDeliverer } from '../../src/usecases/webhooks/deliverer.js';
import { type DeliveringParts, startDelivering } from '../../workers/delivering-process.js';
import { afterThisTest, makeBench } from '../queue/redis.js';
import { idOf } from '../support/conformance/lead-records.js';
import { makeDelivery } from '../support/conformance/webhook-records.js';
import { realClock, until } from '../support/real-clock.js';
import { makeWebhookWorld } from '../usecases/webhooks/webhook-world.js';

const ID = idOf('ep', 1);

/** A delivering process over stores in memory and a queue on the real Redis. */
async function makeDelivering(given: Partial<DeliveringParts> = {}, graceMs = 2_000) {
  const bench = await makeBench();
  const { producer, prefix, log, lines } = bench;
  const open = (kind: JobKind<DeliverPayload>): Queue => {
    const queue = openQueue(kind, producer, prefix, log);
    afterThisTest(() => queue.close());
    return queue;
  };
  const queues = { now: open(CATALOGUE.deliver), later: open(CATALOGUE.deliverLater) };
  const signal = new BullDeliverySignal(queues, producer, realClock, log);
  const world = makeWebhookWorld();
  const { endpointStore, deliveryStore, sender } = world;
  const settings = { ...world.deps.settings, retryS: [0.1, 0.1, 0.1] };
  const makeDeliverer = () =>
    createDeliverer({ ...world.deps, settings, deliverySignal: signal, clock: realClock, log });
  const parts = (deliverer = makeDeliverer()): DeliveringParts => ({
    startDeliveryWorker: (handlers) =>
      startDeliveryWorker({ connection: bench.worker(), prefix, concurrency: 50, log, clock: realClock }, handlers),
    handlers: {
      deliver: (endpointId, called, draining) => deliverer.deliverEndpoint(endpointId, called, draining),
      wake: (endpointId) => signal.wake(endpointId),
    },
    sweeps: {},
    close: async () => undefined,
    ...given,
  });
  return {
    ...{ ...queues, world, endpointStore, deliveryStore, sender, signal, lines, makeDeliverer },
    board: new BullJobBoard([queues.now, queues.later], producer, realClock),
    start(deliverer = makeDeliverer(), sweeps: DeliveringParts['sweeps'] = {}) {
      const running = startDelivering(
        { ...parts(deliverer), sweeps },
        { sweepEveryMs: 50, shutdownGraceMs: graceMs },
        log,
      );
      afterThisTest(() => running.stop());
      return running;
    },
    delivered: async () => (await world.states())['delivered'] ?? 0,
  };
}

describe('the delivering process', () => {
  it('delivers what it is woken for, and what failed when its time comes', async () => {
    const bench = await makeDelivering();
    const { url } = await bench.world.endpoint(1);
    await bench.world.pending(1, 20);
    bench.sender.script(url, { status: 500 }, { status: null, error: 'reset' });
    bench.start();
    await bench.signal.wake(ID);
    await until(async () => (await bench.delivered()) === 20);
    expect(bench.sender.sent(url)).toHaveLength(22);
    expect((await bench.board.failed(0, 10)).total).toBe(0);
  });

  it.each([
    ['another shape', 'deliver', { delivery: { payload: '某某公司' } }],
    ['an id of another form', 'deliver', { endpointId: '某某公司' }],
    ['a field too many', 'deliver', { endpointId: ID, firm: '某某公司' }],
    ['no payload', 'deliver', null],
    ['a name nobody knows', 'unknown', { endpointId: ID }],
  ])('fails a poison job once, lists it and goes on: %s', async (_what, name, payload) => {
    const bench = await makeDelivering();
    await bench.world.endpoint(1);
    await bench.world.pending(1, 1);
    bench.start();
    await bench.now.add(name, payload, { jobId: 'poison', attempts: 5, backoff: 10 });
    await bench.signal.wake(ID);
    await until(async () => (await bench.delivered()) === 1);
    await until(async () => (await bench.board.failed(0, 10)).total === 1);
    expect((await bench.board.failed(0, 10)).items).toMatchObject([
      { queue: 'deliver', jobId: 'poison', attempts: 1, reason: 'badPayload' },
    ]);
    expect(JSON.stringify(bench.lines)).not.toContain('某某公司');
  });

  it('records each delivery once when two jobs of an endpoint run at the same time', async () => {
    const bench = await makeDelivering();
    const { url } = await bench.world.endpoint(1);
    await bench.world.pending(1, 10);
    // What a queue that lost its keys could hold.
    for (const jobId of ['copy-1', 'copy-2']) await bench.now.add('deliver', { endpointId: ID }, { jobId });
    bench.start();
    await until(async () => (await bench.now.getJobCountByTypes('waiting', 'active')) === 0);
    await until(async () => (await bench.delivered()) === 10);
    const ids = bench.sender.sent(url).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(10);
    const { items } = await bench.deliveryStore.list({ countyAdcode: null }, null, 20);
    expect(items.map(({ state, attempts }) => [state, attempts.length])).toEqual(
      Array.from({ length: 10 }, () => ['delivered', 1]),
    );
  });

  it('sends again, under the same id, what a process sent and could not record', async () => {
    const bench = await makeDelivering();
    const { url } = await bench.world.endpoint(1);
    await bench.world.pending(1, 1);
    const settle = bench.deliveryStore.settle.bind(bench.deliveryStore);
    let broken = true;
    bench.deliveryStore.settle = async (settlements) => {
      if (broken) {
        broken = false;
        // Not an outage: as if the process had ended here.
        throw new AppError('internal');
      }
      return settle(settlements);
    };
    bench.start();
    await bench.signal.wake(ID);
    await until(async () => (await bench.delivered()) === 1);
    const ids = bench.sender.sent(url).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([makeDelivery(1, 1).eventId, makeDelivery(1, 1).eventId]);
  });

  it('sweeps what has no job', async () => {
    const bench = await makeDelivering();
    await bench.world.endpoint(1);
    await bench.world.pending(1, 3);
    bench.start(bench.makeDeliverer(), {
      broken: async () => {
        throw new TypeError('某某公司 is not iterable');
      },
      due: async () => {
        const ids = await bench.deliveryStore.endpointsDue(realClock.now(), 10);
        for (const id of ids) await bench.signal.wake(id);
        return ids.length;
      },
    });
    await until(async () => (await bench.delivered()) === 3);
    await until(() => bench.lines.some(({ message }) => message.startsWith('sweep failed')));
  });

  it('finishes what is under way when it is stopped, begins nothing, and leaves the rest to others', async () => {
    const bench = await makeDelivering();
    const { url } = await bench.world.endpoint(1);
    await bench.world.pending(1, 200);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    bench.sender.answerBy(url, () => ({ after: held }));
    const running = bench.start();
    await bench.signal.wake(ID);
    await until(() => bench.sender.sent(url).length === 16);
    const stopped = running.stop();
    await realClock.sleep(100);
    answer();
    expect(await stopped).toBe(true);
    expect(await bench.delivered()).toBe(16);
    bench.start();
    await until(async () => (await bench.delivered()) === 200);
    expect(bench.sender.sent(url)).toHaveLength(200);
  });

  it('calls off what outlasts the grace time; another process sends it again', async () => {
    const bench = await makeDelivering({}, 200);
    const { url } = await bench.world.endpoint(1);
    await bench.world.pending(1, 1);
    bench.sender.script(url, { after: new Promise(() => undefined) });
    const running = bench.start();
    await bench.signal.wake(ID);
    await until(() => bench.sender.sent(url).length === 1);
    const before = performance.now();
    expect(await running.stop()).toBe(false);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(await bench.delivered()).toBe(0);
    bench.start();
    await until(async () => (await bench.delivered()) === 1, 30_000);
  });
});
