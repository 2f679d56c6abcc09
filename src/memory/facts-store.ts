import type { ReferenceData } from '../domain/reference.js';
import type { FactsStore, OutlineNote, SnapshotFacts } from '../ports/facts-store.js';

/** Keeps the facts of snapshots in this process. Hands out copies. */
export class MemoryFactsStore implements FactsStore {
  /** The newest last. */
  readonly #editions = new Map<string, ReferenceData>();
  readonly #facts = new Map<string, SnapshotFacts>();
  /** Snapshots that facts were put on. */
  readonly #bases = new Map<string, string>();
  /** Oldest first. */
  readonly #notes = new Map<string, OutlineNote>();

  async putEdition(edition: string, data: ReferenceData): Promise<void> {
    const kept = this.#editions.get(edition) ?? structuredClone(data);
    this.#editions.delete(edition);
    this.#editions.set(edition, kept);
  }

  async edition(edition: string): Promise<ReferenceData | null> {
    return structuredClone(this.#editions.get(edition) ?? null);
  }

  async putFacts(facts: SnapshotFacts, base?: SnapshotFacts | null): Promise<void> {
    if (this.#facts.has(facts.snapshotId)) return;
    this.#facts.set(facts.snapshotId, structuredClone(facts));
    if (base !== undefined && base !== null) this.#bases.set(facts.snapshotId, base.snapshotId);
  }

  async facts(snapshotId: string): Promise<SnapshotFacts | null> {
    return structuredClone(this.#facts.get(snapshotId) ?? null);
  }

  async note(note: OutlineNote): Promise<void> {
    if (!this.#notes.has(note.id)) this.#notes.set(note.id, structuredClone(note));
  }

  async notes(limit: number): Promise<readonly OutlineNote[]> {
    return structuredClone([...this.#notes.values()].slice(0, limit));
  }

  async settled(noteId: string): Promise<void> {
    this.#notes.delete(noteId);
  }

  async tidy(keep: readonly string[]): Promise<number> {
    const kept = new Set([...keep, ...[...this.#notes.values()].map(({ snapshotId }) => snapshotId)]);
    for (const snapshotId of [...kept]) kept.add(this.#bases.get(snapshotId) ?? snapshotId);
    const facts = [...this.#facts.keys()].filter((snapshotId) => !kept.has(snapshotId));
    for (const snapshotId of facts) {
      this.#facts.delete(snapshotId);
      this.#bases.delete(snapshotId);
    }
    const named = new Set([...this.#facts.values()].map(({ edition }) => edition));
    const older = [...this.#editions.keys()].slice(0, -1);
    const editions = older.filter((edition) => !named.has(edition));
    for (const edition of editions) this.#editions.delete(edition);
    return facts.length + editions.length;
  }
}
