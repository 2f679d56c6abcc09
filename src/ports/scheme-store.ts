import type { Change } from '../domain/change.js';
import type { Scheme } from '../domain/scheme.js';

/** Keeps every version of every scheme; versions are written once. Raises `storeUnavailable` when the store is away. */
export interface SchemeStore {
  /** False where the version exists. */
  insert(scheme: Scheme, changes: readonly Change[]): Promise<boolean>;
  /** By `id@version`. */
  get(ref: string): Promise<Scheme | null>;
  /** All versions, by id and version. */
  all(): Promise<readonly Scheme[]>;
}
