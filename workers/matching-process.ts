import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../src/ports/log.js';
import type { WorkerParts } from '../src/queue/worker-parts.js';

/** Times of the process, ms. */
export interface MatchingTimes {
  readonly sweepEveryMs: number;
  readonly shutdownGraceMs: number;
}

/** The matching worker of a process, at work. */
export interface MatchingProcess {
  /** Stops taking jobs, finishes those in hand within the grace time, closes everything. True if none was cut off. */
  stop(): Promise<boolean>;
}

async function sweepUntil(stopped: AbortSignal, everyMs: number, parts: WorkerParts, log: Log): Promise<void> {
  while (!stopped.aborted) {
    try {
      const jobs = await parts.sweepPending();
      if (jobs > 0) log.info({ jobs }, 'pending needs queued again');
    } catch (error) {
      log.warn({ err: error }, 'sweep failed, tried again later');
    }
    await sleep(everyMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}

/** Starts matching: the worker for `match` jobs and the sweep for needs whose job was lost. */
export function startMatching(parts: WorkerParts, times: MatchingTimes, log: Log): MatchingProcess {
  const worker = parts.startMatchWorker(
    ({ needId, version }, { signal }) => parts.matchNeed(needId, version, signal),
    ({ needId, version }, code) => parts.failNeed(needId, version, code),
  );
  const stopping = new AbortController();
  const sweeping = sweepUntil(stopping.signal, times.sweepEveryMs, parts, log);
  let stopped: Promise<boolean> | undefined;
  const stop = async (): Promise<boolean> => {
    stopping.abort();
    const finished = await worker.close(times.shutdownGraceMs);
    await sweeping;
    await parts.close();
    return finished;
  };
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
