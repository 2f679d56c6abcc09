import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Delivery } from '../src/domain/webhook.js';
import { barePosts } from './support/bare-posts.js';
import { cpuTimeMs } from './support/cpu-time.js';
import { median, percentile } from './support/percentiles.js';
import { nextStage, pushedLead } from './support/webhook-leads.js';
import type { ReceiverCounts } from './support/webhook-receiver.js';
import { type BenchEndpoint, openWebhookWorld, RECEIVERS, type WebhookWorld } from './support/webhook-world.js';

const ROUNDS = Number(process.env['WEBHOOK_ROUNDS'] ?? 3);
/** Rounds before those that count: both sides get faster while their code is compiled. */
const WARM_UP_ROUNDS = 2;
/** Deliveries waiting at the start of a round. */
const BACKLOG = Number(process.env['WEBHOOK_BACKLOG'] ?? 20_000);
const ENDPOINTS = RECEIVERS;
/** Events a second while the backlog of a round came to be: tells how many were written together. */
const BACKLOG_RATE = 200;
/** How long after it is written a round's backlog becomes due, ms. */
const DUE_AFTER_MS = 1_500;
/** Of bare posts in the same run. */
const RATIO_LIMIT = 0.4;

const PER_SECOND = 200;
const SECONDS = Number(process.env['WEBHOOK_SECONDS'] ?? 30);
const LEADS = 400;
const WARM_UP_S = 5;
const P99_LIMIT_MS = 1_000;

const SOURCES = ['330782', '330483', '330109', '330381'];
const HOSTS = ['331102', '331023', '331121', '331122'];

const write = (line: string): void => void process.stdout.write(`${line}\n`);

function cpuTimes(pids: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuTimeMs(pid) ?? 0]));
}

/** Processor time since `before`, µs for each of `count`. */
function cpuShares(world: WebhookWorld, before: Readonly<Record<string, number>>, count: number): string {
  const shares = Object.entries(cpuTimes(world.pids)).map(
    ([name, ms]) => `${name} ${(((ms - (before[name] ?? 0)) * 1_000) / count).toFixed(0)}`,
  );
  return shares.join(', ');
}

/** Checks what the receiver kept of a round with the official library. @throws if one does not verify. */
async function verifySamples(world: WebhookWorld, endpoints: readonly BenchEndpoint[]): Promise<number> {
  const { samples } = await world.receiver.counts();
  const secrets = new Map(endpoints.map(({ endpoint, secret }) => [new URL(endpoint.url).pathname, secret]));
  for (const { path, body, headers } of samples) new Webhook(secrets.get(path) ?? '').verify(body, { ...headers });
  return samples.length;
}

let lastEvent = 0;

/** A backlog as a stream of events would have left it, due in a moment. */
function makeBacklog(endpoints: readonly BenchEndpoint[], dueAt: string): readonly Delivery[] {
  const beganMs = Date.now() - (BACKLOG / endpoints.length / BACKLOG_RATE) * 1_000;
  return Array.from({ length: BACKLOG / endpoints.length }, (_, index) => {
    lastEvent += 1;
    const eventId = `evt_${String(lastEvent).padStart(24, '0')}`;
    const createdAt = new Date(beganMs + (index * 1_000) / BACKLOG_RATE).toISOString();
    const { change } = nextStage(pushedLead(lastEvent, '330782', '331102'));
    const { object, ...told } = change;
    const data = { leadId: object.id, sequence: object.version, ...told };
    const payload = JSON.stringify({ type: 'lead.stage_changed', timestamp: createdAt, data });
    return endpoints.map(
      ({ endpoint }): Delivery => ({
        ...{ id: `${eventId}.${endpoint.id}`, eventId, endpointId: endpoint.id, countyAdcode: endpoint.countyAdcode },
        ...{ type: 'lead.stage_changed', payload, createdAt, state: 'pending', attempts: [], nextAt: dueAt },
      }),
    );
  }).flat();
}

