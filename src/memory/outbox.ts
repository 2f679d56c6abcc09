import type { Change } from '../domain/change.js';
import type { Outbox } from '../ports/outbox.js';

/**
 * The outboxes of one store in this process. The store calls `push` in the same turn as it changes the object.
 * Hands out copies.
 */
export class MemoryOutbox implements Outbox {
  readonly #waiting = new Map<string, readonly Change[]>();
  readonly #documentIdOf: (change: Change) => string;

  /** `documentIdOf` gives the id of the document a change stands in, where that is not the changed object. */
  constructor(documentIdOf: (change: Change) => string = ({ object }) => object.id) {
    this.#documentIdOf = documentIdOf;
  }

  /** Puts changes behind those that wait in the document. */
  push(documentId: string, changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#waiting.set(documentId, [...(this.#waiting.get(documentId) ?? []), ...structuredClone(changes)]);
  }

  async of(objectIds: readonly string[]): Promise<readonly Change[]> {
    return structuredClone([...new Set(objectIds)].flatMap((id) => this.#waiting.get(id) ?? []));
  }

  async waiting(limit: number): Promise<readonly string[]> {
    return [...this.#waiting.keys()].slice(0, limit);
  }

  async remove(changes: readonly Change[]): Promise<void> {
    for (const change of changes) {
      const documentId = this.#documentIdOf(change);
      const rest = (this.#waiting.get(documentId) ?? []).filter(({ id }) => id !== change.id);
      if (rest.length === 0) this.#waiting.delete(documentId);
      else this.#waiting.set(documentId, rest);
    }
  }
}
