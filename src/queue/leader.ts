import type { Redis } from 'ioredis';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { orUnavailable } from './connection.js';

/** How long a lease lasts unless it is renewed, and how often it is renewed or asked for, ms. */
export interface LeaseTimes {
  readonly lastsMs: number;
  readonly renewEveryMs: number;
}

export const LEASE_TIMES: LeaseTimes = { lastsMs: 5_000, renewEveryMs: 1_000 };

const COMMAND_LIMIT_MS = 400;
/** So much earlier than Redis does the holder itself take the lease for over: clocks run apart. */
const MARGIN_MS = 500;

const RENEW = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end`;
const GIVE_BACK = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;

/** A lease of the service's one leader: what may be done by one process at a time. */
export interface Lease {
  /** True while this process surely is the leader. */
  held(): boolean;
  /** Asks Redis: true if the lease is still this process's. To be asked before what must not be done twice. */
  confirm(): Promise<boolean>;
  /** Asks for no lease any more and gives back the one it has. */
  stop(): Promise<void>;
}

/**
 * Stands for leader until it is stopped: one process has the key, the others try to get it, and get it when it was not
 * renewed in time. `token` must be this process's alone. Time is measured from before the question to Redis, so that
 * the holder never believes longer than Redis does.
 */
export function standForLeader(
  redis: Redis,
  key: string,
  token: string,
  clock: Pick<Clock, 'sleep' | 'monotonicMs'>,
  log: Log,
  times: LeaseTimes = LEASE_TIMES,
): Lease {
  const stopping = new AbortController();
  let untilMs = Number.NEGATIVE_INFINITY;
  let led = false;

  const held = (): boolean => clock.monotonicMs() < untilMs;

  async function ask(): Promise<boolean> {
    const beganMs = clock.monotonicMs();
    const got = await orUnavailable(clock, redis, COMMAND_LIMIT_MS, async () => {
      if ((await redis.eval(RENEW, 1, key, token, times.lastsMs)) === 1) return true;
      return (await redis.set(key, token, 'PX', times.lastsMs, 'NX')) === 'OK';
    });
    untilMs = got ? beganMs + times.lastsMs - MARGIN_MS : Number.NEGATIVE_INFINITY;
    return got;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await ask();
      } catch {
        // Redis is away: the lease runs out by itself.
      }
      const leads = held();
      if (leads !== led) log.info({ leads }, leads ? 'leader now' : 'leader no more');
      led = leads;
      await clock.sleep(times.renewEveryMs, stopping.signal);
    }
  }
  const ended = run();

  return {
    held,
    async confirm() {
      if (!held()) return false;
      const beganMs = clock.monotonicMs();
      try {
        const renewed = await orUnavailable(clock, redis, COMMAND_LIMIT_MS, () =>
          redis.eval(RENEW, 1, key, token, times.lastsMs),
        );
        untilMs = renewed === 1 ? beganMs + times.lastsMs - MARGIN_MS : Number.NEGATIVE_INFINITY;
      } catch {
        // What was known before holds until its time is over.
      }
      return held();
    },
    async stop() {
      stopping.abort();
      await ended;
      untilMs = Number.NEGATIVE_INFINITY;
      await orUnavailable(clock, redis, COMMAND_LIMIT_MS, () => redis.eval(GIVE_BACK, 1, key, token)).catch(
        () => undefined,
      );
    },
  };
}
