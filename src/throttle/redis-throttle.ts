import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, RLWrapperTimeouts } from 'rate-limiter-flexible';
import type { Ids } from '../ports/ids.js';
import type { AttemptLimit, SignInLimits, SignInThrottle } from '../ports/passwords.js';

/** How long each of the two counters may take before this process counts alone, ms: both together less than half a second. */
const TIMEOUT_MS = 200;

/** What the caller decides. */
export interface RedisThrottleSettings {
  /** A connection that fails at once when Redis is away; it stays the caller's to close. */
  readonly redis: Redis;
  /** Tells apart several deployments on one Redis. */
  readonly prefix: string;
  readonly limits: SignInLimits;
  readonly ids: Pick<Ids, 'digest'>;
}

/**
 * Counts attempts in Redis for all processes together; while Redis is away, each process counts in its own memory.
 * Names and addresses are in the keys as digests only.
 */
export class RedisThrottle implements SignInThrottle {
  readonly #byAddress: RLWrapperTimeouts;
  readonly #byName: RLWrapperTimeouts;
  readonly #digest: (text: string) => string;

  constructor({ redis, prefix, limits, ids }: RedisThrottleSettings) {
    this.#byAddress = limiter(redis, `${prefix}:sign-in:address`, limits.perAddress);
    this.#byName = limiter(redis, `${prefix}:sign-in:name`, limits.perName);
    this.#digest = (text) => ids.digest(text);
  }

  async attempt(address: string, loginName: string): Promise<number | null> {
    return (
      (await consumed(this.#byAddress, this.#digest(address))) ??
      (await consumed(this.#byName, this.#digest(loginName)))
    );
  }

  async succeeded(loginName: string): Promise<void> {
    await this.#byName.delete(this.#digest(loginName)).catch(() => false);
  }
}

function limiter(redis: Redis, keyPrefix: string, { attempts, windowS }: AttemptLimit): RLWrapperTimeouts {
  const limit = { keyPrefix, points: attempts, duration: windowS };
  const shared = new RateLimiterRedis({ ...limit, storeClient: redis, rejectIfRedisNotReady: true });
  // The insurance is not in `shared`: what fails there after the time-out must not be counted twice.
  return new RLWrapperTimeouts({
    limiter: shared,
    timeoutMs: TIMEOUT_MS,
    insuranceLimiter: new RateLimiterMemory(limit),
  });
}

async function consumed(limiter: RLWrapperTimeouts, key: string): Promise<number | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
  }
}
