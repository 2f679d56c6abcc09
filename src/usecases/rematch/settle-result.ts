import { SYSTEM_CALLER } from '../../domain/access.js';
import type { Change } from '../../domain/change.js';
import { AppError } from '../../domain/errors.js';
import type { MatchResult } from '../../domain/match.js';
import type { StoredNeed } from '../../domain/need.js';
import { outcomeText } from '../../domain/outcome-text.js';
import type { Announced, FactChange, HistoryEntry, ResultOutline } from '../../domain/rematch.js';
import type { Announcement } from '../../matching/rematch/announcement.js';
import { type MadeResult, madeOfOutline, madeResult } from '../../matching/rematch/made-result.js';
import { outlineOf } from '../../matching/rematch/outline.js';
import type { Clock } from '../../ports/clock.js';
import type { HistoryStep, HistoryStore } from '../../ports/history-store.js';
import type { ResultSignal } from '../../ports/match-queue.js';
import type { NeedStore, ReadyNeed } from '../../ports/need-store.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import { joinOutline } from '../../ports/outline-text.js';
import { type PackedResult, type ResultStore, resultIdOf } from '../../ports/result-store.js';
import { changeBy } from '../leads/lead-changes.js';

/** Changes of facts an entry of the history names. */
export const CHANGES_KEPT = 20;
/** How often somebody else's step may come in between before a need counts as moving too fast. */
const TRIES = 5;

export interface SettleDeps {
  readonly needStore: Pick<NeedStore, 'settle' | 'settleMany'>;
  readonly resultStore: Pick<ResultStore, 'put' | 'putPacked' | 'putPackedMany' | 'get'>;
  readonly historyStore: Pick<HistoryStore, 'append' | 'appendMany' | 'last' | 'outline'>;
  readonly resultSignal: Pick<ResultSignal, 'announce'>;
  readonly changes: ChangeSignal;
  readonly clock: Pick<Clock, 'now'>;
}

/** What settling reads of a need. */
export type SettledNeed = Pick<StoredNeed, 'id' | 'version' | 'need' | 'matching'>;

export interface SettleInput {
  /** The need as it was read before it was matched. */
  readonly stored: SettledNeed;
  /**
   * `outcomeText` of the result the need points at, or, for a new version, pointed at before; null where there is none,
   * or it is not known.
   */
  readonly previous: string | null;
  /** What was made, with its news measured by `previous`, what the need says was announced, and the margin. */
  readonly made: MadeResult;
  /** The result whole; null where only its outline is made yet. */
  readonly whole: MatchResult | PackedResult | null;
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

/** What came of settling, and where the need stands then; null where it has to be read. */
export interface Settled {
  readonly settlement: Settlement;
  readonly matching: StoredNeed['matching'] | null;
}

/** What is to be told; `announced` null while nothing ever was. */
type Told = Pick<Announcement, 'event'> & { readonly announced: Announced | null };

function toldOf({ stored, made, quiet = false }: SettleInput): Told {
  return quiet ? { event: null, announced: stored.matching.announced } : made.news.announcement;
}

/** The result a need points at or, for a new version, pointed at before. */
function standsAt({ matching }: SettledNeed): string | null {
  return matching.resultId ?? matching.previousResultId;
}

/** What subscribers learn: ids, ranks, scores and codes. `before` is what they were told last. */
function eventChange({ stored, made }: SettleInput, event: NonNullable<Told['event']>, at: string): Change {
  const { id, version, need, matching } = stored;
  const { shown, rankedTotal, label } = made.news;
  const sequence = matching.sequence + 1;
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
      resultId: resultIdOf(made.name),
      sequence,
      firstParkId: shown[0]?.parkId ?? null,
      parkIds: shown.map(({ parkId }) => parkId),
      ranks: shown.map(({ rank }) => rank),
      scores: shown.map(({ score }) => score),
      statuses: shown.map(({ status }) => status),
      rankedTotal,
      label,
    },
  });
  // The need's own changes are numbered by its versions.
  return { ...change, id: `${id}.m${sequence}` };
}

/** The step as the history keeps it, but for its position. */
function stepFor({ stored, made, whole, changes }: SettleInput, event: Told['event'], at: string) {
  return {
    needId: stored.id,
    at,
    needVersion: stored.version,
    changes: changes.slice(0, CHANGES_KEPT),
    changesTotal: changes.length,
    fromResultId: standsAt(stored),
    toResultId: resultIdOf(made.name),
    difference: made.news.difference,
    announced: event,
    outline: whole === null ? joinOutline(made.name, made.scores, made.outcome) : null,
  } satisfies Omit<HistoryStep, 'position'>;
}

