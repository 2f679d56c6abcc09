import { type Caller, seesCounty } from '../domain/access.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { AppError } from '../domain/errors.js';
import type { Need, StoredNeed } from '../domain/need.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Log } from '../ports/log.js';
import type { MatchQueue } from '../ports/match-queue.js';
import type { NeedStore } from '../ports/need-store.js';
import type { ChangeSignal } from '../ports/outbox.js';
import { needChange } from './need-changes.js';
import { checkAgainstReference } from './need-checks.js';
import type { ReferenceCache } from './reference-cache.js';
import { visibleNeed } from './visible-need.js';

export interface NeedDeps {
  readonly needStore: NeedStore;
  readonly matchQueue: MatchQueue;
  readonly references: ReferenceCache;
  readonly changes: ChangeSignal;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The matching of a need that has never been matched. */
const UNMATCHED: StoredNeed['matching'] = {
  status: 'pending',
  resultId: null,
  failure: null,
  previousResultId: null,
  announced: null,
  sequence: 0,
};

/** The matching of a new version: the result so far becomes the one before; what was announced stays announced. */
function pendingAgain({ resultId, previousResultId, announced, sequence, steps }: StoredNeed['matching']) {
  const kept = { previousResultId: resultId ?? previousResultId, announced, sequence };
  return { ...UNMATCHED, ...kept, ...(steps === undefined ? {} : { steps }) };
}

/** @throws AppError `invalidInput` where the firm is in a county whose needs are not the caller's to write. */
function checkCounty({ actor }: Caller, need: Need): void {
  if (seesCounty(actor, need.firm.countyAdcode)) return;
  throw new AppError('invalidInput', { issues: [{ field: 'firm.countyAdcode', code: 'notYourCounty' }] });
}

/** The need as the first answer showed it, whatever became of it since. */
function firstAnswer(stored: StoredNeed): StoredNeed {
  const first = stored.history[0];
  if (first === undefined || stored.version === 1) return stored;
  return { ...stored, version: 1, need: first.need, updatedAt: first.at, history: [first], matching: UNMATCHED };
}

async function askForMatching(deps: NeedDeps, needId: string, version: number): Promise<void> {
  const queued = await deps.matchQueue.enqueue({ needId, version });
  // The need is pending in the store: a worker's sweep leaves the job when the queue is back.
  if (!queued) deps.log.warn({ needId, version }, 'queue away, need left to the sweep');
}

/** See `UseCases.submitNeed`. */
export async function submitNeed(
  deps: NeedDeps,
  caller: Caller,
  need: Need,
  idempotencyKey: string | null,
): Promise<{ readonly stored: StoredNeed; readonly replayed: boolean }> {
  checkCounty(caller, need);
  // A key is its county's own: another county's says nothing of the needs it was used for.
  const keyedId =
    idempotencyKey === null ? null : deps.ids.needIdFor(`${caller.actor.countyAdcode ?? 'province'}:${idempotencyKey}`);
  const bodyDigest = idempotencyKey === null ? null : deps.ids.digest(canonicalJson(need));
  try {
    checkAgainstReference(need, await deps.references.current());
  } catch (error) {
    // An answer once given is given again, even if a newer edition no longer knows a code.
    const known = keyedId === null ? null : await deps.needStore.get(keyedId);
    if (known !== null && known.firstBodyDigest === bodyDigest) return { stored: firstAnswer(known), replayed: true };
    throw error;
  }
  const at = deps.clock.now();
  const fresh: StoredNeed = {
    id: keyedId ?? deps.ids.newNeedId(),
    version: 1,
    need,
    history: [{ version: 1, need, at }],
    createdAt: at,
    updatedAt: at,
    matching: UNMATCHED,
    firstBodyDigest: bodyDigest,
  };
  const outcome = await deps.needStore.insert(fresh, [needChange(caller, fresh, null)]);
  if (!outcome.inserted) {
    if (outcome.existing.firstBodyDigest !== bodyDigest) throw new AppError('idempotencyConflict');
    return { stored: firstAnswer(outcome.existing), replayed: true };
  }
  deps.changes.changed('need', fresh.id);
  await askForMatching(deps, fresh.id, 1);
  return { stored: fresh, replayed: false };
}

/** Versions a need may have; beyond it a new need is clearer than another edit. */
export const MAX_VERSIONS = 100;

/** How often an edit that results overtake looks again before it gives up. */
const REVISE_TRIES = 10;

/** See `UseCases.reviseNeed`. */
export async function reviseNeed(
  deps: NeedDeps,
  caller: Caller,
  id: string,
  expectedVersion: number,
  need: Need,
): Promise<StoredNeed> {
  checkCounty(caller, need);
  checkAgainstReference(need, await deps.references.current());
  for (let tries = 0; tries < REVISE_TRIES; tries += 1) {
    const current = await visibleNeed(deps.needStore, caller, id);
    if (current.version !== expectedVersion) {
      throw new AppError('versionConflict', { params: { currentVersion: current.version } });
    }
    if (current.version >= MAX_VERSIONS) {
      throw new AppError('invalidInput', { issues: [{ field: 'version', code: 'tooMany', limit: MAX_VERSIONS }] });
    }
    const version = current.version + 1;
    const at = deps.clock.now();
    const next: StoredNeed = {
      ...current,
      version,
      need,
      history: [...current.history, { version, need, at }],
      updatedAt: at,
      matching: pendingAgain(current.matching),
    };
    const change = needChange(caller, next, current.need);
    const { outcome } = await deps.needStore.replace(next, expectedVersion, [change], current.matching);
    if (outcome === 'missing') throw new AppError('notFound', { params: { what: 'need' } });
    if (outcome === 'replaced') {
      deps.changes.changed('need', id);
      await askForMatching(deps, id, version);
      return next;
    }
  }
  throw new AppError('storeUnavailable');
}
