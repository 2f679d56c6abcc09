import { type Change, PROVINCE_CHAIN } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { AuditStore } from '../ports/audit-store.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { ChangeSignal, Outbox } from '../ports/outbox.js';

/** What stands in outboxes is carried on this often; what comes in between goes together. After a rest, sooner. */
const PAUSE_MS = 100;
const FIRST_PAUSE_MS = 15;
/** After a failure the next attempt waits this long. */
const OUTAGE_PAUSE_MS = 1_000;
/** Documents whose outboxes are read together. */
const DOCUMENTS_AT_ONCE = 200;

/**
 * Changes that go to the sinks and not to the audit trail: nobody makes them, they follow from changes that are in it,
 * and the need's own history keeps them.
 */
const UNTRAILED = 'match.';

export type OutboxName = Parameters<ChangeSignal['changed']>[0];

/**
 * Gets every change at least once, those of an object in order, before it is taken out of the outbox; `Change.id` tells
 * a repetition. What it raises stops the carrying of these changes, and they come again.
 */
export type ChangeSink = (changes: readonly Change[]) => Promise<void>;

export interface RelayDeps {
  readonly outboxes: Readonly<Record<OutboxName, Outbox>>;
  readonly auditStore: Pick<AuditStore, 'append'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** Besides the audit trail, in their order. */
  readonly sinks?: readonly ChangeSink[];
}

/** Carries changes from the outboxes of documents to the audit trail (but for `match.…`), and on. */
export interface Relay extends ChangeSignal {
  /** Carries on everything signalled so far. False where the stores are away: it stays in the outboxes. */
  flush(): Promise<boolean>;
  /**
   * Carries on what stands in the outboxes of up to `limit` documents of each kind, whoever put it there: leftovers of
   * processes that ended. Gives in how many documents something stood.
   * @throws AppError `storeUnavailable`.
   */
  sweep(limit: number): Promise<number>;
  /** Flushes and carries nothing on by itself any more. */
  close(): Promise<void>;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'internal';
}

/** In the order of the changes, those of each chain. */
function byChain(changes: readonly Change[]): ReadonlyMap<Adcode, readonly Change[]> {
  const chains = new Map<Adcode, Change[]>();
  for (const change of changes) {
    const own = change.chains.length === 0 ? [PROVINCE_CHAIN] : change.chains;
    for (const chain of new Set(own)) {
      const there = chains.get(chain);
      if (there === undefined) chains.set(chain, [change]);
      else there.push(change);
    }
  }
  return chains;
}

/**
 * Makes the relay of a process. Several may carry the same changes at once: the trail takes each once. A change leaves
 * its outbox only after the trail and the sinks have it, so that a process that ends in between repeats and loses nothing.
 */
export function createRelay(deps: RelayDeps): Relay {
  const { outboxes, auditStore, clock, log, sinks = [] } = deps;
  const signalled = new Map<OutboxName, Set<string>>();
  const closing = new AbortController();
  let looping = false;
  let away = false;
  /** One carrying at a time: so the changes of an object go in order. */
  let turn: Promise<unknown> = Promise.resolve();

  async function carry(name: OutboxName, objectIds: readonly string[]): Promise<void> {
    const outbox = outboxes[name];
    const changes = await outbox.of(objectIds);
    if (changes.length === 0) return;
    const trailed = changes.filter(({ type }) => !type.startsWith(UNTRAILED));
    await Promise.all([...byChain(trailed)].map(([chain, ofChain]) => auditStore.append(chain, ofChain)));
    for (const sink of sinks) await sink(changes);
    await outbox.remove(changes);
  }

  /** @throws what a store raised; the documents from there on stay signalled. */
  async function drainOne(name: OutboxName): Promise<void> {
    const ids = signalled.get(name) ?? new Set();
    while (ids.size > 0) {
      const batch = [...ids].slice(0, DOCUMENTS_AT_ONCE);
      for (const id of batch) ids.delete(id);
      try {
        await carry(name, batch);
      } catch (error) {
        for (const id of batch) ids.add(id);
        throw error;
      }
    }
    signalled.delete(name);
  }

  /** Carries on all that is signalled; what fails for one outbox does not hold up the others. */
  async function drain(): Promise<void> {
    const failures: unknown[] = [];
    for (const name of [...signalled.keys()]) await drainOne(name).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = turn.then(run);
    turn = done.catch(() => undefined);
    return done;
  }

  async function flush(): Promise<boolean> {
    try {
      await inTurn(drain);
      if (away) log.info({}, 'changes are carried on again');
      away = false;
      return true;
    } catch (error) {
      if (!away) log.warn({ code: codeOf(error) }, 'changes are not carried on, trying on');
      away = true;
      return false;
    }
  }

  async function loop(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (signalled.size > 0 && !closing.signal.aborted) {
      await clock.sleep(away ? OUTAGE_PAUSE_MS : pauseMs, closing.signal);
      pauseMs = PAUSE_MS;
      if (!closing.signal.aborted) await flush();
    }
    looping = false;
  }

  return {
    changed(name, objectId) {
      signalled.set(name, (signalled.get(name) ?? new Set()).add(objectId));
      if (looping || closing.signal.aborted) return;
      looping = true;
      void loop();
    },
    flush,
    async sweep(limit) {
      let found = 0;
      for (const name of Object.keys(outboxes) as OutboxName[]) {
        const ids = await outboxes[name].waiting(limit);
        found += ids.length;
        for (let from = 0; from < ids.length; from += DOCUMENTS_AT_ONCE) {
          await inTurn(() => carry(name, ids.slice(from, from + DOCUMENTS_AT_ONCE)));
        }
      }
      return found;
    },
    async close() {
      closing.abort();
      await flush();
    },
  };
}