/** Where a step stands in the history: at a position, or behind another's that must be finished first. */
type Written = { readonly position: number } | { readonly other: HistoryEntry };

/**
 * Writes the step behind the need's last one. The history decides where two take a step from the same result, or one
 * ended before the need was told.
 * @throws AppError `storeUnavailable` where others write faster all the time.
 */
async function writeStep(
  { historyStore }: Pick<SettleDeps, 'historyStore'>,
  step: Omit<HistoryStep, 'position'>,
): Promise<Written> {
  const { needId, fromResultId, toResultId, needVersion } = step;
  let last = fromResultId === null ? null : await historyStore.last(needId);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (last !== null && last.fromResultId === fromResultId && last.needVersion === needVersion) {
      return last.toResultId === toResultId ? { position: last.position } : { other: last };
    }
    const position = (last?.position ?? 0) + 1;
    if (await historyStore.append({ ...step, position })) return { position };
    last = await historyStore.last(needId);
  }
  throw new AppError('storeUnavailable');
}

/** Where the need is to point, with what is told of it. */
function readyNeed(input: SettleInput, told: Told, at: string, steps: number): ReadyNeed {
  const { stored, made } = input;
  const changes = told.event === null ? [] : [eventChange(input, told.event, at)];
  return {
    status: 'ready',
    at,
    resultId: resultIdOf(made.name),
    from: stored.matching.resultId,
    announced: told.announced,
    sequence: stored.matching.sequence + changes.length,
    steps,
    changes,
  };
}

/** The need's matching once it points there, as the store has it. */
function matchingAfter(stored: SettledNeed, ready: ReadyNeed): StoredNeed['matching'] {
  const { status, resultId, announced, sequence, steps } = ready;
  const kept = { failure: null, previousResultId: standsAt(stored), announced, sequence };
  return { status, resultId, ...kept, ...(steps === undefined ? {} : { steps }) };
}

async function tell(deps: SettleDeps, { id, version, matching }: SettledNeed, ready: ReadyNeed): Promise<void> {
  if (ready.changes.length > 0) deps.changes.changed('need', id);
  // Readers wait while a need is pending; nobody waits for one that is ready.
  if (matching.status !== 'ready') await deps.resultSignal.announce(id, version);
}

/** Points the need at the result and tells waiting readers. */
async function pointAt(deps: SettleDeps, { stored }: SettleInput, ready: ReadyNeed): Promise<boolean> {
  if (!(await deps.needStore.settle(stored.id, stored.version, ready))) return false;
  await tell(deps, stored, ready);
  return true;
}

/** The outline of a stored result, whole or not; null where there is none. */
export async function readOutline(
  {
    historyStore,
    resultStore,
  }: {
    readonly historyStore: Pick<HistoryStore, 'outline'>;
    readonly resultStore: Pick<ResultStore, 'get'>;
  },
  id: string,
): Promise<ResultOutline | null> {
  return (await historyStore.outline(id)) ?? readWholeOutline({ resultStore }, id);
}

/** The outline of a result that is stored whole; null where it is not. */
export async function readWholeOutline(
  { resultStore }: { readonly resultStore: Pick<ResultStore, 'get'> },
  id: string,
): Promise<ResultOutline | null> {
  const whole = await resultStore.get(id);
  return whole === null ? null : outlineOf(whole);
}

const isPacked = (whole: MatchResult | PackedResult): whole is PackedResult => 'body' in whole;

/** Stores the result if it is whole; its outline goes with the step. */
async function putWhole({ resultStore }: SettleDeps, { whole }: SettleInput): Promise<void> {
  if (whole === null) return;
  if (isPacked(whole)) await resultStore.putPacked(whole);
  else await resultStore.put(whole);
}

/** `putWhole` of many: those that were packed elsewhere together. */
async function putAllWhole({ resultStore }: SettleDeps, inputs: readonly SettleInput[]): Promise<void> {
  const wholes = inputs.map(({ whole }) => whole).filter((whole) => whole !== null);
  const packed = wholes.filter(isPacked);
  const others = wholes.filter((whole): whole is MatchResult => !isPacked(whole));
  await Promise.all([
    ...(packed.length > 0 ? [resultStore.putPackedMany(packed)] : []),
    ...others.map((whole) => resultStore.put(whole)),
  ]);
}

/** True where nothing is to be stored: the need points there already, or the advice is the same. */
function isSame({ stored, previous, made }: SettleInput): boolean {
  const { resultId } = stored.matching;
  if (resultId === resultIdOf(made.name)) return true;
  return resultId !== null && previous === made.outcome;
}

