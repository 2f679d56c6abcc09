import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { SessionHeaders } from '../../src/cli/sign-in.js';

/** What one round of load gave. Times in ms, from the moment the need was due to the last byte of its ready result. */
export interface RoundOutcome {
  readonly sent: number;
  /** Sorted. */
  readonly readyMs: Float64Array;
  /** Sorted; from due to the 202. */
  readonly acceptedMs: Float64Array;
  /** Answers other than 202 and 200, and requests that broke off, by what they were. */
  readonly errors: ReadonlyMap<string, number>;
  /** Needs that got a 202 and were never seen ready. */
  readonly lost: number;
  readonly bytes: number;
}

/** How long after its 202 a need may become ready before it counts as lost, s. */
const LOST_AFTER_S = 30;
const WAIT_S = 10;

const READY = Buffer.from('"status":"ready"');
const PENDING = Buffer.from('"status":"pending"');
/** The status stands before the long lists. */
const HEAD_BYTES = 300;

const ID = /"id":"(need_[a-z0-9]{24})"/;

/** An API and the session under which it is asked. */
export interface ApiSession {
  readonly url: string;
  readonly headers: SessionHeaders;
}

/**
 * Sends `perSecond` needs a second for `seconds`, each at its due time whatever became of the earlier ones, and waits for
 * each one's result with `GET /matches?wait=10`. Answers are searched for their status, not parsed: the machine is shared
 * with what is measured.
 */
export async function runRound(
  { url: api, headers }: ApiSession,
  perSecond: number,
  seconds: number,
  bodyOf: (number: number) => string,
): Promise<RoundOutcome> {
  const agent = new Agent({ connections: 512, pipelining: 1, keepAliveTimeout: 60_000 });
  const readyMs: number[] = [];
  const acceptedMs: number[] = [];
  const errors = new Map<string, number>();
  let lost = 0;
  let bytes = 0;
  const failed = (what: string): void => void errors.set(what, (errors.get(what) ?? 0) + 1);

  const readUntilReady = async (id: string): Promise<boolean> => {
    const giveUpAt = performance.now() + LOST_AFTER_S * 1_000;
    while (performance.now() < giveUpAt) {
      try {
        const answer = await request(`${api}/api/v1/needs/${id}/matches?wait=${WAIT_S}`, {
          headers: { ...headers },
          dispatcher: agent,
        });
        const body = Buffer.from(await answer.body.arrayBuffer());
        const head = body.subarray(0, HEAD_BYTES);
        if (answer.statusCode === 200 && head.includes(READY)) {
          bytes += body.length;
          return true;
        }
        if (answer.statusCode !== 200 || !head.includes(PENDING)) failed(`GET ${answer.statusCode}`);
      } catch (error) {
        failed(`GET ${error instanceof Error ? error.name : 'error'}`);
        await sleep(100);
      }
    }
    return false;
  };

  const one = async (number: number, dueMs: number): Promise<void> => {
    let id: string | undefined;
    try {
      const answer = await request(`${api}/api/v1/needs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: bodyOf(number),
        dispatcher: agent,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 202) id = ID.exec(text)?.[1];
      else failed(`POST ${answer.statusCode}`);
    } catch (error) {
      failed(`POST ${error instanceof Error ? error.name : 'error'}`);
    }
    if (id === undefined) return;
    acceptedMs.push(performance.now() - dueMs);
    if (await readUntilReady(id)) readyMs.push(performance.now() - dueMs);
    else lost += 1;
  };

  const total = Math.round(perSecond * seconds);
  const beganMs = performance.now();
  const running: Promise<void>[] = [];
  for (let number = 0; number < total; number += 1) {
    const dueMs = beganMs + (number * 1_000) / perSecond;
    const ahead = dueMs - performance.now();
    if (ahead > 0) await sleep(ahead);
    running.push(one(number, dueMs));
  }
  await Promise.all(running);
  await agent.close();
  return {
    sent: total,
    readyMs: Float64Array.from(readyMs).sort(),
    acceptedMs: Float64Array.from(acceptedMs).sort(),
    errors,
    lost,
    bytes,
  };
}
