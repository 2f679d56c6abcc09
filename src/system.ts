import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './ports/clock.js';
import type { Ids } from './ports/ids.js';

const shanghaiDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

let last = { ms: Number.NaN, text: '' };

/** The time as text, made once a millisecond: what works much asks often. */
function nowText(): string {
  const ms = Date.now();
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: nowText,
  today: () => shanghaiDay.format(new Date()),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch {
      // Woken early: that is what the signal is for.
    }
  },
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Ids from the machine's random source. */
export const systemIds: Ids = {
  newId: (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`,
  idFor: (prefix, key) => `${prefix}_${sha256(`${prefix}:${key}`).slice(0, 24)}`,
  newSecret: () => randomBytes(32).toString('base64url'),
  newNeedId: () => `need_${randomBytes(12).toString('hex')}`,
  needIdFor: (key) => `need_${sha256(`idempotency-key:${key}`).slice(0, 24)}`,
  digest: sha256,
};