/** True while one of the endpoints has something pending. */
async function isPending(world: WebhookWorld, endpoints: readonly BenchEndpoint[]): Promise<boolean> {
  for (const { endpoint } of endpoints) {
    if ((await world.shared.deliveryStore.nextDue(endpoint.id)) !== null) return true;
  }
  return false;
}

/** Deliveries a second of one backlog, from the first arrival until nothing is pending any more. */
async function deliverBacklog(world: WebhookWorld, endpoints: readonly BenchEndpoint[]): Promise<number> {
  const { deliveryStore, deliverySignal } = world.shared;
  await world.receiver.reset();
  const dueAt = new Date(Date.now() + DUE_AFTER_MS + BACKLOG / 5).toISOString();
  const backlog = makeBacklog(endpoints, dueAt);
  for (let from = 0; from < backlog.length; from += 1_000) await deliveryStore.add(backlog.slice(from, from + 1_000));
  if (new Date().toISOString() > dueAt) throw new Error('the backlog was due before it was written');
  for (const { endpoint } of endpoints) await deliverySignal.wake(endpoint.id, dueAt);
  const before = cpuTimes(world.pids);
  while ((await world.receiver.posts()) < backlog.length) await sleep(20);
  while (await isPending(world, endpoints)) await sleep(5);
  const endMs = performance.timeOrigin + performance.now();
  const counts = await world.receiver.counts();
  if (counts.posts > backlog.length) write(`  ${counts.posts - backlog.length} came twice`);
  write(`          processor time a delivery, µs: ${cpuShares(world, before, backlog.length)}`);
  return backlog.length / ((endMs - counts.firstMs) / 1_000);
}

/** True if the limit is held. */
async function benchThroughput(world: WebhookWorld, endpoints: readonly BenchEndpoint[]): Promise<boolean> {
  const atOnce = endpoints.length * world.config.WEBHOOK_CONCURRENCY;
  write(
    `deliveries a second of ${BACKLOG} that wait for ${endpoints.length} endpoints, signed, ${atOnce} at once; ` +
      `${cpus().length} cores, load average before ${loadavg()[0]?.toFixed(2)}`,
  );
  const rates: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
    const ours = await deliverBacklog(world, endpoints);
    const verified = await verifySamples(world, endpoints);
    const [sample] = (await world.receiver.counts()).samples;
    if (sample === undefined) throw new Error('nothing came');
    const headers = { 'content-type': 'application/json', ...sample.headers };
    const urls = world.receiver.urls.map((url) => `${url}/bare`);
    const tookMs = await barePosts(urls, { body: sample.body, headers }, BACKLOG, atOnce / urls.length);
    const bare = (BACKLOG * 1_000) / tookMs;
    if (round > 0) rates.push({ ours, bare });
    write(
      `  ${round > 0 ? `round ${round}` : 'warm-up'}: ${ours.toFixed(0).padStart(6)} delivered, ${bare.toFixed(0).padStart(6)} bare posts, ` +
        `ratio ${(ours / bare).toFixed(2)}; ${verified} verified, body ${sample.body.length} bytes`,
    );
  }
  const ratio = median(rates.map(({ ours, bare }) => ours / bare));
  const held = ratio >= RATIO_LIMIT;
  write(
    `  median ${median(rates.map(({ ours }) => ours)).toFixed(0)} a second, ratio ${ratio.toFixed(2)}, ` +
      `limit ${RATIO_LIMIT}: ${held ? 'held' : 'MISSED'}`,
  );
  return held;
}

