import type { MatchResult } from '../domain/match.js';
import type { Need } from '../domain/need.js';
import type { Park } from '../domain/park.js';
import type { IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';
import type { MatchOutcome } from '../domain/rematch.js';
import type { TextNumbers } from './compile-need.js';
import { compileFrame, type Frame } from './frame.js';
import { type MatchOptions, prepareMatch } from './match.js';
import { contendersOf, type EarlierCount, narrowedSmaa, problemRows } from './rematch/narrowed-smaa.js';
import type { NeedStanding } from './rematch/need-index.js';
import { outcomeOf } from './rematch/outcome.js';
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

/** A snapshot as changes of another one in the same frame. */
export interface FactsPatch {
  readonly snapshotId: string;
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
}

export interface Batch {
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
    /** See `EarlierCount`. */
    readonly contenders: Int32Array;
  } | null;
  /** Null where the outcome is the known one. */
  readonly result: MatchResult | null;
}

/** Two outcomes with the same key are the same, and the other way round. */
export function outcomeKey({ ranked, rankedTotal, excluded, excludedTotal, label }: MatchOutcome): string {
  const shown = ranked.map((park) => [park.parkId, park.rank, park.status === 'eligible' ? 1 : 0, ...park.open]);
  const out = excluded.map(({ parkId, failing }) => [parkId, ...failing]);
  return JSON.stringify([label, rankedTotal, excludedTotal, shown, out]);
}

/** Matches batches of needs one after the other; keeps the newest snapshot and its scratch. One for each thread. */
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
  );
}

/** Matches one need of a batch against a snapshot. @param work scratch of the snapshot's size. */
export function matchForBatch(
  snapshot: Snapshot,
  one: BatchNeed,
  batch: Pick<Batch, 'generatedAt' | 'options'>,
  work: Workspace,
): BatchAnswer {
  const { needId, version, need, text, known, earlier } = one;
  if (!snapshot.frame.countyRow.has(need.firm.countyAdcode)) return { needId, matched: null, result: null };
  const stamp = { needId, version, generatedAt: batch.generatedAt };
  const prepared = prepareMatch(snapshot, need, text, stamp, work, batch.options);
  const rows = problemRows(work);
  const counted = narrowedSmaa(prepared.problem, rows, earlier);
  const result = prepared.finish(counted);
  const key = outcomeKey(outcomeOf(result));
  const same = known === key || known === SAME_FACTS;
  return {
    needId,
    matched: { key, standing: prepared.standing(counted), contenders: contendersOf(counted, rows) },
    result: same ? null : result,
  };
}

export function createBatchMatcher(): BatchMatcher {
  let held: Held | null = null;
  let work = createWorkspace(0);

  function take({ facts: name, patch }: Batch, facts: Facts | null): Held | null {
    if (held?.name.snapshotId === name.snapshotId) return held;
    const sameFrame = held?.name.frameKey === name.frameKey;
    if (held !== null && sameFrame && patch !== undefined && held.name.snapshotId === patch.snapshotId) {
      return { name, frame: held.frame, snapshot: patched(held.snapshot, patch, name.snapshotId) };
    }
    if (facts === null) return null;
    const frame = held !== null && sameFrame ? held.frame : compileFrame(facts.reference, facts.parks, facts.today);
    return { name, frame, snapshot: compileSnapshot(frame, facts.parks, name.snapshotId) };
  }

  return {
    match(batch, facts) {
      held = take(batch, facts) ?? held;
      if (held === null || held.name.snapshotId !== batch.facts.snapshotId) return null;
      const { snapshot } = held;
      if (work.size !== snapshot.size) work = createWorkspace(snapshot.size);
      return batch.needs.map((one) => {
        try {
          return matchForBatch(snapshot, one, batch, work);
        } catch {
          // One need must not keep the others of its batch, and later ones, from being matched.
          return { needId: one.needId, matched: null, result: null };
        }
      });
    },
  };
}
