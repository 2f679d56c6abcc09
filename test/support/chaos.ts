import { setTimeout as sleep } from 'node:timers/promises';
import { matchesOf, needOf, postNeed, type ShownNeed } from './api-client.js';
import { variedNeed } from './example-needs.js';
import type { Kind, Stack } from './stack.js';

/** Numbers in [0, 1), the same ones for the same seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One process ends after `pauseMs` and is started again `downMs` later. */
export interface PlannedKill {
  readonly kind: Kind;
  readonly pauseMs: number;
  readonly downMs: number;
}

/** The processes a need passes through. */
export const NEEDS_WAY: readonly Kind[] = ['api', 'worker', 'redis', 'mongo'];

/** `each` kills of every kind in a random order, at random moments. */
export function planKills(
  each: number,
  random: () => number,
  kinds: readonly Kind[] = NEEDS_WAY,
): readonly PlannedKill[] {
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  return kinds
    .flatMap((kind) => Array.from({ length: each }, () => ({ kind, order: random() })))
    .sort((a, b) => a.order - b.order)
    .map(({ kind }) => ({ kind, pauseMs: between(300, 2_800), downMs: between(100, 600) }));
}

/**
 * Carries out a plan. Outages of different processes may overlap; a process that is still being started when its next
 * kill is due is waited for. Resolves when all are started again.
 * @param pace waited for before each kill, so that on a slow machine not all the time is outage.
 */
export async function killAsPlanned(
  stack: Stack,
  plan: readonly PlannedKill[],
  pace: () => Promise<void> = async () => undefined,
): Promise<Record<Kind, number>> {
  const kills: Record<Kind, number> = { api: 0, worker: 0, rematching: 0, delivering: 0, redis: 0, mongo: 0 };
  const starting: Record<Kind, Promise<void>> = {
    api: Promise.resolve(),
    worker: Promise.resolve(),
    rematching: Promise.resolve(),
    delivering: Promise.resolve(),
    redis: Promise.resolve(),
    mongo: Promise.resolve(),
  };
  for (const { kind, pauseMs, downMs } of plan) {
    await sleep(pauseMs);
    await starting[kind];
    await pace();
    const ending = await stack.parts[kind].end('SIGKILL');
    if (ending.signal !== 'SIGKILL') throw new Error(`${kind} had ended by itself: ${JSON.stringify(ending)}`);
    kills[kind] += 1;
    starting[kind] = sleep(downMs).then(() => stack.parts[kind].start());
    // Awaited before the next kill of this kind and at the end.
    starting[kind].catch(() => undefined);
  }
  await Promise.all(Object.values(starting));
  return kills;
}

/** What became of one need that was answered with 202. */
export interface Accepted {
  readonly number: number;
  readonly key: string;
  readonly first: ShownNeed;
  readonly acceptedMs: number;
  /** When a waiting reader got the result; null until then. */
  readyMs: number | null;
}

/** A load of needs at a steady rate, each followed by a reader who waits for its result. */
export interface Load {
  readonly accepted: readonly Accepted[];
  /** Keys and numbers of the needs that got no 202: nobody answered in time, or 503. */
  readonly refused: readonly { readonly number: number; readonly key: string }[];
  /** Answers that neither an outage nor an acceptance explains. */
  readonly odd: readonly string[];
  /** No more needs; resolves when those on their way are answered. */
  stop(): Promise<void>;
  /** Waits until every accepted need has been seen ready; gives up at the limit. */
  drained(withinMs: number): Promise<void>;
}

const POST_LIMIT_MS = 4_000;
const AGAIN_MS = 250;

/** Starts the load. Arrivals keep to their schedule, whatever became of the earlier ones. */
export function startLoad(api: string, perSecond: number): Load {
  const accepted: Accepted[] = [];
  const refused: { number: number; key: string }[] = [];
  const odd: string[] = [];
  const posting = new Set<Promise<void>>();
  const following = new Set<Promise<void>>();
  const given = new AbortController();
  let stopped = false;

  const follow = async (need: Accepted): Promise<void> => {
    while (!given.signal.aborted) {
      try {
        const view = await matchesOf(api, need.first.id);
        if (view.status === 'failed') odd.push(`need ${need.number} failed: ${view.failure}`);
        if (view.status === 'ready') {
          need.readyMs = performance.now();
          return;
        }
      } catch {
        // The API or a server is down, or an answer broke off: ask again.
        await sleep(AGAIN_MS);
      }
    }
  };

  const submit = async (number: number): Promise<void> => {
    const key = `chaos-${number}`;
    try {
      const answer = await postNeed(api, variedNeed(number), key, POST_LIMIT_MS);
      if (answer.status === 202) {
        const need: Accepted = {
          number,
          key,
          first: needOf(answer),
          acceptedMs: performance.now(),
          readyMs: null,
        };
        accepted.push(need);
        const followed = follow(need);
        following.add(followed);
        void followed.finally(() => following.delete(followed));
        return;
      }
      if (answer.status !== 503) odd.push(`POST ${number} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    } catch {
      // Nobody answered: the need may be stored or not; the client knows of no acceptance.
    }
    refused.push({ number, key });
  };

  const run = async (): Promise<void> => {
    const beganMs = performance.now();
    for (let number = 0; !stopped; number += 1) {
      await sleep(Math.max(0, beganMs + (number * 1_000) / perSecond - performance.now()));
      const posted = submit(number);
      posting.add(posted);
      void posted.finally(() => posting.delete(posted));
    }
  };
  const running = run();

  return {
    accepted,
    refused,
    odd,
    async stop() {
      stopped = true;
      await running;
      await Promise.all(posting);
    },
    async drained(withinMs) {
      const timer = setTimeout(() => given.abort(), withinMs);
      await Promise.all(following);
      clearTimeout(timer);
    },
  };
}
