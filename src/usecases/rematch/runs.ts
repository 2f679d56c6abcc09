import { type Caller, seesCounty } from '../../domain/access.js';
import type { Adcode } from '../../domain/county.js';
import { CRON_LEAST_MINUTES, type CronCheck } from '../../domain/cron.js';
import { AppError } from '../../domain/errors.js';
import type { RematchRun, RematchSchedule } from '../../domain/rematch.js';
import type { Clock } from '../../ports/clock.js';
import type { RematchRunStore } from '../../ports/history-store.js';
import type { Ids } from '../../ports/ids.js';
import type { Page } from '../../ports/need-store.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { RematchQueue } from '../../ports/rematch-queue.js';
import type { RunView } from '../rematch-use-cases.js';
import { waitingRun } from './full-run.js';
import { runChange, scheduleChange } from './run-changes.js';

/** Newest runs looked at for the last one of a county. */
const LOOKED_AT = 100;
/** Runs known by their ids only that a new one may come after: each was started and ended in a moment. */
const TRIES = 20;

export interface RunDeps {
  readonly runStore: RematchRunStore;
  readonly rematchQueue: RematchQueue;
  readonly cronCheck: CronCheck;
  /** When needs of counties without a schedule of their own are matched anew: cron in UTC. */
  readonly defaultCron: string;
  /** The counties there are. */
  readonly adcodes: () => Promise<ReadonlySet<Adcode>>;
  readonly changes: ChangeSignal;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'idFor'>;
}

/** A run with its figures for people. */
export function runView(run: RematchRun): RunView {
  const { state, total, done, workedMs } = run;
  const tenths = total === 0 ? 0 : Math.floor((Math.min(done, total) / total) * 1_000);
  return {
    ...run,
    percent: state === 'done' ? 100 : Math.min(999, tenths) / 10,
    needsPerSecond: done === 0 || workedMs === 0 ? null : Math.round((done * 10_000) / workedMs) / 10,
  };
}

const isOpen = ({ state }: RematchRun): boolean => state === 'waiting' || state === 'running';

/** A county sees its own runs and those of all needs, which tell it numbers only. */
function seesRun({ actor }: Caller, { countyAdcode }: RematchRun): boolean {
  return countyAdcode === null || seesCounty(actor, countyAdcode);
}

async function openRun({ runStore }: Pick<RunDeps, 'runStore'>, countyAdcode: Adcode | null) {
  const open = (await runStore.unfinished()).filter((run) => run.countyAdcode === countyAdcode);
  // A nightly run leaves out the counties with a night of their own: what is asked for by hand is all needs.
  return open.find(({ reason }) => countyAdcode !== null || reason !== 'nightly') ?? null;
}

/** The open run of the scope, or a new one. It is named after the one before: of two who start it at once one does. */
async function findOrInsert(deps: RunDeps, caller: Caller): Promise<RematchRun> {
  const { countyAdcode } = caller.actor;
  const open = await openRun(deps, countyAdcode);
  if (open !== null) return open;
  const newest = await deps.runStore.list(null, null, LOOKED_AT);
  let before = newest.items.find((run) => run.reason === 'manual' && run.countyAdcode === countyAdcode)?.id ?? 'none';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const run = waitingRun(deps, `manual ${countyAdcode ?? 'all'} after ${before}`, 'manual', countyAdcode);
    if (await deps.runStore.insert(run, [runChange(caller, run)])) {
      deps.changes.changed('rematch', run.id);
      return run;
    }
    const there = await deps.runStore.get(run.id);
    if (there !== null && isOpen(there)) return there;
    before = run.id;
  }
  throw new AppError('storeUnavailable');
}

/** See `RematchUseCases.startRematch`. */
export async function startRematch(deps: RunDeps, caller: Caller): Promise<RunView> {
  const run = await findOrInsert(deps, caller);
  // The rematching process looks for waiting runs by itself, should the queue be away.
  if (run.state === 'waiting') await deps.rematchQueue.runWaiting(run.id);
  return runView(run);
}

/** See `RematchUseCases.getRun`. */
export async function getRun(deps: Pick<RunDeps, 'runStore'>, caller: Caller, id: string): Promise<RunView> {
  const run = await deps.runStore.get(id);
  if (run === null || !seesRun(caller, run)) throw new AppError('notFound', { params: { what: 'run' } });
  return runView(run);
}

/** See `RematchUseCases.listRuns`. */
export async function listRuns(
  deps: Pick<RunDeps, 'runStore'>,
  { actor }: Caller,
  cursor: string | null,
  limit: number,
): Promise<Page<RunView>> {
  const { items, nextCursor } = await deps.runStore.list(actor.countyAdcode, cursor, limit);
  return { items: items.map(runView), nextCursor };
}

/** See `RematchUseCases.listSchedules`. */
export async function listSchedules(
  deps: Pick<RunDeps, 'runStore' | 'adcodes' | 'defaultCron'>,
  { actor }: Caller,
): Promise<readonly RematchSchedule[]> {
  const [adcodes, own] = await Promise.all([deps.adcodes(), deps.runStore.schedules()]);
  const schedules = new Map(own.map((schedule) => [schedule.countyAdcode, schedule]));
  return [...adcodes]
    .filter((adcode) => seesCounty(actor, adcode))
    .sort()
    .map((countyAdcode) => schedules.get(countyAdcode) ?? { countyAdcode, cron: deps.defaultCron, version: 0 });
}

/** A county's own schedule; null while it goes by the default. */
async function ownSchedule({ runStore }: Pick<RunDeps, 'runStore'>, countyAdcode: Adcode) {
  return (await runStore.schedules()).find((one) => one.countyAdcode === countyAdcode) ?? null;
}

/** See `RematchUseCases.putSchedule`. */
export async function putSchedule(
  deps: RunDeps,
  caller: Caller,
  countyAdcode: Adcode,
  expectedVersion: number,
  cron: string,
): Promise<RematchSchedule> {
  if (!seesCounty(caller.actor, countyAdcode) || !(await deps.adcodes()).has(countyAdcode)) {
    throw new AppError('notFound', { params: { what: 'county' } });
  }
  const code = deps.cronCheck.refusalOf(cron);
  if (code !== null) {
    const limit = code === 'tooOften' ? { limit: CRON_LEAST_MINUTES } : {};
    throw new AppError('invalidInput', { issues: [{ field: 'cron', code, value: cron, ...limit }] });
  }
  const conflict = (there: RematchSchedule | null): AppError =>
    new AppError('versionConflict', { params: { currentVersion: there?.version ?? 0 } });
  const before = await ownSchedule(deps, countyAdcode);
  if ((before?.version ?? 0) !== expectedVersion) throw conflict(before);
  const schedule: RematchSchedule = { countyAdcode, cron, version: expectedVersion + 1 };
  const change = scheduleChange(caller, deps.clock.now(), schedule, before);
  if (!(await deps.runStore.putSchedule(schedule, expectedVersion, [change]))) {
    throw conflict(await ownSchedule(deps, countyAdcode));
  }
  deps.changes.changed('rematch', countyAdcode);
  // Workers compare the schedules with the store by themselves, should the queue be away.
  await deps.rematchQueue.schedule(countyAdcode, cron);
  return schedule;
}
