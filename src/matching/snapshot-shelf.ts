import type { Park } from '../domain/park.js';
import type { IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';
import { compileFrame } from './frame.js';
import { compileSnapshot, type Snapshot } from './snapshot.js';

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

interface Held {
  readonly name: FactsName;
  readonly snapshot: Snapshot;
}

/** Snapshots kept: that of the newest facts, and one of which results are still made whole. */
const KEPT = 2;

/** The snapshots compiled last. */
export interface SnapshotShelf {
  /** Null where it is not there and the facts are not given: ask again with them. */
  take(name: FactsName, facts: Facts | null): Snapshot | null;
  /** Keeps a snapshot that was compiled elsewhere. */
  put(name: FactsName, snapshot: Snapshot): void;
}

/** Makes an empty shelf. */
export function createSnapshotShelf(): SnapshotShelf {
  /** The one used last stands first. */
  let kept: readonly Held[] = [];

  function keep(held: Held): Snapshot {
    kept = [held, ...kept.filter((one) => one !== held)].slice(0, KEPT);
    return held.snapshot;
  }

  const find = (snapshotId: string) => kept.find(({ name }) => name.snapshotId === snapshotId);

  return {
    take(name, facts) {
      const there = find(name.snapshotId);
      if (there !== undefined) return keep(there);
      if (facts === null) return null;
      const near = kept.find((one) => one.name.frameKey === name.frameKey);
      const frame = near?.snapshot.frame ?? compileFrame(facts.reference, facts.parks, facts.today);
      return keep({ name, snapshot: compileSnapshot(frame, facts.parks, name.snapshotId) });
    },
    put(name, snapshot) {
      keep({ name, snapshot });
    },
  };
}

/** The snapshot that comes of another in its frame by taking over these parks. */
export function patchedSnapshot(before: Snapshot, parks: readonly Park[], id: string): Snapshot {
  const changed = new Map(parks.map((park) => [park.id, park]));
  const all = before.parks.map((park) => changed.get(park.id) ?? park);
  return compileSnapshot(before.frame, all, id, before);
}
