import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { EventType } from '../../src/domain/webhook.js';
import { call } from '../support/api-client.js';
import { randomFrom } from '../support/chaos.js';
import { realClock, until } from '../support/real-clock.js';
import { type Part, type Stack, startStack } from '../support/stack.js';
import { type LeadLoad, openCountyKeys, openLeads, startLeadLoad } from '../support/webhook-load.js';
import { type OpenEndpoint, openEndpoints, rotateKey, type Subscription } from '../support/webhook-load-endpoints.js';
import { killAndRestart, killAsEventsCome, planKills } from '../support/webhook-load-kills.js';
import { type DeliveringPart, deliveringPart } from '../support/webhook-load-process.js';
import { type DueEvent, readTruth, type Truth } from '../support/webhook-load-truth.js';
import { FAULTS, type WebhookPayload } from '../support/webhook-receivers.js';

/** The whole number by hand: WEBHOOK_EVENTS=5000 npm test -- webhook-chaos. Another seed: WEBHOOK_SEED=7. */
const EVENTS = Number(process.env['WEBHOOK_EVENTS'] ?? 1_000);
const SEED = Number(process.env['WEBHOOK_SEED'] ?? 20_260_401);
const KILLS_OF_EACH = 3;
const FAIL_SHARE = 0.3;
const LEADS = 60;
const AT_ONCE = 12;
/** With 1,000 events; more take longer. */
const LIMIT_MS = 360_000 + Math.max(0, EVENTS - 1_000) * 80;
const DRAIN_LIMIT_MS = LIMIT_MS / 2;

const SOURCES = ['330782', '330483', '330109', '330381'];
const HOSTS = new Map(
  ['331102', '331023', '331121', '331122', '331123', '331124', '331125', '331126'].map(
    (adcode) => [adcode, `${adcode}-01`] as const,
  ),
);
const STAGES: readonly EventType[] = ['lead.pushed', 'lead.stage_changed'];
const HOLDS: readonly EventType[] = ['hold.placed', 'hold.released'];
const LOAD_TYPES: ReadonlySet<string> = new Set([...STAGES, ...HOLDS]);
const SLOW_MS = 150;

const to = (countyAdcode: string | null, types: readonly EventType[], slowMs = 0): Subscription => ({
  ...{ countyAdcode, types, slowMs },
});
/** Twenty: two of each source county, one of each host county, four of the province; two of them slow. */
const SUBSCRIPTIONS: readonly Subscription[] = [
  ...SOURCES.map((adcode) => to(adcode, STAGES)),
  ...SOURCES.map((adcode, index) => to(adcode, HOLDS, index === 0 ? SLOW_MS : 0)),
  ...[...HOSTS.keys()].map((adcode, index) => to(adcode, [], index === 0 ? SLOW_MS : 0)),
  to(null, []),
  to(null, ['lead.pushed']),
  to(null, HOLDS),
  to(null, [...STAGES, ...HOLDS]),
];

const env = {
  WEBHOOK_KEY: randomBytes(32).toString('base64'),
  WEBHOOK_ALLOW_HTTP: 'true',
  WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
  WEBHOOK_RETRY_S: '0.2,0.3,0.5,0.5,1,1,1,1,2,2,2,2,2,2,2,2',
  WEBHOOK_TIMEOUT_MS: '2000',
  SWEEP_EVERY_MS: '500',
};

let stack: Stack;
let delivering: DeliveringPart | null = null;
let parts: Readonly<Record<string, Part>>;
let endpoints: readonly OpenEndpoint[] = [];

beforeAll(async () => {
  stack = await startStack(env);
  const there: Readonly<Partial<Record<string, Part>>> = stack.parts;
  const { api, worker, redis } = stack.parts;
  if (there['delivering'] === undefined) {
    delivering = deliveringPart(stack, env);
    await delivering.start();
  }
  parts = { api, worker, redis, delivering: there['delivering'] ?? (delivering as DeliveringPart) };
}, 180_000);
afterAll(async () => {
  await delivering?.stop();
  await stack?.close();
  await Promise.all(endpoints.map(({ receiver }) => receiver.close()));
});

const toldSchema = z.object({ leadId: z.string(), sequence: z.int(), holdId: z.string().optional() });

/** What tells an event from every other, whatever its id; as `DueEvent` has it. Null for what the load does not make. */
function keyOfTold({ type, data }: WebhookPayload): string | null {
  if (!LOAD_TYPES.has(type)) return null;
  const { leadId, sequence, holdId } = toldSchema.parse(data);
  return `${type} ${type.startsWith('hold.') ? holdId : `${leadId}@${sequence}`}`;
}

const keyOfDue = ({ type, subject }: DueEvent): string => `${type} ${subject}`;

