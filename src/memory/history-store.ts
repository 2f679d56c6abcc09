import type { HistoryEntry } from '../domain/rematch.js';
import { HISTORY_PAGE_MAX, type HistoryStore, historyCursor, positionOfHistoryCursor } from '../ports/history-store.js';
import type { Page } from '../ports/need-store.js';

/** Keeps the history of needs in this process. Hands out copies. */
export class MemoryHistoryStore implements HistoryStore {
  readonly #entries = new Map<string, HistoryEntry[]>();

  async append(entry: HistoryEntry): Promise<boolean> {
    const entries = this.#entries.get(entry.needId) ?? [];
    const there = entries[entry.position - 1];
    if (there !== undefined) return there.toResultId === entry.toResultId;
    entries[entry.position - 1] = structuredClone(entry);
    this.#entries.set(entry.needId, entries);
    return true;
  }

  async appendMany(entries: readonly HistoryEntry[]): Promise<readonly boolean[]> {
    return Promise.all(entries.map((entry) => this.append(entry)));
  }

  async last(needId: string): Promise<HistoryEntry | null> {
    return structuredClone(this.#entries.get(needId)?.at(-1) ?? null);
  }

  async list(needId: string, cursor: string | null, limit: number): Promise<Page<HistoryEntry>> {
    const before = cursor === null ? Number.POSITIVE_INFINITY : positionOfHistoryCursor(cursor);
    const rest = (this.#entries.get(needId) ?? []).filter(({ position }) => position < before).toReversed();
    const items = structuredClone(rest.slice(0, Math.min(limit, HISTORY_PAGE_MAX)));
    const last = items.at(-1);
    return { items, nextCursor: rest.length > items.length && last !== undefined ? historyCursor(last) : null };
  }
}
