// A process that keeps holds as the service does, compiled, over the servers it is told of. Reads requests as lines of
// JSON on standard input and answers each with a line; with SWEEP_EVERY_MS it does the upkeep of a worker too.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { createLog } from '../../dist/src/log.js';
import { MongoConnection } from '../../dist/src/mongo/connection.js';
import { MongoLeadStore } from '../../dist/src/mongo/lead-store.js';
import { MongoNeedStore } from '../../dist/src/mongo/need-store.js';
import { MongoParkStore } from '../../dist/src/mongo/park-store.js';
import { MongoReferenceStore } from '../../dist/src/mongo/reference-store.js';
import { MongoSchemeStore } from '../../dist/src/mongo/scheme-store.js';
import { CATALOGUE } from '../../dist/src/queue/catalogue.js';
import { openProducer, openWorkerConnection } from '../../dist/src/queue/connection.js';
import { BullHoldExpiry } from '../../dist/src/queue/hold-expiry.js';
import { openQueue } from '../../dist/src/queue/match-queue.js';
import { startUpkeepWorker } from '../../dist/src/queue/upkeep-worker.js';
import { systemClock, systemIds } from '../../dist/src/system.js';
import { createIndustrySearch } from '../../dist/src/text/industry-search.js';
import { createTextAnalysis } from '../../dist/src/text/text-analysis.js';
import { createSnapshotSource } from '../../dist/src/usecases/current-snapshot.js';
import { createHoldUseCases } from '../../dist/src/usecases/holds/create-hold-use-cases.js';
import { expireHolds, expirePark } from '../../dist/src/usecases/holds/expire-holds.js';
import { createHoldEffects } from '../../dist/src/usecases/holds/hold-effects.js';
import { reconcileHolds } from '../../dist/src/usecases/holds/reconcile-holds.js';
import { settleClaims } from '../../dist/src/usecases/holds/settle-claims.js';
import { createReferenceCache } from '../../dist/src/usecases/reference-cache.js';
import { startUpkeep } from '../../dist/workers/upkeep-process.js';

const { MONGODB_URI, REDIS_URL, QUEUE_PREFIX, SWEEP_EVERY_MS } = process.env;
const [clock, ids] = [systemClock, systemIds];
const log = createLog({ level: 'warn', process: 'holds', destination: pino.destination(2) });
const mongo = new MongoConnection({ uri: MONGODB_URI, log, clock });
await mongo.ready(20_000);
const { connection } = mongo;
const producer = openProducer(REDIS_URL, log);
const parkStore = new MongoParkStore(connection);
const leadStore = new MongoLeadStore(connection);
const references = createReferenceCache({
  referenceStore: new MongoReferenceStore(connection),
  makeText: createTextAnalysis,
  makeSearch: createIndustrySearch,
  clock,
  maxAgeMs: 60_000,
});
const deps = {
  parkStore,
  leadStore,
  needStore: new MongoNeedStore(connection),
  schemeStore: new MongoSchemeStore(connection),
  snapshots: createSnapshotSource({ parkStore, references, clock, ids }),
  holdExpiry: new BullHoldExpiry(openQueue(CATALOGUE.expireHold, producer, QUEUE_PREFIX, log), producer, clock, log),
  changes: { changed: () => undefined },
  clock,
  ids,
  log,
};
const effects = createHoldEffects(deps);

/** What a move to another park does: the lead first, then the park it leaves. */
async function transfer(lead, parkId, caller) {
  const { claim, history, version } = lead;
  const next = {
    ...lead,
    parkId,
    claim: null,
    history: [...history, { ...history[0], move: 'transfer', parkId }],
    version: version + 1,
  };
  const change = {
    id: `${lead.id}.${next.version}`,
    at: clock.now(),
    actor: { kind: 'system', id: 'system', role: 'coordinator', countyAdcode: null },
    requestId: caller.requestId,
    type: 'lead.transferred',
    object: { kind: 'lead', id: lead.id, version: next.version },
    chains: [lead.sourceAdcode],
    before: { parkId: lead.parkId },
    after: { parkId },
    scheme: lead.scheme,
  };
  if (!(await leadStore.replace(next, version, [change]))) return { status: 'stale' };
  if (claim !== null) await effects.release(next, claim.holdId, claim.parkId, 'transferred', caller);
  return { status: 'moved' };
}

async function run({ number, op, leadId, holdId, kind, wait, amounts, parkId }) {
  const caller = {
    actor: { kind: 'user', id: 'user_chaos', role: 'coordinator', countyAdcode: null, scopes: [] },
    requestId: `request-${number}`,
  };
  const holds = createHoldUseCases(deps, caller);
  switch (op) {
    case 'place': {
      const asked = amounts === undefined ? {} : { amounts };
      const outcome = await holds.placeHold(leadId, { kind, wait, ...asked });
      return outcome.status === 'held'
        ? { status: 'held', hold: outcome.hold, parkId: outcome.parkId }
        : { status: 'waiting', holdId: outcome.entry.holdId, parkId: outcome.parkId };
    }
    case 'extend':
      return { status: 'extended', hold: await holds.extendHold(holdId, '待批') };
    case 'release':
      await holds.releaseHold(holdId);
      return { status: 'released' };
    default:
      return transfer(await leadStore.get(leadId), parkId, caller);
  }
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

if (SWEEP_EVERY_MS !== undefined) {
  startUpkeep(
    {
      expirePark: (parkId) => expirePark(deps, parkId),
      startExpiryWorker: (handler) =>
        startUpkeepWorker(
          { connection: openWorkerConnection(REDIS_URL, log), prefix: QUEUE_PREFIX, log, clock },
          handler,
        ),
      sweeps: {
        claims: () => settleClaims(deps),
        holds: () => reconcileHolds(deps),
        expiries: () => expireHolds(deps),
      },
    },
    { sweepEveryMs: Number(SWEEP_EVERY_MS), shutdownGraceMs: 1_000 },
    log,
  );
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const request = JSON.parse(line);
    try {
      say({ number: request.number, ...(await run(request)) });
    } catch (error) {
      const code = error?.code ?? 'unknown';
      if (code === 'internal' || code === 'unknown') log.error({ err: error }, 'request failed');
      say({ number: request.number, status: 'refused', code, issue: error?.issues?.[0]?.code ?? null });
    }
  })
  // Whoever started it ends it; without it there is nobody to answer.
  .on('close', () => sleep(0).then(() => process.exit(0)));
say({ ready: true });
