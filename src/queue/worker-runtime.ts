import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { JobKind } from './catalogue.js';
import { reasonCode } from './job-board.js';

/**
 * The lock of a job in hand lasts 5 s and is renewed while its worker lives; lapsed locks are looked for every 2 s. So
 * the job of a killed worker is taken again within 5 + 2 x 2 s.
 */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 2_000;
/** A job that takes its worker down this often is given up; 1 would give up on jobs that two restarts happened to hit. */
const MAX_STALLS = 10;
/** How soon a worker looks again after Redis was away, ms. */
const RETRY_MS = 300;
/** Seconds for which one blocking read waits for a job. */
const DRAIN_DELAY_S = 2;
/** What is left for writing to Redis once no handler runs any more, ms. */
const CLOSE_MS = 1_500;

/** What a handler is told beside the payload. */
export interface JobContext {
  readonly jobId: string;
  /** From 1. */
  readonly attempt: number;
  /** Aborts at the time limit of the job, and at the end of the grace time of a shutdown. */
  readonly signal: AbortSignal;
}

export interface WorkerSettings<P extends object> {
  readonly kind: JobKind<P>;
  /** Must be idempotent: every job comes at least once. */
  readonly handler: (payload: P, context: JobContext) => Promise<unknown>;
  /**
   * Called when a job failed for good with a code of the failure, save for outages: those the sweep tries again. What it
   * raises is logged.
   */
  readonly onFailed: (payload: P, code: string) => Promise<unknown>;
  /** Jobs side by side. */
  readonly concurrency: number;
  /** Made by `openWorkerConnection`; stays the caller's to close. */
  readonly connection: Redis;
  readonly prefix: string;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
}

/** A worker at work. */
export interface RunningWorker {
  /** True while it takes jobs. */
  running(): boolean;
  /**
   * Takes no more jobs and waits up to `graceMs` for those in hand; then aborts them. True if all were finished; the
   * others are taken again by another worker.
   */
  close(graceMs: number): Promise<boolean>;
}

/** A failure as it is kept in the queue: a code, nothing else. */
function asJobError(code: string, retry: boolean): Error {
  const error = retry ? new Error(code) : new UnrecoverableError(code);
  error.stack = code;
  return error;
}

/** Failures that go away by themselves, so that the sweep leaves a new job later. */
const OUTAGES: ReadonlySet<string> = new Set(['storeUnavailable', 'queueUnavailable', 'shutdown']);
const RETRIED: ReadonlySet<string> = new Set([...OUTAGES, 'internal', 'timeout']);

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'internal';
}

/** Starts a worker for one kind of job. Needs no Redis to start: it begins when Redis is there. */
export function startWorker<P extends object>(settings: WorkerSettings<P>): RunningWorker {
  const { kind, handler, onFailed, concurrency, connection, prefix, clock } = settings;
  const log = settings.log.child({ queue: kind.queue });
  const inHand = new Set<AbortController>();
  const afterwork = new Set<Promise<void>>();

  const withLimit = async (payload: P, job: Job): Promise<unknown> => {
    const stop = new AbortController();
    const done = new AbortController();
    inHand.add(stop);
    const aborted = new Promise<never>((_resolve, reject) => {
      stop.signal.addEventListener('abort', () => reject(asJobError(String(stop.signal.reason), true)), { once: true });
    });
    void clock.sleep(kind.timeoutMs, done.signal).then(() => {
      if (!done.signal.aborted) stop.abort('timeout');
    });
    try {
      const context = { jobId: job.id ?? '', attempt: job.attemptsMade + 1, signal: stop.signal };
      return await Promise.race([handler(payload, context), aborted]);
    } catch (error) {
      if (stop.signal.aborted) throw asJobError(String(stop.signal.reason), true);
      const code = codeOf(error);
      if (code === 'internal') log.error({ jobId: job.id, err: error }, 'handler failed');
      throw asJobError(code, RETRIED.has(code));
    } finally {
      done.abort();
      inHand.delete(stop);
    }
  };

  const process = async (job: Job): Promise<void> => {
    const parsed = kind.schema.safeParse(job.data);
    if (job.name !== kind.name || !parsed.success) throw asJobError('badPayload', false);
    const beganMs = clock.monotonicMs();
    const fields = {
      jobId: job.id,
      ...idsOf(parsed.data),
      attempt: job.attemptsMade + 1,
      queuedMs: Math.max(0, (job.processedOn ?? job.timestamp) - job.timestamp),
    };
    try {
      const outcome = await withLimit(parsed.data, job);
      log.info({ ...fields, outcome, runMs: Math.round(clock.monotonicMs() - beganMs) }, 'job done');
    } catch (error) {
      const code = error instanceof Error ? error.message : 'internal';
      log.warn({ ...fields, code, runMs: Math.round(clock.monotonicMs() - beganMs) }, 'job failed');
      throw error;
    }
  };

  const worker = new Worker(kind.queue, process, {
    connection,
    prefix,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLS,
    runRetryDelay: RETRY_MS,
    drainDelay: DRAIN_DELAY_S,
    removeOnFail: kind.removeOnFail,
  });
  worker.on('error', (error) => log.debug({ code: error.name }, 'worker error'));
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'job of a lost worker taken again'));
  worker.on('failed', (job, error) => {
    if (job?.finishedOn === undefined) return;
    const code = reasonCode(error.message);
    const parsed = kind.schema.safeParse(job.data);
    log.error({ jobId: job.id, attempts: job.attemptsMade, code }, 'job failed for good');
    if (!parsed.success || OUTAGES.has(code)) return;
    const work = Promise.resolve(onFailed(parsed.data, code)).then(
      () => undefined,
      (failure: unknown) => log.error({ jobId: job.id, err: failure }, 'failure not settled'),
    );
    afterwork.add(work);
    void work.finally(() => afterwork.delete(work));
  });

  let cutOff = false;
  const settled = async (): Promise<boolean> => {
    await worker.close();
    await Promise.all(afterwork);
    return !cutOff;
  };

  const end = async (graceMs: number): Promise<boolean> => {
    const waiting = new AbortController();
    const late = async (): Promise<boolean> => {
      const step = 50;
      for (let passed = 0; passed < graceMs && inHand.size > 0; passed += step) await clock.sleep(step, waiting.signal);
      cutOff = inHand.size > 0;
      for (const stop of inHand) stop.abort('shutdown');
      // Without Redis the worker can't sign off; its locks lapse by themselves.
      await clock.sleep(CLOSE_MS, waiting.signal);
      return !cutOff;
    };
    const result = await Promise.race([settled(), late()]);
    waiting.abort();
    return result;
  };
  let ending: Promise<boolean> | undefined;

  return {
    running: () => worker.isRunning() && !worker.isPaused(),
    close(graceMs) {
      ending ??= end(graceMs);
      return ending;
    },
  };
}

/** The ids of a payload, for the log. Payloads hold nothing else, but only what is known to be an id is written. */
function idsOf(payload: object): { readonly needId?: string; readonly version?: number } {
  const needId = 'needId' in payload && typeof payload.needId === 'string' ? { needId: payload.needId } : {};
  const version = 'version' in payload && typeof payload.version === 'number' ? { version: payload.version } : {};
  return { ...needId, ...version };
}
