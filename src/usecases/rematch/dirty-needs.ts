import type { FactChange } from '../../domain/rematch.js';

/** Why a need is to be matched anew: the facts that changed since its answer, in the order of the looks that saw them. */
export type Reasons = readonly (readonly FactChange[])[];

/** Needs to be matched anew. Those a change may touch come before those that are only looked at again. */
export interface DirtyNeeds {
  readonly size: number;
  /** A change of facts may touch it: soon. */
  touched(needId: string, changes: readonly FactChange[]): void;
  /** To be looked at when there is time. */
  unsure(needId: string, changes: readonly FactChange[]): void;
  reasonsOf(needId: string): Reasons;
  isTouched(needId: string): boolean;
  done(needId: string): void;
  clear(): void;
  /** Up to so many, the touched ones first; those of `except` are left out. */
  first(count: number, except: ReadonlySet<string>): readonly string[];
  /** Needs that wait because of a change. */
  readonly touchedCount: number;
}

export function createDirtyNeeds(): DirtyNeeds {
  const touched = new Map<string, Reasons>();
  const unsure = new Map<string, Reasons>();
  const reasonsOf = (needId: string): Reasons => touched.get(needId) ?? unsure.get(needId) ?? [];
  const withMore = (needId: string, changes: readonly FactChange[]): Reasons =>
    changes.length === 0 ? reasonsOf(needId) : [...reasonsOf(needId), changes];

  return {
    get size() {
      return touched.size + unsure.size;
    },
    get touchedCount() {
      return touched.size;
    },
    touched(needId, changes) {
      const reasons = withMore(needId, changes);
      unsure.delete(needId);
      touched.set(needId, reasons);
    },
    unsure(needId, changes) {
      (touched.has(needId) ? touched : unsure).set(needId, withMore(needId, changes));
    },
    reasonsOf,
    isTouched: (needId) => touched.has(needId),
    done(needId) {
      touched.delete(needId);
      unsure.delete(needId);
    },
    clear() {
      touched.clear();
      unsure.clear();
    },
    first(count, except) {
      const picked: string[] = [];
      for (const needs of [touched, unsure]) {
        for (const id of needs.keys()) {
          if (picked.length >= count) return picked;
          if (!except.has(id)) picked.push(id);
        }
      }
      return picked;
    },
  };
}
