import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../src/ports/log.js';
import type { Lease } from '../src/queue/leader.js';
import type { RematchHandlers } from '../src/queue/rematch-worker.js';
import type { RunningWorker } from '../src/queue/worker-runtime.js';
import type { Rematcher } from '../src/usecases/rematch/rematcher.js';

/** What the wiring hands to the rematching process. */
export interface RematchingParts {
  /** Stands for leader from now on. */
  standForLeader(): Lease;
  /** A rematcher that knows nothing yet; it asks `confirm` before each batch of writes and leaves off where it says no. */
  createRematcher(confirm: () => Promise<boolean>): Rematcher;
  /** Starts the workers for the jobs of rematching. */
  startRematchWorker(handlers: RematchHandlers): RunningWorker;
  /** Puts the schedules of the store into the queue; false where the queue is away. */
  syncSchedules(): Promise<boolean>;
  /** Stores the run that a schedule asks for, once for each occasion. */
  insertNightly: RematchHandlers['nightly'];
  /** Closes threads and connections; after all else. */
  close(): Promise<void>;
}

/** Times of the process, ms. */
export interface RematchingTimes {
  /** The facts are looked at this often, asked or not. */
  readonly lookEveryMs: number;
  /** Schedules in the queue are compared with the store this often. */
  readonly syncEveryMs: number;
  readonly shutdownGraceMs: number;
}

/** Rematching in a process: as the leader, or waiting to be it. */
export interface RematchingProcess {
  /** Stops within the grace time and closes everything. True if nothing was cut off: runs go on elsewhere. */
  stop(): Promise<boolean>;
}

/** Sleeps until the time is over, `wake` is called or the signal aborts. */
function createAlarm() {
  let ring: (() => void) | null = null;
  let rung = false;
  return {
    wake(): void {
      rung = true;
      ring?.();
    },
    async wait(ms: number, signal: AbortSignal): Promise<void> {
      const waking = new AbortController();
      ring = () => waking.abort();
      if (!rung) {
        await sleep(ms, undefined, { signal: AbortSignal.any([signal, waking.signal]) }).catch(() => undefined);
      }
      ring = null;
      rung = false;
    },
  };
}

/** Starts rematching: stands for leader, and works as long as it is one. Several processes may stand. */
export function startRematching(parts: RematchingParts, times: RematchingTimes, log: Log): RematchingProcess {
  const stopping = new AbortController();
  const lease = parts.standForLeader();
  const alarm = createAlarm();

  async function syncUntil(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      const done = await parts.syncSchedules().catch(() => false);
      await sleep(done ? times.syncEveryMs : times.lookEveryMs, undefined, { signal: ended }).catch(() => undefined);
    }
  }

  /** Turns of work until this process is told to stop or is not the leader any more. */
  async function work(rematcher: Rematcher): Promise<void> {
    let failing = false;
    while (!stopping.signal.aborted && lease.held()) {
      try {
        const more = await rematcher.turn(stopping.signal);
        if (failing) log.info({}, 'rematching goes on');
        failing = false;
        // Jobs and signals get their turn even where one batch follows the other.
        await alarm.wait(more ? 0 : Math.min(times.lookEveryMs, rematcher.restMs()), stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (!failing) log.warn({ err: error }, 'rematching failed, tried again');
        failing = true;
        await sleep(times.lookEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  async function lead(): Promise<boolean> {
    const rematcher = parts.createRematcher(() => lease.confirm());
    const ended = new AbortController();
    const look = (): void => {
      rematcher.look();
      alarm.wake();
    };
    const worker = parts.startRematchWorker({
      factsChanged: look,
      runWaiting: look,
      async nightly(countyAdcode, occasion) {
        const outcome = await parts.insertNightly(countyAdcode, occasion);
        look();
        return outcome;
      },
    });
    const syncing = syncUntil(ended.signal);
    await work(rematcher);
    ended.abort();
    const finished = await worker.close(times.shutdownGraceMs);
    await syncing;
    return finished;
  }

  async function run(): Promise<boolean> {
    let finished = true;
    while (!stopping.signal.aborted) {
      if (lease.held()) finished = await lead();
      else await sleep(Math.min(times.lookEveryMs, 200), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return finished;
  }

  const running = run();
  let stopped: Promise<boolean> | undefined;
  const stop = async (): Promise<boolean> => {
    stopping.abort();
    const late = new AbortController();
    const finished = await Promise.race([
      running,
      sleep(times.shutdownGraceMs + 2_000, false, { signal: late.signal }).catch(() => false),
    ]);
    late.abort();
    await lease.stop();
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