function isTold({ countyAdcode, types }: OpenEndpoint, event: DueEvent): boolean {
  return (
    (countyAdcode === null || event.counties.includes(countyAdcode)) &&
    (types.length === 0 || types.includes(event.type))
  );
}

const pageSchema = z.object({ items: z.array(z.object({ id: z.string() })) });

/** Ids of deliveries in a state, of all endpoints: a page of them. */
async function deliveriesIn(state: string): Promise<readonly string[]> {
  const answer = await call(`${stack.url}/api/v1/webhooks/deliveries?state=${state}&limit=20`, { timeoutMs: 10_000 });
  if (answer.status !== 200) return [`answered ${answer.status}`];
  return pageSchema.parse(answer.body).items.map(({ id }) => id);
}

/** What each receiver has that is of a kind the load makes, by what it tells of; ids of the same thing side by side. */
function idsByEvent({ receiver }: OpenEndpoint): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, payload } of receiver.taken.values()) {
    const key = keyOfTold(payload);
    if (key !== null) ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  return ids;
}

interface Reckoning {
  /** Events an endpoint was to be told of and its receiver has not. */
  readonly lost: readonly string[];
  /** Events under two ids, of two bodies under one id, and those nobody made. */
  readonly wrong: readonly string[];
  readonly deliveries: number;
}

/** Holds what came against what had to come. */
function reckon(due: readonly DueEvent[]): Reckoning {
  const lost: string[] = [];
  const wrong: string[] = [];
  const bodies = new Map<string, string>();
  const known = new Set(due.map(keyOfDue));
  let deliveries = 0;
  for (const [index, endpoint] of endpoints.entries()) {
    const ids = idsByEvent(endpoint);
    for (const event of due.filter((one) => isTold(endpoint, one))) {
      deliveries += 1;
      const key = keyOfDue(event);
      const came = ids.get(key) ?? [];
      if (came.length === 0) lost.push(`${index}: ${key}`);
      if (came.length > 1) wrong.push(`${index}: ${key} under ${came.join(', ')}`);
    }
    for (const [key, came] of ids) {
      if (!known.has(key)) wrong.push(`${index}: ${key} (${came.join(', ')}) was never made`);
    }
    for (const { id, digest } of endpoint.receiver.taken.values()) {
      if ((bodies.get(id) ?? digest) !== digest) wrong.push(`${index}: ${id} has other bytes elsewhere`);
      bodies.set(id, digest);
    }
  }
  return { lost, wrong, deliveries };
}

/** Messages of a lead or a park that their sequence numbers put in another order than that in which things happened. */
function outOfOrder(due: readonly DueEvent[]): readonly string[] {
  const told = new Map<string, { readonly sequence: number; readonly at: string }>();
  for (const { receiver } of endpoints) {
    for (const { payload } of receiver.taken.values()) {
      const key = keyOfTold(payload);
      if (key !== null) told.set(key, { sequence: toldSchema.parse(payload.data).sequence, at: payload.timestamp });
    }
  }
  const streams = new Map<string, { sequence: number; at: string; due: string }[]>();
  for (const event of due) {
    const one = told.get(keyOfDue(event));
    if (one !== undefined) streams.set(event.stream, [...(streams.get(event.stream) ?? []), { ...one, due: event.at }]);
  }
  return [...streams].flatMap(([stream, events]) => {
    const ordered = events.sort((a, b) => a.sequence - b.sequence);
    return ordered.flatMap(({ sequence, at, due }, index) => {
      const before = ordered[index - 1];
      // Several things can happen to a park by one change.
      const follows = before === undefined || (before.due <= due && (before.sequence < sequence || before.due === due));
      return follows && at === due ? [] : [`${stream}: ${sequence} at ${at}, happened ${due}`];
    });
  });
}

/** Tries again what an outage stood in the way of. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 40) throw error;
      await realClock.sleep(250);
    }
  }
}

/** The truth once everything has left the outboxes. */
async function truthAtRest(): Promise<Truth> {
  const endMs = performance.now() + DRAIN_LIMIT_MS;
  for (;;) {
    const truth = await readTruth(stack.mongoUri);
    // The trail is read before the outboxes: what was carried on in between is in neither, so it is read once more.
    if (truth.waiting === 0) return readTruth(stack.mongoUri);
    if (performance.now() > endMs) throw new Error(`${truth.waiting} outboxes are not empty`);
    await realClock.sleep(250);
  }
}

