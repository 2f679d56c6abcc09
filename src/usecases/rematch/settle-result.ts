import { SYSTEM_CALLER } from '../../domain/access.js';
import type { Change } from '../../domain/change.js';
import { AppError } from '../../domain/errors.js';
import type { MatchResult } from '../../domain/match.js';
import type { StoredNeed } from '../../domain/need.js';
import { marginPointsOf, profileName } from '../../domain/profile.js';
import type { Announced, FactChange, HistoryEntry } from '../../domain/rematch.js';
import { type Announcement, announcementOf } from '../../matching/rematch/announcement.js';
import { outcomeDifference, outcomeOf, sameOutcome } from '../../matching/rematch/outcome.js';
import type { Clock } from '../../ports/clock.js';
import type { HistoryStore } from '../../ports/history-store.js';
import type { ResultSignal } from '../../ports/match-queue.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import { type ResultStore, resultIdOf } from '../../ports/result-store.js';
import { changeBy } from '../leads/lead-changes.js';
import type { ReferenceCache } from '../reference-cache.js';

/** Changes of facts an entry of the history names. */
export const CHANGES_KEPT = 20;
/** Parks a change names, best first. */
const PARKS_TOLD = 3;
/** How often somebody else's step may come in between before a need counts as moving too fast. */
const TRIES = 5;

export interface SettleDeps {
  readonly needStore: Pick<NeedStore, 'settle'>;
  readonly resultStore: Pick<ResultStore, 'put' | 'get'>;
  readonly historyStore: Pick<HistoryStore, 'append' | 'last'>;
  readonly resultSignal: Pick<ResultSignal, 'announce'>;
  readonly changes: ChangeSignal;
  readonly clock: Pick<Clock, 'now'>;
}

export interface SettleInput {
  /** The need as it was read before it was matched. */
  readonly stored: StoredNeed;
  /** The result the need points at, or, for a new version, pointed at before; null where there is none. */
  readonly previous: MatchResult | null;
  readonly result: MatchResult;
  /** Why it was matched again; all of them, the history keeps the first. */
  readonly changes: readonly FactChange[];
  /** Of the profile the result was made with; see `marginPointsOf`. */
  readonly marginPoints: number;
  /** Raises no event; what was announced stays as it was. */
  readonly quiet?: boolean;
}

/**
 * `settled`: the need points at the result. `same`: the result gives the same advice as the one before; nothing was
 * stored. `superseded`: the need stands elsewhere by now; read it again.
 */
export type Settlement = 'settled' | 'same' | 'superseded';

/** What is to be told; `announced` null while nothing ever was. */
type Told = Pick<Announcement, 'event'> & { readonly announced: Announced | null };

function toldOf({ stored, result, marginPoints, quiet = false }: SettleInput): Told {
  const { announced } = stored.matching;
  return quiet ? { event: null, announced } : announcementOf(announced, result, marginPoints);
}

/** The result a need points at or, for a new version, pointed at before. */
function standsAt({ matching }: StoredNeed): string | null {
  return matching.resultId ?? matching.previousResultId;
}

/** What subscribers learn: ids, ranks, scores and codes. `before` is what they were told last. */
function eventChange(input: SettleInput, event: NonNullable<Told['event']>, at: string): Change {
  const { stored, result } = input;
  const { id, version, need, matching } = stored;
  const sequence = matching.sequence + 1;
  const shown = result.ranked.slice(0, PARKS_TOLD);
  const { announced } = matching;
  const change = changeBy(SYSTEM_CALLER, {
    type: event,
    at,
    object: { kind: 'need', id, version },
    chains: [need.firm.countyAdcode],
    scheme: null,
    before: {
      resultId: standsAt(stored),
      firstParkId: announced?.parkId ?? null,
      firstScore: announced?.score ?? null,
    },
    after: {
      resultId: resultIdOf(result),
      sequence,
      firstParkId: shown[0]?.park.id ?? null,
      parkIds: shown.map(({ park }) => park.id),
      ranks: shown.map(({ rank }) => rank),
      scores: shown.map(({ score }) => score),
      statuses: shown.map(({ status }) => status),
      rankedTotal: result.rankedTotal,
      label: result.robustness.label,
    },
  });
  // The need's own changes are numbered by its versions.
  return { ...change, id: `${id}.m${sequence}` };
}

/** The step as the history tells it, but for its position. */
function entryOf(input: SettleInput, event: Told['event'], at: string): Omit<HistoryEntry, 'position'> {
  const { stored, previous, result, changes } = input;
  return {
    needId: stored.id,
    at,
    needVersion: stored.version,
    changes: changes.slice(0, CHANGES_KEPT),
    changesTotal: changes.length,
    fromResultId: standsAt(stored),
    toResultId: resultIdOf(result),
    // Of the first result everything would be new.
    difference: previous === null ? null : outcomeDifference(outcomeOf(previous), outcomeOf(result)),
    announced: event,
  };
}