/** Writes so many changes a second to leads, each at its due time. */
async function changeLeads(
  world: WebhookWorld,
  seconds: number,
  leads: ReturnType<typeof pushedLead>[],
): Promise<number> {
  const { leadStore, relay } = world.shared;
  const total = PER_SECOND * seconds;
  const writing = new Set<Promise<void>>();
  const beganMs = performance.now();
  for (let number = 0; number < total; number += 1) {
    const aheadMs = beganMs + (number * 1_000) / PER_SECOND - performance.now();
    if (aheadMs > 0) await sleep(aheadMs);
    const place = number % leads.length;
    const before = leads[place];
    if (before === undefined) throw new Error('no leads');
    const { lead, change } = nextStage(before);
    leads[place] = lead;
    const written = leadStore.replace(lead, before.version, [change]).then((done) => {
      if (!done) throw new Error(`${lead.id} was changed by somebody else`);
      relay.changed('lead', lead.id);
    });
    writing.add(written);
    void written.finally(() => writing.delete(written));
  }
  await Promise.all(writing);
  return (performance.now() - beganMs) / 1_000;
}

/** Waits until so many messages have come, for half a minute at most. */
async function arrived(world: WebhookWorld, messages: number): Promise<ReceiverCounts> {
  const endMs = performance.now() + 30_000;
  for (;;) {
    const counts = await world.receiver.counts();
    if (counts.delaysMs.length >= messages || performance.now() > endMs) return counts;
    await sleep(200);
  }
}

/** True if the limit is held. */
async function benchLatency(world: WebhookWorld): Promise<boolean> {
  // Every event is told to its two counties and the province.
  const counties = [...SOURCES, ...HOSTS, null];
  const told = 3;
  for (const [index, adcode] of counties.entries()) await world.addEndpoint(100 + index, adcode);
  const leads = Array.from({ length: LEADS }, (_, index) =>
    pushedLead(1_000_000 + index, SOURCES[index % SOURCES.length] ?? '', HOSTS[(index >> 2) % HOSTS.length] ?? ''),
  );
  for (const lead of leads) await world.shared.leadStore.insert(lead, []);
  await world.receiver.reset();
  await changeLeads(world, WARM_UP_S, leads);
  await arrived(world, PER_SECOND * WARM_UP_S * told);
  await world.receiver.reset();
  write(
    `\nfrom a change written to the first attempt at each of ${told} endpoints, ${PER_SECOND} events/s for ${SECONDS} s; ` +
      `load average before ${loadavg()[0]?.toFixed(2)}; ms`,
  );
  const before = cpuTimes(world.pids);
  const tookS = await changeLeads(world, SECONDS, leads);
  const expected = PER_SECOND * SECONDS * told;
  const { delaysMs } = await arrived(world, expected);
  const sorted = Float64Array.from(delaysMs).sort();
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map((share) => percentile(sorted, share));
  const held = delaysMs.length === expected && (p99 ?? Number.POSITIVE_INFINITY) < P99_LIMIT_MS;
  write('      p50      p95      p99      max   events/s   arrived   missing');
  write(
    ` ${[p50, p95, p99, max].map((ms) => (ms ?? Number.NaN).toFixed(0).padStart(8)).join(' ')} ` +
      `${((PER_SECOND * SECONDS) / tookS).toFixed(0).padStart(10)} ${String(delaysMs.length).padStart(9)} ` +
      `${String(expected - delaysMs.length).padStart(9)}`,
  );
  write(`          processor time an event, µs: ${cpuShares(world, before, PER_SECOND * SECONDS)}`);
  write(`  limit        p99 under ${P99_LIMIT_MS}, none missing: ${held ? 'held' : 'MISSED'}`);
  return held;
}

const dataDir = process.env['DATA_DIR'];
if (dataDir === undefined || process.env['MONGODB_URI'] === undefined || process.env['REDIS_URL'] === undefined) {
  write('run it with: npm run bench -- webhooks');
  process.exit(1);
}
const world = await openWebhookWorld(process.env, dataDir);
try {
  const throughput: BenchEndpoint[] = [];
  // Of a county that has no leads here, so that the second part goes on without them.
  for (let number = 1; number <= ENDPOINTS; number += 1) throughput.push(await world.addEndpoint(number, '330127'));
  const held = [await benchThroughput(world, throughput), await benchLatency(world)];
  process.exitCode = held.every(Boolean) ? 0 : 1;
} finally {
  await world.close();
}