/** Figures of all receivers together. */
function sums() {
  const receivers = endpoints.map(({ receiver }) => receiver);
  const sum = (of: (receiver: (typeof receivers)[number]) => number): number =>
    receivers.reduce((total, receiver) => total + of(receiver), 0);
  return {
    attempts: sum(({ attempts }) => attempts),
    verified: sum(({ verified }) => verified),
    duplicates: sum(({ duplicates }) => duplicates),
    faults: sum(({ faults }) => FAULTS.reduce((total, fault) => total + faults[fault], 0)),
    mostAtOnce: Math.max(...receivers.map(({ mostAtOnce }) => mostAtOnce)),
  };
}

function report(of: {
  readonly kills: Readonly<Record<string, number>>;
  readonly load: LeadLoad;
  readonly truth: Truth;
  readonly reckoning: Reckoning;
  readonly loadMs: number;
  readonly drainMs: number;
}): void {
  const { attempts, verified, faults, duplicates, mostAtOnce } = sums();
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const kills = Object.entries(of.kills).map(([kind, count]) => `${kind} ${count}`);
  process.stdout.write(
    [
      `events ${of.truth.due.length}, endpoints ${endpoints.length}, deliveries ${of.reckoning.deliveries}, lost ${of.reckoning.lost.length}`,
      `attempts received ${attempts}, verified ${verified}, failed on purpose ${faults}, duplicates received ${duplicates}, most at once at one receiver ${mostAtOnce}`,
      `kills: ${kills.join(', ')}; calls ${of.load.calls}, unanswered ${of.load.unanswered}`,
      `made in ${seconds(of.loadMs)}, all there ${seconds(of.drainMs)} later`,
      '',
    ].join('\n'),
  );
}

it(`tells every endpoint of each of ${EVENTS} events, once, while processes are killed`, {
  timeout: LIMIT_MS,
}, async () => {
  const random = randomFrom(SEED);
  endpoints = await openEndpoints(stack.url, SUBSCRIPTIONS, { seed: SEED, failShare: FAIL_SHARE });
  const keys = await openCountyKeys(stack.url, [...HOSTS.keys()]);
  const leads = await openLeads(stack.url, LEADS, { sources: SOURCES, hosts: HOSTS }, random);

  const beganMs = performance.now();
  const goal = EVENTS - leads.length;
  const load = startLeadLoad(stack.url, leads, {
    ...{ hosts: HOSTS, keys, atOnce: AT_ONCE, random },
    enough: (made) => made >= goal,
  });
  const plan = planKills(Object.keys(parts), KILLS_OF_EACH, goal, random);
  const killing = killAsEventsCome(parts, plan, () => load.made);
  await until(() => load.made >= goal / 2, LIMIT_MS);
  // Both signatures of an endpoint whose key is changed are good.
  const [rotated] = endpoints;
  if (rotated !== undefined) await untilDone(() => rotateKey(stack.url, rotated));
  const kills: Record<string, number> = { ...(await killing) };
  await until(() => load.made >= goal, LIMIT_MS);
  await load.stop();
  const loadMs = performance.now() - beganMs;

  // What an API that is killed now had not carried on is left to the sweep, and the backlog to new processes.
  for (const kind of ['api', 'delivering', 'redis', 'worker']) {
    const part = parts[kind];
    if (part !== undefined) await killAndRestart(kind, part, 50);
    kills[kind] = (kills[kind] ?? 0) + 1;
  }
  await stack.ready();
  const truth = await truthAtRest();
  let reckoning = reckon(truth.due);
  const endMs = performance.now() + DRAIN_LIMIT_MS;
  while (reckoning.lost.length > 0 && performance.now() < endMs) {
    await realClock.sleep(250);
    reckoning = reckon(truth.due);
  }
  const drainMs = performance.now() - beganMs - loadMs;
  await until(async () => (await deliveriesIn('pending')).length === 0, DRAIN_LIMIT_MS);

  report({ kills, load, truth, reckoning, loadMs, drainMs });
  expect(endpoints.flatMap(({ receiver }) => receiver.violations)).toEqual([]);
  expect(load.odd).toEqual([]);
  expect(truth.gaps).toEqual([]);
  expect(truth.due.length).toBeGreaterThanOrEqual(EVENTS);
  expect(reckoning.lost).toEqual([]);
  expect(reckoning.wrong).toEqual([]);
  expect(outOfOrder(truth.due)).toEqual([]);
  expect(await deliveriesIn('failed')).toEqual([]);
  for (const kind of Object.keys(parts)) expect(kills[kind]).toBe(KILLS_OF_EACH + 1);
  // The receivers failed as they were told to, and saw some messages twice.
  const { attempts, faults, duplicates } = sums();
  expect(faults / attempts).toBeGreaterThan(FAIL_SHARE - 0.05);
  expect(faults / attempts).toBeLessThan(FAIL_SHARE + 0.05);
  expect(duplicates).toBeGreaterThan(0);
});
