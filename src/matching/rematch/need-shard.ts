import type { Park } from '../../domain/park.js';
import { compileNeed } from '../compile-need.js';
import {
  type Batch,
  type BatchAnswer,
  type BatchNeed,
  type Matched,
  matchOutline,
  matchWhole,
  NO_HINTS,
  unmatched,
} from '../match-batch.js';
import type { Snapshot } from '../snapshot.js';
import { createSnapshotShelf, type Facts, type FactsName, patchedSnapshot } from '../snapshot-shelf.js';
import { createWorkspace } from '../workspace.js';
import { followCount } from './count-problem.js';
import { type CountedNeeds, createCountedNeeds } from './counted-needs.js';
import { createNeedIndex, type NeedIndex, type StageCounts } from './need-index.js';

/** The next facts of an index. */
export interface ShardMove {
  readonly epoch: string;
  /** Where it stands. */
  readonly fromId: string;
  readonly facts: FactsName;
  /** Parks that changed, and their rows. */
  readonly parks: readonly Park[];
  readonly rows: readonly number[];
}

/** What a change of facts can touch among the needs of a shard. */
export interface ShardMoved {
  /** Needs that the change before this one touched: their labels were still in doubt. */
  readonly late: readonly string[];
  readonly touched: readonly string[];
  /** Needs whose labels are still to be weighed. */
  readonly doubtful: number;
  readonly counts: StageCounts;
}

/** Labels that were weighed: needs the change can touch, and how many are still in doubt. */
export interface Weighed {
  readonly touched: readonly string[];
  readonly doubtful: number;
}

/**
 * A share of the open needs in one thread: matches them and holds them against the facts of an index, which is known by
 * its epoch. What it holds may be lost with its thread; then it says so.
 */
export interface NeedShard {
  /** Begins a new index at these facts, whatever was held before. False where it has to be asked again with the facts. */
  begin(epoch: string, name: FactsName, facts: Facts | null): boolean;
  /**
   * Matches needs one after the other; the index of the batch's epoch takes in the answers. `facts`: to be asked again
   * with the facts; `lost`: a need of which only the id was given is not held here.
   * @param handOver what becomes of each answer, at once: whole results are large, and are let go of one by one.
   */
  match<T>(batch: Batch, facts: Facts | null, handOver: (answer: BatchAnswer) => T): readonly T[] | 'facts' | 'lost';
  /** Moves the index on. Null where it is lost. */
  move(move: ShardMove): ShardMoved | null;
  /** Weighs some of the labels the last move left in doubt. Null where the index is lost. */
  weigh(epoch: string, atMost: number): Weighed | null;
  /** Drops needs from the index. */
  forget(epoch: string, needIds: readonly string[]): void;
}

interface Epoch {
  readonly name: string;
  readonly index: NeedIndex;
  readonly counted: CountedNeeds;
  readonly versions: Map<string, number>;
  /** Where the index stands. */
  snapshot: Snapshot;
}

function newEpoch(name: string, snapshot: Snapshot): Epoch {
  const index = createNeedIndex(snapshot);
  return { name, index, counted: createCountedNeeds(), versions: new Map(), snapshot };
}

