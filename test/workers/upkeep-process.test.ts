import type { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { CATALOGUE } from '../../src/queue/catalogue.js';
import { BullHoldExpiry } from '../../src/queue/hold-expiry.js';
import { BullJobBoard } from '../../src/queue/job-board.js';
import { openQueue } from '../../src/queue/match-queue.js';
import { startUpkeepWorker, type UpkeepParts } from '../../src/queue/upkeep-worker.js';
import { expireHolds, expirePark } from '../../src/usecases/holds/expire-holds.js';
import { startUpkeep } from '../../workers/upkeep-process.js';
import { afterThisTest, makeBench } from '../queue/redis.js';
import { realClock, until } from '../support/real-clock.js';
import { makeHoldWorld } from '../usecases/holds/hold-world.js';

/** A worker's upkeep over stores in memory and a queue on the real Redis; its process is stopped after the test. */
async function makeUpkeep(given: Partial<UpkeepParts> = {}, graceMs = 2_000) {
  const bench = await makeBench();
  const { producer, prefix, log, lines } = bench;
  const bull: Queue = openQueue(CATALOGUE.expireHold, producer, prefix, log);
  afterThisTest(() => bull.close());
  afterThisTest(() => bull.obliterate({ force: true }));
  const world = await makeHoldWorld();
  const expiry = new BullHoldExpiry(bull, producer, realClock, log);
  let expired = 0;
  const parts: UpkeepParts = {
    expirePark(parkId) {
      expired += 1;
      return expirePark(world.deps, parkId);
    },
    startExpiryWorker: (handler) =>
      startUpkeepWorker({ connection: bench.worker(), prefix, log, clock: realClock }, handler),
    sweeps: {},
    ...given,
  };
  return {
    ...{ bull, world, lines, log },
    /** Leaves the job of a hold, for now. */
    leave: (holdId: string) => expiry.schedule({ parkId: 'p1', holdId }, realClock.now()),
    board: new BullJobBoard([bull], producer, realClock),
    runs: () => expired,
    async settled(): Promise<void> {
      await until(async () => (await bull.getJobCountByTypes('waiting', 'delayed', 'active')) === 0);
    },
    start() {
      const upkeep = startUpkeep(parts, { sweepEveryMs: 50, shutdownGraceMs: graceMs }, log);
      afterThisTest(() => upkeep.stop());
      return upkeep;
    },
    /** A lead that holds 50 mu for 30 days, and one that waits for 55. */
    async oneHeldOneWaiting() {
      const [first, second] = [await world.lead({ land: { minMu: 50 } }), await world.lead({ land: { minMu: 55 } })];
      const outcome = await world.place(first);
      await world.place(second, { wait: true });
      if (outcome.status !== 'held') throw new Error('not held');
      return { holdId: outcome.hold.id, first, second };
    },
    holders: async () => (await world.park()).capacity.holds.map(({ leadId }) => leadId),
  };
}

describe('upkeep', () => {
  it('expires a hold when its job comes and gives the room to who waits', async () => {
    const bench = await makeUpkeep();
    const { holdId, first, second } = await bench.oneHeldOneWaiting();
    bench.start();
    await bench.leave(holdId);
    await bench.settled();
    // Its time was not over yet: the document's time is the truth.
    expect(await bench.holders()).toEqual([first]);
    await bench.world.days(30);
    await bench.leave(holdId);
    await until(async () => (await bench.holders())[0] === second);
    await bench.settled();
    expect((await bench.world.read(first)).claim).toBeNull();
    expect((await bench.world.read(second)).claim?.state).toBe('placed');
    expect(bench.lines.filter(({ message }) => message === 'job done')).toHaveLength(2);
  });

  it.each([
    ['another shape', 'expireHold', { hold: { firm: '某某公司' } }],
    ['an id of another form', 'expireHold', { parkId: 'p1', holdId: '某某公司' }],
    ['a field too many', 'expireHold', { parkId: 'p1', holdId: `hold_${'a'.repeat(24)}`, firm: '某某公司' }],
    ['no payload', 'expireHold', null],
    ['a name nobody knows', 'unknown', { parkId: 'p1', holdId: `hold_${'a'.repeat(24)}` }],
  ])('fails a poison job once, lists it and goes on: %s', async (_what, name, payload) => {
    const bench = await makeUpkeep();
    const { holdId, second } = await bench.oneHeldOneWaiting();
    await bench.world.days(30);
    bench.start();
    await bench.bull.add(name, payload, { jobId: 'poison', attempts: 5, backoff: 10 });
    await bench.leave(holdId);
    await until(async () => (await bench.holders())[0] === second);
    await bench.settled();
    expect(await bench.board.failed(0, 10)).toMatchObject({
      total: 1,
      items: [{ queue: 'expireHold', jobId: 'poison', attempts: 1, reason: 'badPayload' }],
    });
    expect(JSON.stringify(bench.lines)).not.toContain('某某公司');
  });

  it('changes nothing when a job comes twice, also at the same time', async () => {
    const bench = await makeUpkeep();
    const { holdId, second } = await bench.oneHeldOneWaiting();
    await bench.world.days(30);
    for (const jobId of ['copy-1', 'copy-2', 'copy-3']) {
      await bench.bull.add('expireHold', { parkId: 'p1', holdId }, { jobId });
    }
    bench.start();
    await bench.settled();
    await until(() => bench.runs() === 3);
    expect(await bench.holders()).toEqual([second]);
    expect((await bench.world.changes()).map(({ type }) => type)).toEqual([
      'hold.placed',
      'hold.waiting',
      'hold.released',
      'hold.placed',
    ]);
    expect((await bench.board.failed(0, 10)).total).toBe(0);
  });

  it('tries again what broke off after the park was written', async () => {
    const bench = await makeUpkeep();
    const { holdId, first, second } = await bench.oneHeldOneWaiting();
    await bench.world.days(30);
    const { leadStore, parkStore } = bench.world;
    const [update, replace] = [parkStore.updateCapacity.bind(parkStore), leadStore.replace.bind(leadStore)];
    let broken = false;
    parkStore.updateCapacity = async (...given) => {
      const outcome = await update(...given);
      if (!broken) {
        broken = true;
        throw new AppError('storeUnavailable');
      }
      return outcome;
    };
    leadStore.replace = (...given) => replace(...given);
    bench.start();
    await bench.leave(holdId);
    await until(async () => (await bench.world.read(second)).claim?.state === 'placed');
    await bench.settled();
    expect(await bench.holders()).toEqual([second]);
    expect(bench.runs()).toBe(2);
    // What the first try left unsettled on the lead is for the sweep of claims.
    expect((await bench.world.read(first)).claim?.state).toBe('placing');
  });

  it('sweeps what has no job: the queue was away when the hold was placed', async () => {
    const sweeps: Record<string, () => Promise<number>> = {};
    const bench = await makeUpkeep({ sweeps });
    sweeps['broken'] = async () => {
      throw new TypeError('某某公司 is not iterable');
    };
    sweeps['expiries'] = () => expireHolds(bench.world.deps);
    bench.world.holdExpiry.setAway(true);
    const { second } = await bench.oneHeldOneWaiting();
    expect(bench.world.lines.map(({ message }) => message)).toContain('queue away, end of hold left to the sweep');
    await bench.world.days(30);
    bench.start();
    await until(async () => (await bench.holders())[0] === second);
    // One sweep that fails does not keep the others from their work.
    expect(bench.lines.filter(({ message }) => message.startsWith('sweep failed')).length).toBeGreaterThan(0);
  });

  it('finishes the job in hand when it is stopped, and takes no more', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const story: string[] = [];
    const bench = await makeUpkeep({
      async expirePark(parkId) {
        story.push(`began ${parkId}`);
        await held;
        story.push(`finished ${parkId}`);
        return 'done';
      },
    });
    const upkeep = bench.start();
    await bench.bull.add('expireHold', { parkId: 'p1', holdId: `hold_${'a'.repeat(24)}` });
    await until(() => story.length === 1);
    const stopped = upkeep.stop();
    await realClock.sleep(100);
    release();
    expect(await stopped).toBe(true);
    await bench.bull.add('expireHold', { parkId: 'p2', holdId: `hold_${'b'.repeat(24)}` });
    await realClock.sleep(100);
    expect(story).toEqual(['began p1', 'finished p1']);
    expect(await bench.bull.getJobCounts('waiting', 'active')).toEqual({ waiting: 1, active: 0 });
  });

  it('cuts off a job, or a sweep, that outlasts the grace time, and says so', async () => {
    const never = new Promise<never>(() => undefined);
    const begun: string[] = [];
    const bench = await makeUpkeep({ sweeps: { stuck: () => never } }, 200);
    const upkeep = bench.start();
    expect(await upkeep.stop()).toBe(false);
    const other = await makeUpkeep(
      {
        expirePark(parkId) {
          begun.push(parkId);
          return never;
        },
      },
      200,
    );
    const working = other.start();
    await other.bull.add('expireHold', { parkId: 'p1', holdId: `hold_${'a'.repeat(24)}` });
    await until(() => begun.length === 1);
    expect(await working.stop()).toBe(false);
  });
});
