import { AppError } from '../../src/domain/errors.js';
import { MemoryNeedStore } from '../../src/memory/need-store.js';
import { MemoryResultStore } from '../../src/memory/result-store.js';
import { startMatchWorker } from '../../src/queue/match-worker.js';
import type { MatchHandler, MatchOutcome, WorkerParts } from '../../src/queue/worker-parts.js';
import type { RunningWorker } from '../../src/queue/worker-runtime.js';
import { afterThisTest, type Bench, makeBench } from '../queue/redis.js';
import { failedWith, makeResult, makeStoredNeed, needIdOf, readyWith } from '../support/conformance/records.js';
import { realClock } from '../support/real-clock.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

/** Where a match may break off, once, as a crash or an outage would. */
export type Break = 'beforePut' | 'afterPut' | 'ackedUnsettled' | null;

/** A worker's process over stores in memory, a queue on the real Redis and an engine that only counts. */
export interface WorkerBench extends Bench {
  readonly needs: MemoryNeedStore;
  readonly results: MemoryResultStore;
  readonly parts: WorkerParts;
  /** Runs of the engine, by need id. */
  readonly runs: Map<string, number>;
  breakNext(at: Break): void;
  /** Stores a pending need and leaves its job, as `submitNeed` does; tells whether the job was left. */
  submit(number: number): Promise<boolean>;
  ready(number: number): Promise<boolean>;
  start(handler: MatchHandler): RunningWorker;
}

/** Makes a bench; its workers are closed after the test. */
export async function makeWorkerBench(proxy?: TcpProxy): Promise<WorkerBench> {
  const bench = await makeBench(proxy);
  const needs = new MemoryNeedStore();
  const results = new MemoryResultStore();
  const runs = new Map<string, number>();
  let broken: Break = null;
  const breakAt = (at: Break): boolean => {
    const hit = at === broken;
    if (hit) broken = null;
    return hit;
  };

  const matchNeed = async (needId: string, version: number): Promise<MatchOutcome> => {
    const stored = await needs.get(needId);
    if (stored === null) return 'missing';
    if (stored.version !== version) return 'superseded';
    runs.set(needId, (runs.get(needId) ?? 0) + 1);
    if (breakAt('beforePut')) throw new AppError('storeUnavailable');
    const { id } = await results.put({ ...makeResult(0), needId, version });
    if (breakAt('afterPut')) throw new AppError('storeUnavailable');
    if (breakAt('ackedUnsettled')) return 'done';
    return (await needs.settle(needId, version, readyWith(id))) ? 'done' : 'superseded';
  };

  const start = (handler: MatchHandler, onFailed: WorkerParts['failNeed'] = failNeed): RunningWorker => {
    const worker = startMatchWorker(
      {
        connection: bench.worker(),
        producer: bench.producer,
        prefix: bench.prefix,
        concurrency: 2,
        log: bench.log,
        clock: realClock,
      },
      handler,
      ({ needId, version }, code) => onFailed(needId, version, code),
    );
    afterThisTest(() => worker.close(0));
    return worker;
  };
  const failNeed = (needId: string, version: number, code: string): Promise<unknown> =>
    needs.settle(needId, version, failedWith(code));

  let sweeps = 0;
  const parts: WorkerParts = {
    matchNeed,
    failNeed,
    async sweepPending() {
      sweeps += 1;
      let left = 0;
      for (const job of await needs.pending('9999', 100)) {
        if (await bench.queue.enqueue(job, `s${sweeps}`)) left += 1;
      }
      return left;
    },
    startMatchWorker: (handler) => start(handler),
    close: async () => undefined,
  };

  return {
    ...bench,
    needs,
    results,
    parts,
    runs,
    start,
    breakNext: (at) => {
      broken = at;
    },
    async submit(number) {
      const need = makeStoredNeed(number);
      await needs.insert(need, []);
      return bench.queue.enqueue({ needId: need.id, version: need.version });
    },
    ready: async (number) => (await needs.get(needIdOf(number)))?.matching.status === 'ready',
  };
}
