import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureBuild, freePort, type RunningServer, startRedis } from '../../scripts/lib/index.mjs';
import type { Change } from '../../src/domain/change.js';
import type { Lead } from '../../src/domain/lead.js';
import type { Park } from '../../src/domain/park.js';
import { MemoryHoldExpiry } from '../../src/memory/hold-expiry.js';
import { MongoConnection } from '../../src/mongo/connection.js';
import { MongoLeadStore } from '../../src/mongo/lead-store.js';
import { MongoNeedStore } from '../../src/mongo/need-store.js';
import { MongoOutbox } from '../../src/mongo/outbox.js';
import { MongoParkStore } from '../../src/mongo/park-store.js';
import { MongoReferenceStore } from '../../src/mongo/reference-store.js';
import { MongoSchemeStore } from '../../src/mongo/scheme-store.js';
import type { Clock } from '../../src/ports/clock.js';
import { createSnapshotSource } from '../../src/usecases/current-snapshot.js';
import { expireHolds } from '../../src/usecases/holds/expire-holds.js';
import type { PromoteDeps } from '../../src/usecases/holds/promote.js';
import { reconcileHolds } from '../../src/usecases/holds/reconcile-holds.js';
import { CLAIM_PATIENCE_MS, settleClaims } from '../../src/usecases/holds/settle-claims.js';
import { createReferenceCache } from '../../src/usecases/reference-cache.js';
import { DAY, HOST, known, tinyNeed, tinyPark, tinyReference } from '../matching/tiny.js';
import { randomFrom } from '../support/chaos.js';
import { makeLead, makeScheme, pushedStep } from '../support/conformance/lead-records.js';
import { makeStoredNeed, needIdOf } from '../support/conformance/records.js';
import { doubleHolds, type HoldSpan, replayPark } from '../support/hold-history.js';
import { atProgress, type HoldsAnswer, type HoldsRequest, HoldsRunner } from '../support/holds-chaos.js';
import { realClock } from '../support/real-clock.js';
import { recordingLog } from '../support/recording-log.js';
import { countingIds, plainSearch, plainText } from '../usecases/bench.js';

/** How many seeds are run; each is another capacity, other requests, other moments of the kills. */
const SEEDS = Number(process.env['HOLDS_SEEDS'] ?? 1);
const FIRST_SEED = Number(process.env['HOLDS_SEED'] ?? 20_260_301);
const PARKS = 20;
const LEADS = 240;
const PROCESSES = 8;
/** Processes that do a worker's upkeep besides. */
const WORKERS = 2;
const REQUESTS = 500;
const KILLS = 6;
const REDIS_RESTARTS = 2;
const SEED_LIMIT_MS = 200_000;

/** Days so short that holds run out during the test: 4 s and 8 s. */
const BRIEF = { soft: 4 / 86_400, firm: 8 / 86_400 };
/** Land of the needs, mu. */
const NEEDS_MU = [4, 7, 10, 12.5, 25, 40];

const parkIdOf = (number: number): string => `park-${String(number).padStart(2, '0')}`;

interface Setting {
  readonly parks: readonly Park[];
  readonly leads: readonly Lead[];
}

/** Parks from tiny (one parcel of 8 mu) to large, and leads that all fit somewhere and not everywhere. */
function makeSetting(random: () => number): Setting {
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  const parks = Array.from({ length: PARKS }, (_, number) => {
    const tiny = number % 3 === 0;
    const parcels = Array.from({ length: tiny ? 1 : between(1, 3) }, (_, parcel) => ({
      ...{ id: `d${parcel}`, areaMu: tiny ? between(8, 13) : between(25, 90), availableFrom: DAY },
    }));
    const factors = { codT: known(tiny ? 0.5 : between(1, 4)), energyTce: known(between(100, 900)) };
    return tinyPark(parkIdOf(number), { parcels, factors });
  });
  const leads = Array.from({ length: LEADS }, (_, index) => {
    const number = index + 1;
    const parkId = parkIdOf(index % PARKS);
    const brief = random() < 0.3;
    return makeLead(number, {
      ...{ needId: needIdOf(1 + Math.floor(random() * NEEDS_MU.length)), hostAdcode: HOST, parkId },
      ...{ stage: 'firstTalk', scheme: brief ? 'zj-pairing@2' : 'zj-pairing@1' },
      history: [pushedStep(HOST, { parkId })],
    });
  });
  return { parks, leads };
}

/** Needs of each size; each asks for a little COD and energy too. */
const needs = NEEDS_MU.map((minMu, index) =>
  makeStoredNeed(index + 1, {
    need: tinyNeed({ land: { minMu }, emissions: { codT: 0.1 * (1 + (index % 3)) }, energyTce: 10 * (index + 1) }),
  }),
);

