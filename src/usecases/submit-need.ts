import { AppError } from '../domain/errors.js';
import type { Need, StoredNeed } from '../domain/need.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Log } from '../ports/log.js';
import type { MatchQueue } from '../ports/match-queue.js';
import type { NeedStore } from '../ports/need-store.js';
import { checkAgainstReference } from './need-checks.js';
import type { ReferenceCache } from './reference-cache.js';

export interface NeedDeps {
  readonly needStore: NeedStore;
  readonly matchQueue: MatchQueue;
  readonly references: ReferenceCache;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

const PENDING = { status: 'pending', resultId: null, failure: null } as const;

/** JSON with sorted keys: equal content gives equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The need as the first answer showed it, whatever became of it since. */
function firstAnswer(stored: StoredNeed): StoredNeed {
  const first = stored.history[0];
  if (first === undefined || stored.version === 1) return stored;
  return { ...stored, version: 1, need: first.need, updatedAt: first.at, history: [first], matching: PENDING };
}

async function askForMatching(deps: NeedDeps, needId: string, version: number): Promise<void> {
  const queued = await deps.matchQueue.enqueue({ needId, version });
  // The need is pending in the store: a worker's sweep leaves the job when the queue is back.
  if (!queued) deps.log.warn({ needId, version }, 'queue away, need left to the sweep');
}

/** See `UseCases.submitNeed`. */
export async function submitNeed(
  deps: NeedDeps,
  need: Need,
  idempotencyKey: string | null,
): Promise<{ readonly stored: StoredNeed; readonly replayed: boolean }> {
  const bodyDigest = idempotencyKey === null ? null : deps.ids.digest(canonicalJson(need));
  try {
    checkAgainstReference(need, await deps.references.current());
  } catch (error) {
    // An answer once given is given again, even if a newer edition no longer knows a code.
    const known = idempotencyKey === null ? null : await deps.needStore.get(deps.ids.needIdFor(idempotencyKey));
    if (known !== null && known.firstBodyDigest === bodyDigest) return { stored: firstAnswer(known), replayed: true };
    throw error;
  }
  const at = deps.clock.now();
  const fresh: StoredNeed = {
    id: idempotencyKey === null ? deps.ids.newNeedId() : deps.ids.needIdFor(idempotencyKey),
    version: 1,
    need,
    history: [{ version: 1, need, at }],
    createdAt: at,
    updatedAt: at,
    matching: PENDING,
    firstBodyDigest: bodyDigest,
  };
  const outcome = await deps.needStore.insert(fresh);
  if (!outcome.inserted) {
    if (outcome.existing.firstBodyDigest !== bodyDigest) throw new AppError('idempotencyConflict');
    return { stored: firstAnswer(outcome.existing), replayed: true };
  }
  await askForMatching(deps, fresh.id, 1);
  return { stored: fresh, replayed: false };
}

/** Versions a need may have; beyond it a new need is clearer than another edit. */
export const MAX_VERSIONS = 100;

/** See `UseCases.reviseNeed`. */
export async function reviseNeed(deps: NeedDeps, id: string, expectedVersion: number, need: Need): Promise<StoredNeed> {
  checkAgainstReference(need, await deps.references.current());
  const current = await deps.needStore.get(id);
  if (current === null) throw new AppError('notFound', { params: { what: 'need' } });
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
    matching: PENDING,
  };
  const outcome = await deps.needStore.replace(next, expectedVersion);
  if (outcome.outcome === 'missing') throw new AppError('notFound', { params: { what: 'need' } });
  if (outcome.outcome === 'stale') {
    throw new AppError('versionConflict', { params: { currentVersion: outcome.currentVersion } });
  }
  await askForMatching(deps, id, version);
  return next;
}
