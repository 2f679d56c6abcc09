import { availableInventory } from '../capacity/available.js';
import type { Caller } from '../domain/access.js';
import { AppError, type FieldIssue } from '../domain/errors.js';
import { CRITERIA, type MatchResult } from '../domain/match.js';
import type { Need, StoredNeed } from '../domain/need.js';
import { mergeWeights } from '../domain/profile.js';
import type { Supposition } from '../domain/what-if.js';
import { differenceOf } from '../matching/difference.js';
import { prepareMatch } from '../matching/match.js';
import { compileSnapshot, type Snapshot } from '../matching/snapshot.js';
import { createWorkspace } from '../matching/workspace.js';
import type { Clock } from '../ports/clock.js';
import type { NeedStore } from '../ports/need-store.js';
import type { ResultStore } from '../ports/result-store.js';
import type { RobustnessRunner } from '../ports/robustness-runner.js';
import type { CurrentSnapshot, SnapshotSource } from './current-snapshot.js';
import { textNumbers } from './match-need.js';
import { checkAgainstReference, nearest } from './need-checks.js';
import type { OwnHolds } from './own-holds.js';
import type { Edition } from './reference-cache.js';
import { finishMatch, matchOptions } from './robustness.js';
import type { WhatIfView } from './use-cases.js';
import { visibleNeed } from './visible-need.js';

/** Ends the name of a snapshot whose facts were partly supposed: no store ever holds it. */
const SUPPOSED = '+whatIf';

export interface WhatIfDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly resultStore: Pick<ResultStore, 'get'>;
  readonly snapshots: SnapshotSource;
  readonly ownHolds: OwnHolds;
  readonly clock: Pick<Clock, 'now'>;
  readonly robustnessRunner?: RobustnessRunner;
  readonly staleAfterDays?: number;
}

/** The need with what is supposed of it. */
function supposedNeed(need: Need, { weights, need: requirements = {} }: Supposition): Need {
  const asked = Object.entries({ ...need, ...requirements }).filter(([, value]) => value !== null);
  const present = Object.fromEntries(asked) as unknown as Need;
  return weights === undefined ? present : { ...present, weights: { ...need.weights, ...weights } };
}

/**
 * Checks what only stored data can tell of a supposed need.
 * @throws AppError `invalidInput` with issues at their place in the supposition.
 */
function checkNeed(need: Need, edition: Edition, snapshot: Snapshot): void {
  try {
    checkAgainstReference(need, edition);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalidInput') throw error;
    throw new AppError('invalidInput', {
      issues: error.issues.map((issue) => ({ ...issue, field: `need.${issue.field}` })),
    });
  }
  const weights = mergeWeights(snapshot.frame.profile, need.weights);
  if (CRITERIA.every((criterion) => weights[criterion] === 0)) {
    throw new AppError('invalidInput', { issues: [{ field: 'weights', code: 'allWeightsZero' }] });
  }
}

/**
 * The snapshot with the supposed facts of parks. What is supposed is of the whole stock; what is held is taken off it.
 * @throws AppError `invalidInput` naming every park that is not there.
 */
function supposedSnapshot(
  { snapshot, stock, at }: CurrentSnapshot,
  parks: NonNullable<Supposition['parks']>,
): Snapshot {
  if (parks.length === 0) return snapshot;
  const ids = new Set(snapshot.frame.parkIds);
  const issues: FieldIssue[] = parks.flatMap(({ id }, index) =>
    ids.has(id) ? [] : [{ field: `parks[${index}].id`, code: 'unknownPark', value: id, mend: nearest(id, ids) }],
  );
  if (issues.length > 0) throw new AppError('invalidInput', { issues });
  const edits = new Map(parks.map(({ id, edit }) => [id, edit]));
  const whole = new Map(stock.map((park) => [park.id, park]));
  const edited = snapshot.parks.map((park) => {
    const edit = edits.get(park.id);
    if (edit === undefined) return park;
    const inventory = edit((whole.get(park.id) ?? park).inventory);
    return { ...park, inventory: availableInventory({ inventory, capacity: park.capacity }, at) };
  });
  return compileSnapshot(snapshot.frame, edited, `${snapshot.id}${SUPPOSED}`);
}

/** See `UseCases.whatIf`. Reads the stores and writes nothing. */
export async function whatIf(
  deps: WhatIfDeps,
  caller: Caller,
  id: string,
  supposition: Supposition,
  signal?: AbortSignal,
): Promise<WhatIfView> {
  const stored = await visibleNeed(deps.needStore, caller, id);
  const current = await deps.ownHolds.viewFor(await deps.snapshots.current(), id);
  const need = supposedNeed(stored.need, supposition);
  checkNeed(need, current.edition, current.snapshot);
  const snapshot = supposedSnapshot(current, supposition.parks ?? []);
  const before = await storedResult(deps, stored, current, signal);
  const { needId, version, ...rest } = await match(deps, stored, need, { ...current, snapshot }, signal);
  const after: MatchResult = { needId, version, ...rest };
  return {
    stored: { resultId: before.resultId, version: stored.version, snapshot: before.result.snapshot },
    result: { needId, version, status: 'ready', ...rest },
    difference: differenceOf(before.result, after),
  };
}

/** The result staff see; where there is none yet, what matching would give now. */
async function storedResult(
  deps: WhatIfDeps,
  stored: StoredNeed,
  current: CurrentSnapshot,
  signal: AbortSignal | undefined,
): Promise<{ readonly resultId: string | null; readonly result: MatchResult }> {
  const { resultId } = stored.matching;
  const result = resultId === null ? null : await deps.resultStore.get(resultId);
  if (result !== null) return { resultId, result };
  return { resultId: null, result: await match(deps, stored, stored.need, current, signal) };
}

function match(
  deps: WhatIfDeps,
  stored: StoredNeed,
  need: Need,
  { snapshot, edition }: CurrentSnapshot,
  signal: AbortSignal | undefined,
): Promise<MatchResult> {
  signal?.throwIfAborted();
  const prepared = prepareMatch(
    snapshot,
    need,
    textNumbers(snapshot.frame, edition.text(), need),
    { needId: stored.id, version: stored.version, generatedAt: deps.clock.now() },
    createWorkspace(snapshot.size),
    matchOptions(deps.staleAfterDays),
  );
  return finishMatch(prepared, deps.robustnessRunner, signal);
}