/** The 500 requests, in a random order: first talks of many leads at once, and what is asked of holds that are there. */
function makeRequests(
  random: () => number,
  leads: readonly Lead[],
  held: readonly { readonly leadId: string; readonly holdId: string }[],
): readonly HoldsRequest[] {
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const fresh = leads.filter(({ id }) => held.every(({ leadId }) => leadId !== id));
  const asked: Omit<HoldsRequest, 'number'>[] = [];
  const add = (count: number, make: () => readonly Omit<HoldsRequest, 'number'>[]): void => {
    for (let made = 0; made < count; ) {
      const more = make();
      asked.push(...more);
      made += more.length;
    }
  };
  const place = (leadId: string, kind: 'soft' | 'firm', wait: boolean) =>
    ({ op: 'place', leadId, kind, wait }) as const;
  // Many of these are for the same lead, some of them twice at the same moment.
  add(130, () => [place(pick(fresh).id, 'soft', false)]);
  add(90, () => [place(pick(fresh).id, 'soft', true)]);
  add(60, () => [place(pick(fresh).id, 'firm', random() < 0.5)]);
  add(70, () => [place(pick(held).leadId, 'firm', false)]);
  add(50, () => [{ op: 'extend', ...pick(held) }]);
  add(40, () => [{ op: 'release', ...pick(held) }]);
  // A lead that tries two parks at once: it is moved while it asks in the park it leaves, and asks in the one it comes to.
  add(60, () => {
    const { id } = pick(leads);
    const parkId = parkIdOf(Math.floor(random() * PARKS));
    return [place(id, 'soft', false), { op: 'transfer', leadId: id, parkId }, place(id, 'soft', random() < 0.5)];
  });
  return asked
    .slice(0, REQUESTS)
    .map((request) => ({ request, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ request }, index) => ({ number: 1_000 + index, ...request }));
}

interface Figures {
  readonly seed: number;
  readonly [figure: string]: number;
}

/** Servers of the test and a database of its own for each seed. */
let folder = '';
let redis: RunningServer;
let redisPort = 0;
const startRedisAgain = async (): Promise<void> => {
  redis = await startRedis({ dir: join(folder, 'redis'), port: redisPort, logFile: join(folder, 'redis.log') });
};

