import type { Gate, MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import type { Park } from '../domain/park.js';
import type { IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';
import type { MatchOutcome, ResultOutline } from '../domain/rematch.js';
import { compileNeed, type TextNumbers } from './compile-need.js';
import { compileFrame, type Frame } from './frame.js';
import { type MatchOptions, prepareMatch } from './match.js';
import { firstRivals } from './rematch/first-count.js';
import { contendersOf, type EarlierCount, narrowedSmaa, problemRows } from './rematch/narrowed-smaa.js';
import type { KnownCount, NeedStanding } from './rematch/need-index.js';
import { outlineOf } from './rematch/outline.js';
import { quickOutline } from './rematch/quick-outline.js';
import { compileSnapshot, type Snapshot } from './snapshot.js';
import { createWorkspace, type Workspace } from './workspace.js';

/** Names what needs are matched against: a snapshot, and the part of it that changes only with edition, day and places. */
export interface FactsName {
  readonly snapshotId: string;
  readonly frameKey: string;
}

/** All that a snapshot is compiled from, as plain data that can be handed to a thread. */
export interface Facts {
  readonly reference: ReferenceData;
  readonly today: IsoDate;
  /** With what they can give: inventory less holds. */
  readonly parks: readonly Park[];
}

/** A snapshot as changes of earlier ones in the same frame. */
export interface FactsPatch {
  /** Each of these becomes the snapshot by taking over the parks. */
  readonly snapshotIds: readonly string[];
  readonly parks: readonly Park[];
}

/** One need to be matched. */
export interface BatchNeed {
  readonly needId: string;
  readonly version: number;
  readonly need: Need;
  readonly text: TextNumbers;
  /**
   * Key of the outcome that is stored: a result of the same outcome is not handed back. Null: none is known. `same`:
   * the stored result is of these very facts.
   */
  readonly known: string | null;
  /** What an earlier answer of the same version in the same frame tells; null without one. */
  readonly earlier: EarlierCount | null;
  /** What the index knows of its label at these facts; null without. */
  readonly count: KnownCount | null;
}

export interface Batch {
  /** `outline`: only what stands where, without the reasons. */
  readonly kind: 'whole' | 'outline';
  readonly facts: FactsName;
  /** How to get there from other facts; absent where they are too many. */
  readonly patch?: FactsPatch;
  readonly needs: readonly BatchNeed[];
  readonly generatedAt: string;
  readonly options: MatchOptions;
}

/** Stands for `BatchNeed.known` where the stored result is of the same facts. */
export const SAME_FACTS = 'same';

/** What came of one need. */
export interface BatchAnswer {
  readonly needId: string;
  /** Null where the need cannot be matched against these facts. */
  readonly matched: {
    readonly key: string;
    readonly standing: NeedStanding;
    /** See `EarlierCount`; null where not all weightings were counted. */
    readonly contenders: Int32Array | null;
  } | null;
  /** Null where the outcome is the known one. */
  readonly outline: ResultOutline | null;
  /** The same whole; null of outlines, too. */
  readonly result: MatchResult | null;
}

/** Two outcomes with the same key are the same, and the other way round. */
export function outcomeKey({ ranked, rankedTotal, excluded, excludedTotal, label }: MatchOutcome): string {
  const shown = ranked.map((park) => [park.parkId, park.rank, park.status === 'eligible' ? 1 : 0, ...park.open]);
  const out = excluded.map(({ parkId, failing }) => [parkId, ...failing]);
  return JSON.stringify([label, rankedTotal, excludedTotal, shown, out]);
}

/** The outcome a key was made of. @throws SyntaxError for what `outcomeKey` did not make. */
export function outcomeOfKey(key: string): MatchOutcome {
  type Shown = [string, number, 0 | 1, ...Gate[]];
  const [label, rankedTotal, excludedTotal, shown, out]: [
    MatchOutcome['label'],
    number,
    number,
    Shown[],
    [string, ...Gate[]][],
  ] = JSON.parse(key);
  return {
    label,
    rankedTotal,
    excludedTotal,
    ranked: shown.map(([parkId, rank, eligible, ...open]) => ({
      parkId,
      rank,
      status: eligible === 1 ? 'eligible' : 'conditional',
      open,
    })),
    excluded: out.map(([parkId, ...failing]) => ({ parkId, failing })),
  };
}

/** Matches batches of needs one after the other; keeps the last snapshots and its scratch. One for each thread. */
export interface BatchMatcher {
  /** Null where the facts are not known here and no way to them was given: ask again with `facts`. */
  match(batch: Batch, facts: Facts | null): readonly BatchAnswer[] | null;
}

interface Held {
  readonly name: FactsName;
  readonly frame: Frame;
  readonly snapshot: Snapshot;
}

function patched(snapshot: Snapshot, { parks }: FactsPatch, id: string): Snapshot {
  const changed = new Map(parks.map((park) => [park.id, park]));
  return compileSnapshot(
    snapshot.frame,
    snapshot.parks.map((park) => changed.get(park.id) ?? park),
    id,
    snapshot,
  );
}

const UNMATCHED = { matched: null, outline: null, result: null } as const;

/** What matching in full and in outline share. */
type How = Pick<Batch, 'kind' | 'generatedAt' | 'options'>;

function outlineFor(snapshot: Snapshot, one: BatchNeed, { generatedAt, options }: How, work: Workspace): BatchAnswer {
  const { needId, version, need, text, known, earlier, count } = one;
  const compiled = compileNeed(snapshot.frame, need, text);
  const hints = { known: count, able: firstRivals(earlier) };
  const stamp = { needId, version, generatedAt };
  const { outline, standing } = quickOutline(snapshot, compiled, stamp, work, options, hints);
  const key = outcomeKey(outline.outcome);
  const same = known === key || known === SAME_FACTS;
  return { needId, matched: { key, standing, contenders: null }, outline: same ? null : outline, result: null };
}

/** Matches one need of a batch against a snapshot. @param work scratch of the snapshot's size. */
export function matchForBatch(snapshot: Snapshot, one: BatchNeed, how: How, work: Workspace): BatchAnswer {
  const { needId, version, need, text, known, earlier } = one;
  if (!snapshot.frame.countyRow.has(need.firm.countyAdcode)) return { needId, ...UNMATCHED };
  if (how.kind === 'outline') return outlineFor(snapshot, one, how, work);
  const stamp = { needId, version, generatedAt: how.generatedAt };
  const prepared = prepareMatch(snapshot, need, text, stamp, work, how.options);
  const rows = problemRows(work);
  const counted = narrowedSmaa(prepared.problem, rows, earlier);
  const result = prepared.finish(counted);
  const outline = outlineOf(result);
  const key = outcomeKey(outline.outcome);
  const same = known === key || known === SAME_FACTS;
  return {
    needId,
    matched: { key, standing: prepared.standing(counted), contenders: contendersOf(counted, rows) },
    outline: same ? null : outline,
    result: same ? null : result,
  };
}

/** Snapshots kept: that of the newest facts, and one of which results are still made whole. */
const KEPT = 2;

export function createBatchMatcher(): BatchMatcher {
  /** The one used last stands first. */
  let kept: readonly Held[] = [];
  let work = createWorkspace(0);

  function take({ facts: name, patch }: Batch, facts: Facts | null): Held | null {
    const there = kept.find((one) => one.name.snapshotId === name.snapshotId);
    if (there !== undefined) return there;
    const near = kept.find((one) => one.name.frameKey === name.frameKey);
    const base = kept.find((one) => patch?.snapshotIds.includes(one.name.snapshotId) === true);
    if (base !== undefined && patch !== undefined && base.name.frameKey === name.frameKey) {
      return { name, frame: base.frame, snapshot: patched(base.snapshot, patch, name.snapshotId) };
    }
    if (facts === null) return null;
    const frame = near?.frame ?? compileFrame(facts.reference, facts.parks, facts.today);
    return { name, frame, snapshot: compileSnapshot(frame, facts.parks, name.snapshotId) };
  }

  return {
    match(batch, facts) {
      const held = take(batch, facts);
      if (held === null) return null;
      kept = [held, ...kept.filter((one) => one !== held)].slice(0, KEPT);
      const { snapshot } = held;
      if (work.size !== snapshot.size) work = createWorkspace(snapshot.size);
      return batch.needs.map((one) => {
        try {
          return matchForBatch(snapshot, one, batch, work);
        } catch {
          // One need must not keep the others of its batch, and later ones, from being matched.
          return { needId: one.needId, ...UNMATCHED };
        }
      });
    },
  };
}