/** The step somebody wrote to another result and did not finish, to be finished. */
function unfinishedStep(step: SettleInput, theirs: ResultOutline, { announced: event }: HistoryEntry): SettleInput {
  const { stored, previous, marginPoints } = step;
  const { announced } = stored.matching;
  const made = madeOfOutline(theirs, outcomeText(theirs.outcome), { previous, announced, marginPoints });
  return { ...step, made, quiet: event === null };
}

/** The same result where the need has moved on to another meanwhile: its news are others. */
function stepFrom(step: SettleInput, stored: SettledNeed, previous: string): SettleInput {
  const { made, marginPoints } = step;
  const { announced } = stored.matching;
  return { ...step, stored, previous, made: madeResult(made, { previous, announced, marginPoints }) };
}

/**
 * Stores what matching a need gave, and tells of it: first the result if it is whole, then the step in the need's
 * history, with the outline if it is not, then the need with what is announced. Each is keyed, so that after a crash anywhere the whole is done again and leaves no more
 * than one of each; a step that was written and not finished is finished by whoever comes next. The first result of a
 * version is always stored; a later one only if it gives other advice.
 * @throws AppError `storeUnavailable`.
 */
export async function settleResult(deps: SettleDeps, input: SettleInput): Promise<Settled> {
  let step = input;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { stored } = step;
    if (isSame(step)) return { settlement: 'same', matching: stored.matching };
    await putWhole(deps, step);
    const at = deps.clock.now();
    const told = toldOf(step);
    const written = await writeStep(deps, stepFor(step, told.event, at));
    if ('position' in written) {
      const ready = readyNeed(step, told, at, written.position);
      const pointed = await pointAt(deps, step, ready);
      return pointed
        ? { settlement: 'settled', matching: matchingAfter(stored, ready) }
        : { settlement: 'superseded', matching: null };
    }
    const { other } = written;
    const theirs = await readOutline(deps, other.toResultId);
    if (theirs === null) throw new AppError('internal', { params: { what: 'result' } });
    const unfinished = unfinishedStep(step, theirs, other);
    const ready = readyNeed(unfinished, toldOf(unfinished), at, other.position);
    if (!(await pointAt(deps, unfinished, ready))) return { settlement: 'superseded', matching: null };
    const matching = matchingAfter(stored, ready);
    if (theirs.generatedAt >= input.made.name.generatedAt) return { settlement: 'superseded', matching };
    step = stepFrom(step, { ...stored, matching }, unfinished.made.outcome);
  }
  throw new AppError('storeUnavailable');
}

/** One of many that are settled together, on its way. */
interface OnItsWay {
  readonly input: SettleInput;
  readonly step: HistoryStep;
  readonly ready: ReadyNeed;
}

function onItsWay(input: SettleInput, at: string): OnItsWay | null {
  const { steps } = input.stored.matching;
  if (steps === undefined) return null;
  const told = toldOf(input);
  const position = steps + 1;
  return { input, step: { ...stepFor(input, told.event, at), position }, ready: readyNeed(input, told, at, position) };
}

/**
 * `settleResult` of many needs, each on its own: as a rule with one round trip for their whole results, one for all their steps and one for the needs. Those that meet another's step, or whose steps nobody has counted, go one by one.
 * @returns what came of each, in their order.
 * @throws AppError `storeUnavailable`; done again, the same comes of it.
 */
export async function settleTogether(deps: SettleDeps, inputs: readonly SettleInput[]): Promise<readonly Settled[]> {
  const at = deps.clock.now();
  const ways = inputs.map((input) => (isSame(input) ? null : onItsWay(input, at)));
  const together = ways.filter((way) => way !== null);
  await putAllWhole(
    deps,
    together.map(({ input }) => input),
  );
  const stands = await deps.historyStore.appendMany(together.map(({ step }) => step));
  const next = together.filter((_way, place) => stands[place] === true);
  const moves = next.map(({ input: { stored }, ready }) => ({ ...pick(stored), outcome: ready }));
  const pointed = await deps.needStore.settleMany(moves);
  const done = new Set(next.filter((_way, place) => pointed[place] === true));
  await Promise.all([...done].map(({ input, ready }) => tell(deps, input.stored, ready)));
  const elsewhere = new Set(next.filter((way) => !done.has(way)));
  const settled: Settled[] = [];
  for (const [place, input] of inputs.entries()) {
    const way = ways[place] ?? null;
    if (way !== null && done.has(way)) {
      settled.push({ settlement: 'settled', matching: matchingAfter(input.stored, way.ready) });
    } else if (way !== null && elsewhere.has(way)) {
      settled.push({ settlement: 'superseded', matching: null });
    } else {
      settled.push(await settleResult(deps, input));
    }
  }
  return settled;
}

const pick = ({ id, version }: SettledNeed) => ({ id, version });
