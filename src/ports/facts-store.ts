import type { Park } from '../domain/park.js';
import type { IsoDate } from '../domain/provenance.js';
import type { ReferenceData } from '../domain/reference.js';

/** All that a snapshot was compiled from; the reference data by the name of its edition. */
export interface SnapshotFacts {
  readonly snapshotId: string;
  readonly edition: string;
  readonly today: IsoDate;
  /** In the order of the snapshot's rows, with what they could give: inventory less holds. */
  readonly parks: readonly Park[];
}

/** Results of one snapshot that may be outlines only. */
export interface OutlineNote {
  readonly id: string;
  readonly snapshotId: string;
  readonly resultIds: readonly string[];
}

/**
 * Keeps the facts of snapshots for as long as some result of theirs is an outline only, and which results those are: so
 * that they can be made whole by anybody at any time. Raises `storeUnavailable` when the store is away.
 */
export interface FactsStore {
  /** Keeps an edition of the reference data; the same name again changes nothing but that it is now the newest. */
  putEdition(edition: string, data: ReferenceData): Promise<void>;
  edition(edition: string): Promise<ReferenceData | null>;
  /**
   * Keeps the facts of a snapshot; the same snapshot again changes nothing.
   * @param base facts kept already, of the same parks in the same order: a park that is the same object there need not
   *   be written again. They are kept for as long as these are.
   */
  putFacts(facts: SnapshotFacts, base?: SnapshotFacts | null): Promise<void>;
  facts(snapshotId: string): Promise<SnapshotFacts | null>;
  /** Notes results before they are put as outlines; the same id again changes nothing. */
  note(note: OutlineNote): Promise<void>;
  /** Oldest first, up to `limit`. */
  notes(limit: number): Promise<readonly OutlineNote[]>;
  /** All results of the note are whole. */
  settled(noteId: string): Promise<void>;
  /**
   * Forgets facts of snapshots that no note names, that are not among `keep` and no base of any that stay, and editions
   * no facts name but the newest. For the process that writes them: facts that are not noted yet, or will be a base, must
   * be among `keep`.
   * @returns how many facts and editions.
   */
  tidy(keep: readonly string[]): Promise<number>;
}