/** Makes a shard that holds nothing. One for each thread. */
export function createNeedShard(): NeedShard {
  const shelf = createSnapshotShelf();
  let current: Epoch | null = null;
  let work = createWorkspace(0);

  const epochOf = (name: string | null): Epoch | null => (name !== null && current?.name === name ? current : null);

  /** The index's answer to a batch at the facts it stands at. */
  function hintsFor(epoch: Epoch | null, snapshot: Snapshot, { needId, version }: BatchNeed) {
    if (epoch === null || epoch.snapshot !== snapshot) return NO_HINTS;
    return { earlier: epoch.counted.earlier(needId, version), count: epoch.index.countOf(needId) };
  }

  function matchOne(epoch: Epoch | null, snapshot: Snapshot, one: BatchNeed, batch: Batch): Matched | null {
    const { needId, version, asked } = one;
    const hints = hintsFor(epoch, snapshot, one);
    if (asked !== null && batch.kind === 'whole') return matchWhole(snapshot, one, asked, batch, work, hints);
    const held = epoch?.versions.get(needId) === version ? epoch.index.compiledOf(needId) : null;
    if (held === null && asked === null) return null;
    if (asked !== null && !snapshot.frame.countyRow.has(asked.need.firm.countyAdcode)) return unmatched(needId);
    const compiled = held ?? (asked === null ? null : compileNeed(snapshot.frame, asked.need, asked.text));
    return compiled === null ? null : matchOutline(snapshot, one, compiled, batch, work, hints);
  }

  /** One need must not keep the others of its batch, and later ones, from being matched. */
  function matchOrLeave(epoch: Epoch | null, snapshot: Snapshot, one: BatchNeed, batch: Batch): Matched | null {
    try {
      return matchOne(epoch, snapshot, one, batch);
    } catch {
      return unmatched(one.needId);
    }
  }

  function drop({ index, counted, versions }: Epoch, needId: string): void {
    index.remove(needId);
    counted.forget(needId);
    versions.delete(needId);
  }

  function takeIn(epoch: Epoch, { needId, version }: BatchNeed, { placed }: Matched): void {
    if (placed === null) {
      drop(epoch, needId);
      return;
    }
    const { index, counted, versions } = epoch;
    const { compiled, standing, contenders } = placed;
    if (versions.get(needId) !== version || !index.putAgain(needId, standing)) index.put(needId, compiled, standing);
    versions.set(needId, version);
    if (contenders !== null) counted.counted(needId, version, contenders);
  }

  return {
    begin(epoch, name, facts) {
      const snapshot = shelf.take(name, facts);
      if (snapshot === null) return false;
      current = newEpoch(epoch, snapshot);
      return true;
    },
    match<T>(batch: Batch, facts: Facts | null, handOver: (answer: BatchAnswer) => T) {
      const snapshot = shelf.take(batch.facts, facts);
      if (snapshot === null) return 'facts';
      if (work.size !== snapshot.size) work = createWorkspace(snapshot.size);
      const epoch = epochOf(batch.epoch);
      const answers: T[] = [];
      for (const one of batch.needs) {
        const matched = matchOrLeave(epoch, snapshot, one, batch);
        if (matched === null) return 'lost';
        if (epoch !== null) takeIn(epoch, one, matched);
        answers.push(handOver(matched.answer));
      }
      return answers;
    },
    move({ epoch: name, fromId, facts, parks, rows }) {
      const epoch = epochOf(name);
      if (epoch === null || epoch.snapshot.id !== fromId) return null;
      const { index, counted, snapshot: before } = epoch;
      const after = patchedSnapshot(before, parks, facts.snapshotId);
      shelf.put(facts, after);
      const late = index.weigh();
      const touched = index.affectedAtOnce(before, after, rows);
      counted.step(rows);
      epoch.snapshot = after;
      return { late, touched, doubtful: index.doubtful, counts: index.counts };
    },
    weigh(name, atMost) {
      const index = epochOf(name)?.index;
      if (index === undefined) return null;
      const touched = index.doubts(atMost).filter((doubt) => index.weighed(doubt, followCount(doubt.problem)));
      return { touched: touched.map(({ needId }) => needId), doubtful: index.doubtful };
    },
    forget(name, needIds) {
      const epoch = epochOf(name);
      if (epoch !== null) for (const needId of needIds) drop(epoch, needId);
    },
  };
}

/** The shard a need belongs to: FNV-1a of its id (Fowler, Noll, Vo), modulo their number. */
export function shardOf(needId: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < needId.length; at += 1) hash = Math.imul(hash ^ needId.charCodeAt(at), 0x01000193) >>> 0;
  return hash % shards;
}
