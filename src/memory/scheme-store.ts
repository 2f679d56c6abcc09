import type { Change } from '../domain/change.js';
import { type Scheme, schemeRef } from '../domain/scheme.js';
import type { SchemeStore } from '../ports/scheme-store.js';
import { MemoryOutbox } from './outbox.js';

/** Keeps schemes in this process. Hands out copies, so that nobody can change what is kept. */
export class MemorySchemeStore implements SchemeStore {
  readonly outbox = new MemoryOutbox(({ object }) => schemeRef(object));
  readonly #schemes = new Map<string, Scheme>();

  async insert(scheme: Scheme, changes: readonly Change[]): Promise<boolean> {
    const ref = schemeRef(scheme);
    if (this.#schemes.has(ref)) return false;
    this.#schemes.set(ref, structuredClone(scheme));
    this.outbox.push(ref, changes);
    return true;
  }

  async get(ref: string): Promise<Scheme | null> {
    return structuredClone(this.#schemes.get(ref) ?? null);
  }

  async all(): Promise<readonly Scheme[]> {
    const ordered = [...this.#schemes.values()].sort((left, right) =>
      left.id === right.id ? left.version - right.version : left.id < right.id ? -1 : 1,
    );
    return structuredClone(ordered);
  }
}
