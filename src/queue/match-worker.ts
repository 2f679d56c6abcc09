import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { CATALOGUE } from './catalogue.js';
import { Heartbeat } from './heartbeat.js';
import type { MatchFailed, MatchHandler } from './worker-parts.js';
import { type RunningWorker, startWorker } from './worker-runtime.js';

export interface MatchWorkerSettings {
  /** Made by `openWorkerConnection`. */
  readonly connection: Redis;
  /** Made by `openProducer`; the heartbeat goes through it. */
  readonly producer: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
}

/** Starts a worker for `match` jobs with its heartbeat. */
export function startMatchWorker(
  settings: MatchWorkerSettings,
  handler: MatchHandler,
  onFailed: MatchFailed,
): RunningWorker {
  const { connection, producer, prefix, concurrency, log, clock } = settings;
  const kind = CATALOGUE.match;
  const worker = startWorker({ kind, handler, onFailed, concurrency, connection, prefix, log, clock });
  const heartbeat = new Heartbeat(producer, prefix, kind.queue, clock, () => worker.running());
  return {
    running: () => worker.running(),
    async close(graceMs) {
      await heartbeat.stop();
      return worker.close(graceMs);
    },
  };
}