beforeAll(async () => {
  await ensureBuild();
  folder = mkdtempSync(join(tmpdir(), 'shanhai-holds-'));
  redisPort = await freePort();
  await startRedisAgain();
}, 120_000);
afterAll(async () => {
  await redis?.stop();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** The machine's clock, so much ahead: for sweeps that would have to wait. */
const clockAhead = (ms: number): Clock => ({
  ...realClock,
  now: () => new Date(Date.now() + ms).toISOString(),
});

/** The stores of a seed's database, filled; and the sweeps over them. */
async function openWorld(name: string, { parks, leads }: Setting) {
  const uri = new URL(inject('mongoUri'));
  uri.pathname = `/test_${name}_${process.pid}_${Date.now().toString(36)}`;
  const { log } = recordingLog();
  const mongo = new MongoConnection({ uri: uri.href, log, clock: realClock });
  if (!(await mongo.ready(10_000))) throw new Error('MongoDB is not there');
  const { connection } = mongo;
  const [parkStore, leadStore, needStore] = [
    new MongoParkStore(connection),
    new MongoLeadStore(connection),
    new MongoNeedStore(connection),
  ];
  const [schemeStore, referenceStore] = [new MongoSchemeStore(connection), new MongoReferenceStore(connection)];
  const outboxes = [new MongoOutbox(connection, 'parks'), new MongoOutbox(connection, 'leads')] as const;
  const ids = countingIds();
  const sourced = (value: number) => ({ value, provenance: { source: 'test', basis: 'sample', asOf: DAY } }) as const;
  const brief = { softHoldDays: sourced(BRIEF.soft), firmHoldDays: sourced(BRIEF.firm) };
  await Promise.all([
    referenceStore.publish('edition-1', tinyReference()),
    schemeStore.insert(makeScheme(), []),
    schemeStore.insert(makeScheme({ version: 2, rules: brief }), []),
    parkStore.seed(parks),
    ...needs.map((need) => needStore.insert(need, [])),
    ...leads.map((lead) => leadStore.insert(lead, [])),
  ]);

  const depsAt = (clock: Clock): PromoteDeps => {
    const texts = { makeText: plainText, makeSearch: plainSearch };
    const references = createReferenceCache({ referenceStore, clock, maxAgeMs: 60_000, ...texts });
    return {
      ...{ parkStore, leadStore, needStore, schemeStore, clock, ids, log },
      snapshots: createSnapshotSource({ parkStore, references, clock, ids }),
      holdExpiry: new MemoryHoldExpiry(),
      changes: { changed: () => undefined },
    };
  };
  return {
    uri: uri.href,
    parkStore,
    async leads(): Promise<readonly Lead[]> {
      return Promise.all(leads.map(async ({ id }) => (await leadStore.get(id)) as Lead));
    },
    async changes(of: 'parks' | 'leads', id: string): Promise<readonly Change[]> {
      return (of === 'parks' ? outboxes[0] : outboxes[1]).of([id]);
    },
    /** Sweeps, as if the patience with open claims were over, until nothing is left to mend. */
    async sweep(): Promise<number> {
      const deps = depsAt(clockAhead(CLAIM_PATIENCE_MS + 1_000));
      let mended = 0;
      for (let rounds = 0; rounds < 10; rounds += 1) {
        const now = (await settleClaims(deps)) + (await reconcileHolds(deps));
        await expireHolds(deps);
        mended += now;
        if (now === 0 && rounds > 0) break;
      }
      return mended;
    },
    async close(): Promise<void> {
      await connection.dropDatabase();
      await mongo.close();
    },
  };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** Acknowledged holds of which the history knows nothing, or that went without anybody having asked for it. */
function lostHolds(
  answers: readonly HoldsAnswer[],
  requests: ReadonlyMap<number, HoldsRequest>,
  spans: readonly HoldSpan[],
): readonly string[] {
  const byHold = new Map(spans.map((span) => [span.holdId, span]));
  const releasing = new Set([...requests.values()].flatMap(({ op, holdId }) => (op === 'release' ? [holdId] : [])));
  const moving = new Set([...requests.values()].flatMap(({ op, leadId }) => (op === 'transfer' ? [leadId] : [])));
  return answers.flatMap((answer) => {
    if (answer.status !== 'held' && answer.status !== 'extended') return [];
    const { id, leadId, until, kind } = answer.hold;
    const span = byHold.get(id);
    if (span === undefined) return [`${id}: never placed`];
    if (!span.untils.includes(until) || !span.kinds.has(kind)) return [`${id}: not ${kind} until ${until}`];
    if (span.released === null) return [];
    const { reason, at } = span.released;
    const allowed =
      (reason === 'withdrawn' && releasing.has(id)) ||
      (reason === 'expired' && (span.untils.at(-1) ?? '') <= at) ||
      ((reason === 'transferred' || reason === 'orphaned') && moving.has(leadId)) ||
      (reason === 'orphaned' && releasing.has(id));
    return allowed ? [] : [`${id}: ${reason} at ${at}`];
  });
}

/** Claims and holds that do not go together. */
function unmatched(leads: readonly Lead[], parks: readonly Park[]): readonly string[] {
  const there = new Map<string, string>();
  for (const { id, capacity } of parks) {
    for (const hold of capacity.holds) there.set(hold.id, `${id} ${hold.leadId} placed`);
    for (const { holdId, leadId } of capacity.waitlist) there.set(holdId, `${id} ${leadId} waiting`);
  }
  const claimed = new Map(
    leads.flatMap(({ id, claim }): readonly (readonly [string, string])[] =>
      claim === null ? [] : [[claim.holdId, `${claim.parkId} ${id} ${claim.state}`]],
    ),
  );
  return [...new Set([...there.keys(), ...claimed.keys()])].flatMap((holdId) =>
    there.get(holdId) === claimed.get(holdId)
      ? []
      : [`${holdId}: park ${there.get(holdId) ?? '-'}, claim ${claimed.get(holdId) ?? '-'}`],
  );
}

async function verify(world: World, answers: readonly HoldsAnswer[], requests: readonly HoldsRequest[]) {
  const parks = await world.parkStore.all();
  const leads = await world.leads();
  const histories = await Promise.all(
    parks.map(async (park) => replayPark(park, await world.changes('parks', park.id))),
  );
  const spans = histories.flatMap((history) => history.spans);
  const faults = histories.flatMap((history) => history.faults);
  // Every version of a lead, its claim's changes and moves, is told of once.
  for (const { id, version } of leads) {
    const told = (await world.changes('leads', id)).map(({ object }) => object.version);
    const expected = Array.from({ length: version - 1 }, (_, index) => index + 2);
    if (told.join() !== expected.join()) faults.push(`${id}: versions ${told.join()}`);
  }
  return {
    faults,
    lost: lostHolds(answers, new Map(requests.map((request) => [request.number, request])), spans),
    twice: doubleHolds(spans),
    twiceFirm: doubleHolds(spans, 'firm'),
    unmatched: unmatched(leads, parks),
    placed: spans.length,
  };
}

async function runSeed(seed: number): Promise<Figures> {
  const random = randomFrom(seed);
  const setting = makeSetting(random);
  const world = await openWorld(`holds${seed}`, setting);
  const runners = Array.from({ length: PROCESSES }, (_, index) => {
    const upkeep: Record<string, string> = index < WORKERS ? { SWEEP_EVERY_MS: '1500' } : {};
    return new HoldsRunner({
      MONGODB_URI: world.uri,
      REDIS_URL: redis.url,
      QUEUE_PREFIX: `holds-${seed}-${process.pid}`,
      ...upkeep,
    });
  });
  try {
    await Promise.all(runners.map((runner) => runner.start()));
    const runnerOf = (number: number): HoldsRunner => runners[number % PROCESSES] as HoldsRunner;
    const answers: HoldsAnswer[] = [];
    const ask = async (request: HoldsRequest): Promise<HoldsAnswer> => {
      const answer = await runnerOf(request.number).ask(request);
      answers.push(answer);
      return answer;
    };

    // Holds to firm up, extend and release.
    const early = setting.leads.filter((_, index) => index % 4 === 0);
    const opening = early.map(
      ({ id }, number): HoldsRequest => ({ number, op: 'place', leadId: id, kind: 'soft', wait: false }),
    );
    const opened = await Promise.all(opening.map(ask));
    const held = opened.flatMap((answer) =>
      answer.status === 'held' ? [{ leadId: answer.hold.leadId, holdId: answer.hold.id }] : [],
    );

    const requests = makeRequests(random, setting.leads, held);
    const before = answers.length;
    const begun = performance.now();
    const all = Promise.all(requests.map(ask));
    const kills = Array.from({ length: KILLS }, (_, kill) => ({
      after: Math.round(((kill + 0.5) / (KILLS + 1)) * REQUESTS * (0.9 + 0.2 * random())),
      // A worker dies at least twice.
      runner: kill < 2 ? kill % WORKERS : Math.floor(random() * PROCESSES),
    }));
    await Promise.all([
      atProgress(
        () => answers.length - before,
        REQUESTS,
        kills.map(({ after, runner }) => ({ after, run: () => (runners[runner] as HoldsRunner).killAndRestart() })),
      ),
      atProgress(
        () => answers.length - before,
        REQUESTS,
        Array.from({ length: REDIS_RESTARTS }, (_, index) => ({
          after: Math.round(REQUESTS * (index === 0 ? 0.15 : 0.6)),
          async run() {
            await redis.kill('SIGKILL');
            await realClock.sleep(300);
            await startRedisAgain();
          },
        })),
      ),
      all,
    ]);
    const ms = performance.now() - begun;
    await Promise.all(runners.map((runner) => runner.stop()));
    const mended = await world.sweep();
    const found = await verify(world, answers, [...opening, ...requests]);
    const count = (...statuses: string[]): number =>
      answers.slice(before).filter(({ status }) => statuses.includes(status)).length;
    const odd = answers.filter(
      (answer) => answer.status === 'refused' && ['unknown', 'internal', 'invalidInput'].includes(answer.code),
    );
    expect({ odd, logs: odd.length > 0 ? runners.map(({ log }) => log.slice(-1_000)) : [] }).toEqual({
      odd: [],
      logs: [],
    });
    expect(found.faults).toEqual([]);
    expect(found.lost).toEqual([]);
    expect(found.twice).toEqual([]);
    expect(found.twiceFirm).toEqual([]);
    expect(found.unmatched).toEqual([]);
    return {
      seed,
      requests: answers.length - before,
      granted: count('held', 'extended', 'released', 'moved'),
      waiting: count('waiting'),
      refused: count('refused', 'stale'),
      holdsPlaced: found.placed,
      kills: runners.reduce((sum, runner) => sum + runner.kills, 0),
      redisRestarts: REDIS_RESTARTS,
      mendedBySweeps: mended,
      oversold: found.faults.length,
      lost: found.lost.length,
      twice: found.twice.length,
      seconds: Math.round(ms / 100) / 10,
    };
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()));
    await world.close();
  }
}

describe('holds under 500 concurrent requests from 8 processes that are killed, with Redis restarted', () => {
  const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);

  it.each(seeds)(
    'sell nothing twice, lose nothing, and give no lead two (seed %i)',
    async (seed) => {
      const figures = await runSeed(seed);
      process.stdout.write(`${JSON.stringify(figures)}\n`);
      expect(figures).toMatchObject({ requests: REQUESTS, kills: KILLS });
      // The requests were such that all of it happened.
      expect(figures.granted).toBeGreaterThan(50);
      expect(figures.refused).toBeGreaterThan(50);
      expect(figures.waiting).toBeGreaterThan(5);
    },
    SEED_LIMIT_MS,
  );
});
