import type { Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import type { StoredNeed } from '../domain/need.js';
import { decodeCursor, encodeCursor } from '../ports/cursor.js';
import type { NeedStore } from '../ports/need-store.js';
import { MemoryOutbox } from './outbox.js';

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Keeps needs in this process. Hands out copies, so that nobody can change what is kept. */
export class MemoryNeedStore implements NeedStore {
  readonly outbox = new MemoryOutbox();
  readonly #needs = new Map<string, StoredNeed>();

  async insert(need: StoredNeed, changes: readonly Change[]): ReturnType<NeedStore['insert']> {
    const existing = this.#needs.get(need.id);
    if (existing !== undefined) return { inserted: false, existing: structuredClone(existing) };
    this.#needs.set(need.id, structuredClone(need));
    this.outbox.push(need.id, changes);
    return { inserted: true };
  }

  async get(id: string): Promise<StoredNeed | null> {
    const need = this.#needs.get(id);
    return need === undefined ? null : structuredClone(need);
  }

  async replace(
    need: StoredNeed,
    expectedVersion: number,
    changes: readonly Change[],
  ): ReturnType<NeedStore['replace']> {
    const current = this.#needs.get(need.id);
    if (current === undefined) return { outcome: 'missing' };
    if (current.version !== expectedVersion) return { outcome: 'stale', currentVersion: current.version };
    this.#needs.set(need.id, structuredClone(need));
    this.outbox.push(need.id, changes);
    return { outcome: 'replaced' };
  }

  async list(countyAdcode: Adcode | null, cursor: string | null, limit: number): ReturnType<NeedStore['list']> {
    const after = cursor === null ? null : decodeCursor(cursor);
    const newestFirst = [...this.#needs.values()].sort(
      (left, right) => byText(right.createdAt, left.createdAt) || byText(right.id, left.id),
    );
    const rest = newestFirst.filter(
      ({ id, createdAt, need }) =>
        (countyAdcode === null || need.firm.countyAdcode === countyAdcode) &&
        (after === null || createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id)),
    );
    const items = rest.slice(0, limit).map((need) => structuredClone(need));
    const last = items.at(-1);
    return { items, nextCursor: rest.length > limit && last !== undefined ? encodeCursor(last) : null };
  }

  async settle(id: string, version: number, outcome: Parameters<NeedStore['settle']>[2]): Promise<boolean> {
    const need = this.#needs.get(id);
    if (need === undefined || need.version !== version) return false;
    if (outcome.status === 'failed' && need.matching.status === 'ready') return false;
    const matching =
      outcome.status === 'ready'
        ? { status: outcome.status, resultId: outcome.resultId, failure: null }
        : { status: outcome.status, resultId: null, failure: outcome.failure };
    this.#needs.set(id, { ...need, matching });
    return true;
  }

  async pending(before: string, limit: number): ReturnType<NeedStore['pending']> {
    return [...this.#needs.values()]
      .filter((need) => need.matching.status === 'pending' && need.updatedAt < before)
      .sort((left, right) => byText(left.updatedAt, right.updatedAt) || byText(left.id, right.id))
      .slice(0, limit)
      .map((need) => ({ needId: need.id, version: need.version }));
  }
}
