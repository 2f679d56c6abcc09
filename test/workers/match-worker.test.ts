import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.js';
import { resultIdOf } from '../../src/ports/result-store.js';
import { BullJobBoard } from '../../src/queue/job-board.js';
import { makeResult, needIdOf } from '../support/conformance/records.js';
import { realClock, until } from '../support/real-clock.js';
import { makeWorkerBench, type WorkerBench } from './bench.js';

const handlerOf =
  ({ parts }: WorkerBench) =>
  ({ needId, version }: { needId: string; version: number }, { signal }: { signal: AbortSignal }) =>
    parts.matchNeed(needId, version, signal);

const boardOf = ({ bull, producer }: WorkerBench): BullJobBoard => new BullJobBoard([bull], producer, realClock);

describe('matching worker', () => {
  it('matches what is queued, logs ids and times, and leaves nothing in the queue', async () => {
    const bench = await makeWorkerBench();
    bench.start(handlerOf(bench));
    await bench.submit(1);
    await until(() => bench.ready(1));
    await until(async () => (await bench.bull.getJobCountByTypes('active', 'completed', 'waiting')) === 0);
    const done = bench.lines.find(({ message }) => message === 'job done');
    expect(done?.fields).toMatchObject({
      queue: 'match',
      jobId: `${needIdOf(1)}-1`,
      needId: needIdOf(1),
      version: 1,
      attempt: 1,
      outcome: 'done',
      queuedMs: expect.any(Number),
      runMs: expect.any(Number),
    });
  });

  it.each([
    ['another shape', 'match', { need: { firm: { name: '某某公司' } } }],
    ['an id of another form', 'match', { needId: '某某公司', version: 1 }],
    ['a version that is no number', 'match', { needId: needIdOf(1), version: '1' }],
    ['a field too many', 'match', { needId: needIdOf(1), version: 1, firm: '某某公司' }],
    ['no payload', 'match', null],
    ['a name nobody knows', 'unknown', { needId: needIdOf(1), version: 1 }],
  ])('fails a poison job once, lists it and goes on: %s', async (_what, name, payload) => {
    const bench = await makeWorkerBench();
    let handled = 0;
    bench.start(async (job, context) => {
      handled += 1;
      return handlerOf(bench)(job, context);
    });
    await bench.bull.add(name, payload, { jobId: 'poison', attempts: 5, backoff: 10 });
    await bench.submit(7);
    await until(() => bench.ready(7));
    await until(async () => (await boardOf(bench).failed(0, 10)).total === 1);
    const { total, items } = await boardOf(bench).failed(0, 10);
    expect({ total, items }).toEqual({
      total: 1,
      items: [
        {
          queue: 'match',
          jobId: 'poison',
          name,
          attempts: 1,
          failedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          reason: 'badPayload',
        },
      ],
    });
    expect(handled).toBe(1);
    expect(await bench.bull.getJobCountByTypes('waiting', 'delayed', 'active')).toBe(0);
    expect(JSON.stringify(bench.lines)).not.toContain('某某公司');
  });

  it('changes nothing when the same job comes twice, also at the same time', async () => {
    const bench = await makeWorkerBench();
    await bench.submit(1);
    const job = { needId: needIdOf(1), version: 1 };
    // Two jobs of one version side by side: what a queue that lost its keys could hold.
    await bench.bull.add('match', job, { jobId: 'copy-1' });
    await bench.bull.add('match', job, { jobId: 'copy-2' });
    bench.start(handlerOf(bench));
    await until(() => bench.runs.get(job.needId) === 3);
    await until(async () => (await bench.bull.getJobCountByTypes('waiting', 'active')) === 0);
    expect((await bench.needs.get(job.needId))?.matching.status).toBe('ready');
    const id = resultIdOf({ ...makeResult(0), ...job });
    expect((await bench.needs.get(job.needId))?.matching.resultId).toBe(id);
    expect((await boardOf(bench).failed(0, 10)).total).toBe(0);
  });

  it.each(['beforePut', 'afterPut'] as const)('comes to the same end when it breaks off %s', async (at) => {
    const bench = await makeWorkerBench();
    bench.breakNext(at);
    bench.start(handlerOf(bench));
    await bench.submit(1);
    await until(() => bench.ready(1));
    expect(bench.runs.get(needIdOf(1))).toBe(2);
    const stored = await bench.needs.get(needIdOf(1));
    expect(await bench.results.get(stored?.matching.resultId ?? '')).toEqual({ ...makeResult(0), needId: needIdOf(1) });
    expect((await boardOf(bench).failed(0, 10)).total).toBe(0);
  });

  it('gives up on a fault after its attempts, lists a code, and settles the need as failed', async () => {
    const bench = await makeWorkerBench();
    bench.start(async () => {
      throw new AppError('invalidInput', { cause: new Error('某某公司') });
    });
    await bench.submit(1);
    await until(async () => (await bench.needs.get(needIdOf(1)))?.matching.status === 'failed');
    expect((await bench.needs.get(needIdOf(1)))?.matching.failure).toBe('invalidInput');
    expect((await boardOf(bench).failed(0, 10)).items).toMatchObject([{ reason: 'invalidInput', attempts: 1 }]);
    const job = await bench.bull.getJob(`${needIdOf(1)}-1`);
    expect(JSON.stringify(job)).not.toContain('某某公司');
  });

  it('tries an unknown fault again before it gives up', async () => {
    const bench = await makeWorkerBench();
    const seen: number[] = [];
    bench.start(async (_payload, { attempt }) => {
      seen.push(attempt);
      throw new TypeError('某某公司 is not iterable');
    });
    const { needId, version } = { needId: needIdOf(1), version: 1 };
    await bench.bull.add('match', { needId, version }, { jobId: 'faulty', attempts: 3, backoff: 20 });
    await until(async () => (await boardOf(bench).failed(0, 10)).total === 1);
    expect(seen).toEqual([1, 2, 3]);
    expect((await boardOf(bench).failed(0, 10)).items).toMatchObject([{ reason: 'internal', attempts: 3 }]);
    expect(JSON.stringify(await bench.bull.getJob('faulty'))).not.toContain('某某公司');
  });

  it('leaves a need pending when an outage outlasts the attempts: the sweep tries again', async () => {
    const bench = await makeWorkerBench();
    let away = true;
    bench.start(async (payload, context) => {
      if (away) throw new AppError('storeUnavailable');
      return handlerOf(bench)(payload, context);
    });
    const job = { needId: needIdOf(1), version: 1 };
    await bench.submit(1);
    await bench.bull.obliterate({ force: true });
    await bench.bull.add('match', job, { jobId: `${job.needId}-1`, attempts: 2, backoff: 10 });
    await until(async () => (await boardOf(bench).failed(0, 10)).total === 1);
    expect((await bench.needs.get(job.needId))?.matching.status).toBe('pending');
    away = false;
    expect(await bench.parts.sweepPending()).toBe(1);
    await until(() => bench.ready(1));
  });

  it('aborts a job at its time limit', async () => {
    const bench = await makeWorkerBench();
    const { startWorker } = await import('../../src/queue/worker-runtime.js');
    const { CATALOGUE } = await import('../../src/queue/catalogue.js');
    const failures: string[] = [];
    let aborted = false;
    const worker = startWorker({
      kind: { ...CATALOGUE.match, timeoutMs: 50 },
      handler: (_payload, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
      onFailed: async (_payload, code) => failures.push(code),
      concurrency: 1,
      connection: bench.worker(),
      prefix: bench.prefix,
      log: bench.log,
      clock: realClock,
    });
    await bench.bull.add('match', { needId: needIdOf(1), version: 1 }, { jobId: 'slow', attempts: 1 });
    await until(() => failures.length === 1);
    expect(failures).toEqual(['timeout']);
    expect(aborted).toBe(true);
    expect(await worker.close(1_000)).toBe(true);
  });

  it('finishes the job in hand when it is closed, and takes no other', async () => {
    const bench = await makeWorkerBench();
    const begun: string[] = [];
    const worker = bench.start(async (payload, context) => {
      begun.push(payload.needId);
      await realClock.sleep(300);
      return handlerOf(bench)(payload, context);
    });
    for (const number of [1, 2, 3, 4]) await bench.submit(number);
    await until(() => begun.length === 2);
    expect(worker.running()).toBe(true);
    expect(await worker.close(5_000)).toBe(true);
    expect(worker.running()).toBe(false);
    expect(begun).toHaveLength(2);
    expect(await Promise.all([1, 2, 3, 4].map((number) => bench.ready(number)))).toEqual([true, true, false, false]);
    expect(await bench.bull.getWaitingCount()).toBe(2);
    expect(await bench.bull.getActiveCount()).toBe(0);
  });

  it('cuts a job off at the end of the grace time; another worker takes it', async () => {
    const bench = await makeWorkerBench();
    let began = false;
    const worker = bench.start(() => {
      began = true;
      return new Promise(() => undefined);
    });
    await bench.submit(1);
    await until(() => began);
    const before = performance.now();
    expect(await worker.close(200)).toBe(false);
    expect(performance.now() - before).toBeLessThan(2_500);
    bench.start(handlerOf(bench));
    await until(() => bench.ready(1), 30_000);
  });
});
