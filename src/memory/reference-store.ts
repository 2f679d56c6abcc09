import type { ReferenceData } from '../domain/reference.js';
import type { ReferenceStore } from '../ports/reference-store.js';

/** Keeps one edition of the reference data in this process. */
export class MemoryReferenceStore implements ReferenceStore {
  #current: { readonly edition: string; readonly data: ReferenceData } | null = null;

  async edition(): Promise<string | null> {
    return this.#current?.edition ?? null;
  }

  async load(): ReturnType<ReferenceStore['load']> {
    return structuredClone(this.#current);
  }

  async publish(edition: string, data: ReferenceData): Promise<{ readonly changed: boolean }> {
    if (this.#current?.edition === edition) return { changed: false };
    this.#current = structuredClone({ edition, data });
    return { changed: true };
  }
}
