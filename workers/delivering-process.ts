import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../src/ports/log.js';
import type { DeliveryHandlers } from '../src/queue/delivery-worker.js';
import type { RunningWorker } from '../src/queue/worker-runtime.js';

/** What the wiring hands to the delivering process. */
export interface DeliveringParts {
  /** Starts the workers for the jobs of delivering. */
  startDeliveryWorker(handlers: DeliveryHandlers): RunningWorker;
  readonly handlers: DeliveryHandlers;
  /** What is done over and over, by name; each gives how many things it dealt with. */
  readonly sweeps: Readonly<Record<string, () => Promise<number>>>;
  /** Closes sender and connections; after all else. */
  close(): Promise<void>;
}

/** Times of the process, ms. */
export interface DeliveringTimes {
  readonly sweepEveryMs: number;
  readonly shutdownGraceMs: number;
}

/** Delivering in a process, at work. */
export interface DeliveringProcess {
  /** Stops taking jobs, finishes or calls off what is in hand within the grace time, closes everything. */
  stop(): Promise<boolean>;
}

async function sweepUntil(
  stopped: AbortSignal,
  everyMs: number,
  sweeps: DeliveringParts['sweeps'],
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

/** Starts delivering: the worker for endpoints with something due, and the sweep for those whose job was lost. */
export function startDelivering(parts: DeliveringParts, times: DeliveringTimes, log: Log): DeliveringProcess {
  const { handlers } = parts;
  const stopping = new AbortController();
  // Every turn under way listens.
  setMaxListeners(0, stopping.signal);
  const worker = parts.startDeliveryWorker({
    ...handlers,
    deliver: (endpointId, signal) => handlers.deliver(endpointId, signal, stopping.signal),
  });
  const sweeping = sweepUntil(stopping.signal, times.sweepEveryMs, parts.sweeps, log);
  const stop = async (): Promise<boolean> => {
    stopping.abort();
    const finished = await worker.close(times.shutdownGraceMs);
    await Promise.race([sweeping, sleep(times.shutdownGraceMs)]);
    await parts.close();
    return finished;
  };
  let stopped: Promise<boolean> | undefined;
  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