/**
 * Writes the step behind the need's last one. The history decides where two take a step from the same result, or one
 * ended before the need was told: gives the other's step, which must be finished first; null where ours stands.
 * @throws AppError `storeUnavailable` where others write faster all the time.
 */
async function writeStep(
  { historyStore }: Pick<SettleDeps, 'historyStore'>,
  step: Omit<HistoryEntry, 'position'>,
): Promise<HistoryEntry | null> {
  const { needId, fromResultId, toResultId, needVersion } = step;
  let last = fromResultId === null ? null : await historyStore.last(needId);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (last !== null && last.fromResultId === fromResultId && last.needVersion === needVersion) {
      return last.toResultId === toResultId ? null : last;
    }
    if (await historyStore.append({ ...step, position: (last?.position ?? 0) + 1 })) return null;
    last = await historyStore.last(needId);
  }
  throw new AppError('storeUnavailable');
}

/** Points the need at the result, with what is told of it, and tells waiting readers. */
async function pointAt(deps: SettleDeps, input: SettleInput, told: Told, at: string): Promise<boolean> {
  const { id, version, matching } = input.stored;
  const changes = told.event === null ? [] : [eventChange(input, told.event, at)];
  const settled = await deps.needStore.settle(id, version, {
    status: 'ready',
    at,
    resultId: resultIdOf(input.result),
    from: matching.resultId,
    announced: told.announced,
    sequence: matching.sequence + changes.length,
    changes,
  });
  if (!settled) return false;
  if (changes.length > 0) deps.changes.changed('need', id);
  await deps.resultSignal.announce(id, version);
  return true;
}

/** The need once it points at a result, as the store has it. */
function pointedAt({ stored, result }: SettleInput, { event, announced }: Told): StoredNeed {
  const sequence = stored.matching.sequence + (event === null ? 0 : 1);
  const previousResultId = standsAt(stored);
  const matching = { status: 'ready', resultId: resultIdOf(result), failure: null, previousResultId } as const;
  return { ...stored, matching: { ...matching, announced, sequence } };
}

/**
 * Stores what matching a need gave, and tells of it: first the result, then the step in the need's history, then the
 * need with what is announced. Each is keyed, so that after a crash anywhere the whole is done again and leaves no more
 * than one of each; a step that was written and not finished is finished by whoever comes next. The first result of a
 * version is always stored; a later one only if it gives other advice.
 * @throws AppError `storeUnavailable`.
 */
export async function settleResult(deps: SettleDeps, input: SettleInput): Promise<Settlement> {
  const { result } = input;
  let step = input;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { stored, previous } = step;
    const { resultId } = stored.matching;
    if (resultId === resultIdOf(result)) return 'same';
    if (resultId !== null && previous !== null && sameOutcome(outcomeOf(previous), outcomeOf(result))) return 'same';
    await deps.resultStore.put(result);
    const at = deps.clock.now();
    const told = toldOf(step);
    const other = await writeStep(deps, entryOf(step, told.event, at));
    if (other === null) return (await pointAt(deps, step, told, at)) ? 'settled' : 'superseded';

    const theirs = await deps.resultStore.get(other.toResultId);
    if (theirs === null) throw new AppError('internal', { params: { what: 'result' } });
    const unfinished: SettleInput = { ...step, result: theirs, quiet: other.announced === null };
    const tellsOther = toldOf(unfinished);
    if (!(await pointAt(deps, unfinished, tellsOther, at))) return 'superseded';
    if (theirs.generatedAt >= result.generatedAt) return 'superseded';
    step = { ...step, stored: pointedAt(unfinished, tellsOther), previous: theirs };
  }
  throw new AppError('storeUnavailable');
}

/**
 * Settles results of rematching: reads the result before, and the margin of the profile.
 * @returns a function that is true where the need points at the result, or at one that gives the same advice; false
 *   where it stands elsewhere by now.
 */
export function createResettle(
  deps: SettleDeps & { readonly references: ReferenceCache },
): (stored: StoredNeed, result: MatchResult, changes: readonly FactChange[]) => Promise<boolean> {
  return async (stored, result, changes) => {
    const { resultId } = stored.matching;
    const [previous, { data }] = await Promise.all([
      resultId === null ? null : deps.resultStore.get(resultId),
      deps.references.current(),
    ]);
    const [named = ''] = result.profile.split('+');
    const profile = data.profiles.find((one) => profileName(one, false) === named);
    const marginPoints = marginPointsOf(profile ?? {});
    return (await settleResult(deps, { stored, previous, result, changes, marginPoints })) !== 'superseded';
  };
}
