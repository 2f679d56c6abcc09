import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../src/ports/log.js';
import type { UpkeepParts } from '../src/queue/upkeep-worker.js';

/** Times of the process, ms. */
export interface UpkeepTimes {
  readonly sweepEveryMs: number;
  readonly shutdownGraceMs: number;
}

/** The upkeep of a process, at work. */
export interface UpkeepProcess {
  /** Stops taking jobs and sweeping, finishes what is in hand within the grace time. True if nothing was cut off. */
  stop(): Promise<boolean>;
}

async function sweepUntil(
  stopped: AbortSignal,
  everyMs: number,
  sweeps: UpkeepParts['sweeps'],
  log: Log,
): Promise<void> {
  while (!stopped.aborted) {
    for (const [sweep, run] of Object.entries(sweeps)) {
      if (stopped.aborted) return;
      try {
        const count = await run();
        if (count > 0) log.debug({ sweep, count }, 'swept');
      } catch (error) {
        log.warn({ sweep, err: error }, 'sweep failed, tried again later');
      }
    }
    await sleep(everyMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}

/** Starts upkeep: the worker for holds that end, and the sweeps that make good what was lost. */
export function startUpkeep(parts: UpkeepParts, times: UpkeepTimes, log: Log): UpkeepProcess {
  const worker = parts.startExpiryWorker(({ parkId }) => parts.expirePark(parkId));
  const stopping = new AbortController();
  const sweeping = sweepUntil(stopping.signal, times.sweepEveryMs, parts.sweeps, log);
  const stop = async (): Promise<boolean> => {
    stopping.abort();
    const late = new AbortController();
    const [finished, swept] = await Promise.all([
      worker.close(times.shutdownGraceMs),
      Promise.race([
        sweeping.then(() => true),
        sleep(times.shutdownGraceMs, false, { signal: late.signal }).catch(() => false),
      ]),
    ]);
    late.abort();
    return finished && swept;
  };
  let stopped: Promise<boolean> | undefined;
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
