import type { MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import { outcomeText } from '../domain/outcome-text.js';
import type { Park } from '../domain/park.js';
import { marginPointsOf } from '../domain/profile.js';
import type { IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';
import type { Announced } from '../domain/rematch.js';
import { compileNeed, type TextNumbers } from './compile-need.js';
import { compileFrame, type Frame } from './frame.js';
import { type MatchOptions, prepareMatch } from './match.js';
import { firstRivals } from './rematch/first-count.js';
import { type Before, type MadeResult, madeOfOutline, madeResult } from './rematch/made-result.js';
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
   * `outcomeText` of the result that is stored: one of the same outcome is not handed back. Null: none is known. `same`:
   * the stored result is of these very facts.
   */
  readonly known: string | null;
  /** What subscribers were told last. */
  readonly announced: Announced | null;
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
    /** `outcomeText`. */
    readonly outcome: string;
    readonly standing: NeedStanding;
    /** See `EarlierCount`; null where not all weightings were counted. */
    readonly contenders: Int32Array | null;
  } | null;
  /** Null where the outcome is the known one. */
  readonly made: MadeResult | null;
  /** The same whole; null of outlines, too. */
  readonly result: MatchResult | null;
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

const UNMATCHED = { matched: null, made: null, result: null } as const;

/** What matching in full and in outline share. */
type How = Pick<Batch, 'kind' | 'generatedAt' | 'options'>;

function isKnown({ known }: BatchNeed, outcome: string): boolean {
  return known === SAME_FACTS || known === outcome;
}

function beforeOf({ frame }: Snapshot, { known: previous, announced }: BatchNeed): Before {
  return { previous, announced, marginPoints: marginPointsOf(frame.profile) };
}

function outlineFor(snapshot: Snapshot, one: BatchNeed, { generatedAt, options }: How, work: Workspace): BatchAnswer {
  const { needId, version, need, text, earlier, count } = one;
  const compiled = compileNeed(snapshot.frame, need, text);
  const hints = { known: count, able: firstRivals(earlier) };
  const stamp = { needId, version, generatedAt };
  const { standing, ...quick } = quickOutline(snapshot, compiled, stamp, work, options, hints);
  const { outcome } = quick;
  const made = isKnown(one, outcome) ? null : madeResult(quick, beforeOf(snapshot, one));
  return { needId, matched: { outcome, standing, contenders: null }, made, result: null };
}

/** Matches one need of a batch against a snapshot. @param work scratch of the snapshot's size. */
export function matchForBatch(snapshot: Snapshot, one: BatchNeed, how: How, work: Workspace): BatchAnswer {
  const { needId, version, need, text, earlier } = one;
  if (!snapshot.frame.countyRow.has(need.firm.countyAdcode)) return { needId, ...UNMATCHED };
  if (how.kind === 'outline') return outlineFor(snapshot, one, how, work);
  const stamp = { needId, version, generatedAt: how.generatedAt };
  const prepared = prepareMatch(snapshot, need, text, stamp, work, how.options);
  const rows = problemRows(work);
  const counted = narrowedSmaa(prepared.problem, rows, earlier);
  const result = prepared.finish(counted);
  const outline = outlineOf(result);
  const outcome = outcomeText(outline.outcome);
  const same = isKnown(one, outcome);
  return {
    needId,
    matched: { outcome, standing: prepared.standing(counted), contenders: contendersOf(counted, rows) },
    made: same ? null : madeOfOutline(outline, outcome, beforeOf(snapshot, one)),
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
