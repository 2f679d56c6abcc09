import type { Adcode } from '../../domain/county.js';
import type { RematchRun } from '../../domain/rematch.js';
import type { Clock } from '../../ports/clock.js';
import type { RematchRunStore } from '../../ports/history-store.js';
import type { Ids } from '../../ports/ids.js';
import { belongsTo, type NeedBook } from './load-index.js';

/** How far a run has come is stored this often, ms. */
const SAVE_EVERY_MS = 1_000;

/** A run that waits. `occasion` is what it is made for: one run for each. */
export function waitingRun(
  deps: { readonly ids: Pick<Ids, 'idFor'>; readonly clock: Pick<Clock, 'now'> },
  occasion: string,
  reason: RematchRun['reason'],
  countyAdcode: Adcode | null,
): RematchRun {
  const now = deps.clock.now();
  return {
    id: deps.ids.idFor('run', occasion),
    reason,
    countyAdcode,
    state: 'waiting',
    total: 0,
    done: 0,
    changed: 0,
    cursor: null,
    startedAt: now,
    updatedAt: now,
    finishedAt: null,
    workedMs: 0,
  };
}

/** Stores the run of a schedule's time; `duplicate` where it is there, whatever became of it. */
export async function insertNightly(
  deps: {
    readonly runStore: Pick<RematchRunStore, 'insert'>;
    readonly ids: Pick<Ids, 'idFor'>;
    readonly clock: Pick<Clock, 'now'>;
  },
  countyAdcode: Adcode | null,
  occasion: string,
): Promise<'done' | 'duplicate'> {
  const run = waitingRun(deps, occasion, 'nightly', countyAdcode);
  return (await deps.runStore.insert(run, [])) ? 'done' : 'duplicate';
}

/** The runs that are to be done, oldest first, one at a time. */
export interface RunDesk {
  /** Looks for runs that are not finished. @throws AppError `storeUnavailable`. */
  look(): Promise<void>;
  /** True if `next` will begin a run: the needs must be known as they are by then. */
  begins(): boolean;
  /** Up to `count` ids of needs the run in hand comes to next; empty without a run. Stores a run that has come to its end. */
  next(count: number): Promise<readonly string[]>;
  /** Some of the ids `next` gave are done, in whatever order, `changed` of them with another outcome. */
  done(ids: readonly string[], changed: number): Promise<void>;
  /** Stores how far the run has come. */
  save(): Promise<void>;
}

interface InHand {
  run: RematchRun;
  readonly savedAtMs: number;
  sinceMs: number;
  /** Counties with a night of their own, which the night of all others leaves out. */
  readonly leftOut: ReadonlySet<Adcode>;
  /** Needs behind the cursor that are done before others: the run goes on from the cursor if it is taken up again. */
  readonly ahead: Set<string>;
}

export function createRunDesk(deps: {
  readonly runStore: RematchRunStore;
  readonly book: Pick<NeedBook, 'ids' | 'get'>;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}): RunDesk {
  const { runStore, book, clock } = deps;
  let inHand: InHand | null = null;
  let waiting: readonly RematchRun[] = [];

  function wants({ run, leftOut }: InHand, needId: string): boolean {
    const need = book.get(needId);
    if (need === undefined || !belongsTo(need, run.countyAdcode)) return false;
    return !leftOut.has(need.need.firm.countyAdcode);
  }

  async function begin(run: RematchRun): Promise<InHand> {
    const rest = run.reason === 'nightly' && run.countyAdcode === null;
    const leftOut = new Set(rest ? (await runStore.schedules()).map(({ countyAdcode }) => countyAdcode) : []);
    const nowMs = clock.monotonicMs();
    const begun: InHand = { run, savedAtMs: nowMs, sinceMs: nowMs, leftOut, ahead: new Set() };
    if (run.state === 'running') return begun;
    const total = book.ids().filter((id) => wants(begun, id)).length;
    const started: InHand = { ...begun, run: { ...run, state: 'running', total, updatedAt: clock.now() } };
    await runStore.progress(started.run);
    return started;
  }

  /** Moves the cursor behind the needs that are done, up to the first one that is not. */
  function pass(one: InHand): { readonly cursor: string | null; readonly passed: number } {
    const ids = book.ids();
    let { cursor } = one.run;
    let passed = 0;
    for (let at = placeAfter(ids, cursor); one.ahead.size > 0 && at < ids.length; at += 1) {
      const id = ids[at] ?? '';
      if (one.ahead.delete(id)) passed += 1;
      else if (wants(one, id)) break;
      cursor = id;
    }
    return { cursor, passed };
  }

  /** The run with the time at work up to now. */
  function worked(one: InHand): RematchRun {
    const nowMs = clock.monotonicMs();
    const workedMs = one.run.workedMs + Math.round(nowMs - one.sinceMs);
    return { ...one.run, workedMs, updatedAt: clock.now() };
  }

  async function save(one: InHand): Promise<void> {
    const run = worked(one);
    await runStore.progress(run);
    const nowMs = clock.monotonicMs();
    inHand = { ...one, run, savedAtMs: nowMs, sinceMs: nowMs };
  }

  async function finish(one: InHand): Promise<void> {
    const run = worked(one);
    // Needs that came or went meanwhile are no reason to end below or above the whole.
    await runStore.progress({ ...run, state: 'done', done: run.total, finishedAt: run.updatedAt });
    waiting = waiting.filter(({ id }) => id !== run.id);
    inHand = null;
  }

  return {
    async look() {
      const unfinished = await runStore.unfinished();
      waiting = [...unfinished].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
    },
    begins: () => inHand === null && waiting.length > 0,
    async next(count) {
      const [first] = waiting;
      if (inHand === null && first !== undefined) inHand = await begin(first);
      if (inHand === null) return [];
      const ids = book.ids();
      const picked: string[] = [];
      for (let at = placeAfter(ids, inHand.run.cursor); at < ids.length && picked.length < count; at += 1) {
        const id = ids[at];
        if (id !== undefined && wants(inHand, id) && !inHand.ahead.has(id)) picked.push(id);
      }
      if (picked.length === 0) await finish(inHand);
      return picked;
    },
    async done(needIds, changed) {
      if (inHand === null) return;
      const { run, ahead } = inHand;
      for (const id of needIds) ahead.add(id);
      const { cursor, passed } = pass(inHand);
      const done = Math.min(run.total, run.done + passed);
      inHand = { ...inHand, run: { ...run, cursor, done, changed: run.changed + changed } };
      if (clock.monotonicMs() - inHand.savedAtMs >= SAVE_EVERY_MS) await save(inHand);
    },
    async save() {
      if (inHand !== null) await save(inHand);
    },
  };
}

/** Place of the first id after `cursor` in ids that are in order. */
function placeAfter(ids: readonly string[], cursor: string | null): number {
  if (cursor === null) return 0;
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? '') <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
